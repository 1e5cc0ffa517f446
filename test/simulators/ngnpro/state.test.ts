import { afterEach, beforeEach, expect, it } from 'vitest';
import { addAlice, ALICE, array, startPorts, type Ports } from './ports.ts';

let ports: Ports;
beforeEach(async () => {
  ports = await startPorts();
});
afterEach(async () => {
  await ports.close();
});

const text = (): string => JSON.stringify(ports.state());
const number = {
  id: { number: '43987610001', tld: 'e164.arpa' },
  mappings: array({ type: 'sip', mapto: 'sip:alice@sip.example.com' }),
};

/** What is undone by making it again, written back as it was. */
const PAIRS = [
  [
    'a mailbox',
    'Voicemail',
    'deleteAccount',
    { sipId: ALICE },
    'addAccount',
    { account: { sipId: ALICE, password: '4711' } },
  ],
  ['an ENUM number', 'Enum', 'deleteNumber', { enumId: number.id }, 'addNumber', { number }],
  ['mappings', 'Enum', 'updateNumber', { number: { id: number.id } }, 'updateNumber', { number }],
  [
    'a zone',
    'Dns',
    'updateZone',
    { zone: { name: 'example.at', ttl: 60 } },
    'updateZone',
    { zone: { name: 'example.at' } },
  ],
  [
    'an account',
    'Sip',
    'deleteAccount',
    { sipId: { ...ALICE, username: 'aaron' } },
    'addAccount',
    { account: { id: { ...ALICE, username: 'aaron' }, password: 'x' } },
  ],
  ['a group', 'Sip', 'removeFromGroup', { sipId: ALICE, group: 'sms' }, 'addToGroup', { sipId: ALICE, group: 'sms' }],
] as const;

it.each(PAIRS)('is the same text once %s is as it was', async (_what, port, undo, undone, redo, redone) => {
  await addAlice(ports, { groups: array('sms', 'zebra') });
  await addAlice(ports, {
    id: { ...ALICE, username: 'aaron' },
    password: 'x',
    firstName: '',
    lastName: '',
    email: '',
    owner: 0,
  });
  await ports.call('Voicemail', 'addAccount', { account: { sipId: ALICE, password: '4711' } });
  await ports.call('Enum', 'addNumber', { number });
  await ports.call('Dns', 'addZone', { zone: { name: 'example.at' } });
  const before = text();
  await ports.call(port, undo, undone);
  expect(text()).not.toBe(before);
  await ports.call(port, redo, redone);
  expect(text()).toBe(before);
});

it('shows no time', async () => {
  await addAlice(ports);
  await ports.call('Sip', 'addBalance', { sipId: ALICE, value: 1, description: 'd' });
  await ports.call('Dns', 'addZone', { zone: { name: 'example.at' } });
  expect(text()).not.toMatch(/\d{4}-\d\d-\d\d|[cC]hange|serial|createDate/);
});
