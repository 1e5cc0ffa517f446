import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect } from '../../src/platforms/ngnpro/client.ts';
import type { NgnproClient } from '../../src/platforms/ngnpro/types.ts';
import type { Connection } from '../../src/platforms/port.ts';
import { startLab, type Lab } from '../api/lab.ts';
import { settings } from '../platforms/ngnpro/fixture.ts';
import { useRedis } from '../setup/redis.ts';
import { audit, rowsOf } from './support.ts';

/* A platform that keeps a customer's subscribers by their owner, and numbers in two places. */

const DOMAIN = 'sip.example.com';
const ANA = { username: 'ana', domain: DOMAIN };
const redis = useRedis();
let lab: Lab;
let connection: Connection<NgnproClient>;
let others: NgnproClient;

beforeEach(async () => {
  lab = await startLab(redis, 'ngnpro');
  connection = connect(settings(lab.simulator.url));
  others = connection.bind({
    signal: new AbortController().signal,
    beforeCall: async () => {},
    afterCall: () => {},
  });
});
afterEach(async () => {
  await connection.close();
  await lab.close();
});

type Held = Record<string, Record<string, unknown>[]>;
const held = (): Held => lab.simulator.state() as Held;

async function provision(): Promise<void> {
  const subscriber = (username: string, number: string) => ({
    username,
    domain: DOMAIN,
    password: `Secret-of-${username}1`,
    number,
    aliases: [`${number.slice(0, -1)}9`],
    callForwards: { busy: { destinations: [{ to: 'sip:desk@other.example.com' }] } },
    preferences: { callLimit: 4, 'free-pstn': true, barringPrefixes: ['+43900'] },
    voicemail: { pin: '4711', email: 'box@example.com' },
    native: { region: 'vienna' },
  });
  const order = lab.order({
    customer: {
      externalId: 'C-1',
      contact: { firstName: 'Ana', lastName: 'Huber', email: 'ana@example.com', city: 'Wien' },
      billingProfile: 'default',
    },
    subscribers: [subscriber('ana', '+43987610000'), subscriber('rui', '+43987620000')],
  });
  await lab.until(await lab.place(order), 'completed');
}

test('what differs is told member by member and repaired; what nobody told Turnup is foreign', async () => {
  await provision();
  const SAME = { same: 3, differs: 0, missing: 0, foreign: 0, unknown: 0 };
  expect((await audit(lab, { customers: ['C-1'] })).counts).toEqual(SAME);

  const [customer] = held()['customers']!.filter(({ username }) => username === 'c-1');
  const owner = customer!['id'];
  await others.call('CustomerPort', 'updateAccount', { account: { ...customer, city: 'Graz' } });
  await others.call('SipPort', 'setCallDiversions', { sipId: ANA, diversions: { FBUS: 'sip:eve@evil.example.com' } });
  await others.call('SipPort', 'removeFromGroup', { sipId: ANA, group: 'free-pstn' });
  await others.call('SipPort', 'setBarringPrefixes', { sipId: ANA, prefixes: [] });
  await others.call('EnumPort', 'deleteNumber', { enumId: { number: '43987610000', tld: 'e164.arpa' } });
  await others.call('VoicemailPort', 'updateAccount', { account: { sipId: ANA, email: 'eve@evil.example.com' } });
  const extra = { id: { username: 'eve', domain: DOMAIN }, password: 'Zx9-kq!vB72mm', owner };
  await others.call('SipPort', 'addAccount', { account: extra });

  const found = await audit(lab);
  expect(rowsOf(found)).toMatchObject({
    // Each subscriber has a rate plan of its own: what the order told is not the customer's.
    '': { state: 'differs', members: ['customer.contact.city'] },
    ana: {
      state: 'differs',
      members: [
        'number',
        'voicemail.email',
        'callForwards.busy',
        'preferences.free-pstn',
        'preferences.barringPrefixes',
      ],
    },
    eve: { state: 'foreign' },
  });

  const repaired = await audit(lab, { repair: true });
  await lab.until(rowsOf(repaired)['ana']!.order!, 'completed');
  expect((await audit(lab)).counts).toEqual({ ...SAME, foreign: 1 });
  expect(held()['numbers']).toHaveLength(4);
});

test('who was suspended there, and whose account is gone', async () => {
  await provision();
  await others.call('SipPort', 'addToGroup', { sipId: ANA, group: 'blocked' });
  await others.call('SipPort', 'deleteAccount', { sipId: { username: 'rui', domain: DOMAIN } });
  expect(rowsOf(await audit(lab))).toMatchObject({
    ana: { state: 'differs', members: ['suspended'] },
    rui: { state: 'missing' },
  });
});
