import { describe, expect, it } from 'vitest';
import {
  checkOperations,
  OPERATION_SECRETS,
  OPERATIONS,
  planOperations,
} from '../../../src/platforms/ngnpro/operations/index.ts';
import { kindOf } from '../../../src/platforms/ngnpro/operations/spec.ts';
import { OPERATION_TABLE } from '../../../src/platforms/ngnpro/operations/table.ts';
import { ORDER_STEPS } from '../../../src/platforms/ngnpro/index.ts';
import type { JsonObject } from '../../../src/platforms/port.ts';
import {
  CERTIFICATE,
  CUSTOMER,
  ENTRY,
  FANCY,
  MAILBOX,
  NUMBER,
  NUMBER_ID,
  PEER,
  PRIVATE_KEY,
  RECORD,
  ZONE,
} from './operations-cases.ts';
import { DOMAIN, JOHN, newAccount } from './operations-lab.ts';

const order = (...operations: [call: string, args: object][]) => ({
  operations: operations.map(([call, args], index) => {
    const [service = '', operation = ''] = call.split('.');
    return { id: `o${index + 1}`, service, operation, args: args as JsonObject };
  }),
});

const pathsOf = (...operations: [call: string, args: object][]): string[] =>
  checkOperations(order(...operations)).map(({ path }) => path.join('.'));

const SIP_ID = { sipId: JOHN };

describe('checkOperations', () => {
  it('I12 tells every fault of every operation at once, each by its path', () => {
    const { password: _password, ...nameless } = newAccount(JOHN);
    expect(
      pathsOf(
        ['SipPort.addAccount', { account: { ...nameless, timeout: 901, colour: 'red', acl: [{ ip: 'host' }] } }],
        ['SipPort.addBalance', { ...SIP_ID, value: 0 }],
        ['SipPort.deleteCarrier', { id: '7' }],
        ['SipPort.nothing', {}],
        ['Sip.addAccount', {}],
      ).toSorted(),
    ).toEqual([
      'operations.0.args.account.acl.0.ip',
      'operations.0.args.account.colour',
      'operations.0.args.account.password',
      'operations.0.args.account.timeout',
      'operations.1.args.value',
      'operations.2.args.id',
      'operations.3.operation',
      'operations.4.operation',
    ]);
  });

  const account = newAccount(JOHN);
  it.each([
    [
      'SipPort.addAccount',
      { account: { ...account, id: { ...JOHN, username: '<autoincrement>' } } },
      'account.id.username',
    ],
    ['SipPort.addAccount', { account: { ...account, id: { ...JOHN, username: '50%' } } }, 'account.id.username'],
    ['SipPort.addAccount', { account: { ...account, customer: 7 } }, 'account.customer'],
    ['SipPort.addAccount', { account: { ...account, email: 'john' } }, 'account.email'],
    ['SipPort.updateAccount', { account: {} }, 'account.id'],
    ['SipPort.updateAccount', { account: { id: JOHN, password: null } }, 'account.password'],
    ['SipPort.addAlias', { alias: { id: JOHN } }, 'alias.target'],
    ['SipPort.deleteAlias', {}, 'id'],
    ['SipPort.addDomain', { domain: 'x.example' }, 'domain'],
    ['SipPort.addDomain', { domain: { domain: 'x.example', certificate: 'MIIB' } }, 'domain.certificate'],
    ['SipPort.deleteDomain', { domain: { domain: 'x.example' } }, 'domain'],
    ['SipPort.addTrustedPeer', { peer: { ...PEER, ip: 'pbx.example.net' } }, 'peer.ip'],
    ['SipPort.setCallDiversions', { ...SIP_ID, diversions: { FUNC: 'voicemail' } }, 'diversions.FUNC'],
    ['SipPort.setCallDiversions', { ...SIP_ID, diversions: { nocondition: 'empty' } }, 'diversions.nocondition'],
    ['SipPort.setBarringPrefixes', { ...SIP_ID, prefixes: ['+0900'] }, 'prefixes.0'],
    ['SipPort.setRejectMembers', { ...SIP_ID, members: ['john'] }, 'members.0'],
    [
      'SipPort.setAcceptRules',
      { ...SIP_ID, rules: { persistent: [{ start: '8:00', stop: '18:00', groups: ['x'], days: 1 }] } },
      'rules.persistent.0.start',
    ],
    ['SipPort.addGateway', { gateway: { name: 'x', carrier_id: 7, ip: '192.0.2.1', port: 70_000 } }, 'gateway.port'],
    ['SipPort.addGatewayRule', { rule: { gateway_id: 7, prefix: 'abc' } }, 'rule.prefix'],
    ['SipPort.addRoutes', { routes: [] }, 'routes'],
    ['SipPort.addRoutes', { routes: [{ carrier_id: 7 }, { carrier_id: 7 }] }, 'routes.1'],
    [
      'SipPort.updateRoutes',
      {
        routes: [
          { id: 7, priority: 1 },
          { id: 7, priority: 2 },
        ],
      },
      'routes.1',
    ],
    ['SipPort.deleteRoutes', { routes: [{ id: 7, priority: 1 }] }, 'routes.0.priority'],
    ['SipPort.addBalanceFromVoucher', { ...SIP_ID, card: { id: 1, number: 1_111_222_233 } }, 'card.number'],
    ['SipPort.addPhonebookEntry', { entry: ENTRY }, 'sipId'],
    ['VoicemailPort.addAccount', { account: { ...MAILBOX, password: 'abc' } }, 'account.password'],
    ['VoicemailPort.setAnnouncement', { ...SIP_ID, message: 'no base64!' }, 'message'],
    ['VoicemailPort.setAnnouncement', { ...SIP_ID, message: ['UklGRg', 'AAA'] }, 'message'],
    ['EnumPort.addNumber', { number: { ...NUMBER, id: { ...NUMBER_ID, number: '+43' } } }, 'number.id.number'],
    ['EnumPort.addNumber', { number: { ...NUMBER, mappings: [] } }, 'number.mappings'],
    [
      'EnumPort.addNumber',
      { number: { ...NUMBER, mappings: [{ type: 'sip', mapto: 'john' }] } },
      'number.mappings.0.mapto',
    ],
    ['EnumPort.deleteRange', { range: '43' }, 'range'],
    ['CustomerPort.addAccount', { account: { ...CUSTOMER, id: 7 } }, 'account.id'],
    ['CustomerPort.setProperties', { customer: 7, properties: [{ name: 'a' }, { name: 'a' }] }, 'properties'],
    ['DnsPort.addZone', { zone: { name: ZONE.name } }, 'zone.email'],
    ['DnsPort.addRecord', { record: { ...RECORD, type: 'a record' } }, 'record.type'],
    ['DnsPort.addFancyRecord', { record: { ...FANCY, type: 'A' } }, 'record.type'],
    ['RatingPort.setEntityProfiles', { profiles: { entity: 'john' } }, 'profiles.entity'],
    ['PresencePort.getPolicy', SIP_ID, 'password'],
    ['NetworkPort.getStatus', {}, ''],
  ])('%s %j: %s', (call, args, path) => {
    const at = path === '' ? 'operations.0.operation' : `operations.0.args.${path}`;
    expect([...new Set(pathsOf([call, args]))]).toEqual([at]);
  });

  it.each([
    [
      'SipPort.addDomain',
      { domain: { domain: 'x.example', certificate: `${CERTIFICATE} ${CERTIFICATE}`, private_key: PRIVATE_KEY } },
    ],
    ['SipPort.setCallDiversions', { ...SIP_ID, diversions: {} }],
    ['SipPort.setCallDiversions', { ...SIP_ID, diversions: { FUNC: '<voice-mailbox>' } }],
    ['SipPort.addTrustedPeer', { peer: { ...PEER, ip: '2001:db8::7' } }],
    ['VoicemailPort.setAnnouncement', { ...SIP_ID, message: 'UklGRgAAAAA=' }],
    ['DnsPort.addRecord', { record: { ...RECORD, name: `_sip._udp.${ZONE.name}`, type: 'SRV' } }],
  ])('%s takes %j', (call, args) => {
    expect(pathsOf([call, args])).toEqual([]);
  });
});

interface Shape {
  readonly shape?: Readonly<Record<string, Shape>>;
}

const SECRET = /^(?:password|private_key|authToken)$|pin$/i;

function secretPaths({ shape }: Shape, path: string): string[] {
  return Object.entries(shape ?? {}).flatMap(([name, member]) => {
    if (member.shape) return secretPaths(member, `${path}.${name}`);
    return SECRET.test(name) || (path.endsWith('.card') && name === 'number') ? [`${path}.${name}`] : [];
  });
}

describe('OPERATION_SECRETS', () => {
  const pathsIn = (args: unknown): string[] => secretPaths(args as Shape, 'operations.*.args');

  it('I8 has every argument that is a password, a PIN, a key, a token or the number of a voucher', () => {
    const named = OPERATION_TABLE.flatMap(({ args }) => pathsIn(args));
    expect([...new Set(named)].toSorted()).toEqual(OPERATION_SECRETS.toSorted());
  });

  it('I8 are opened for the steps that send one, and for no other', () => {
    const opening = OPERATION_TABLE.filter(({ step }) => step.opensSecrets);
    const taking = OPERATION_TABLE.filter(({ args }) => pathsIn(args).length > 0);
    expect(opening).toEqual(taking);
  });
});

describe('planOperations', () => {
  it('plans each after the one before; names that several ports have are told apart', () => {
    const plan = planOperations(
      order(
        ['SipPort.addAccount', { account: newAccount(JOHN) }],
        ['VoicemailPort.addAccount', { account: MAILBOX }],
        ['SipPort.deleteCarrier', { id: 7 }],
        ['SipPort.deleteAccount', SIP_ID],
      ),
      ['customer'],
    );
    expect(plan.map(({ id, kind, needs, class: stepClass }) => [id, kind, needs, stepClass])).toEqual([
      ['o1.sipAddAccount', 'sipAddAccount', ['customer'], 'compensatable'],
      ['o2.voicemailAddAccount', 'voicemailAddAccount', ['o1.sipAddAccount'], 'compensatable'],
      ['o3.deleteCarrier', 'deleteCarrier', ['o2.voicemailAddAccount'], 'compensatable'],
      ['o4.sipDeleteAccount', 'sipDeleteAccount', ['o3.deleteCarrier'], 'pivot'],
    ]);
    expect(new Set(plan.map(({ line }) => line))).toEqual(new Set(['operations']));
    expect(plan.map(({ title }) => title)).toEqual([
      'Make a SIP account: john',
      'Make a mailbox: john',
      'Remove a carrier: 7',
      'Remove a SIP account: john',
    ]);
  });

  it('has a kind of step for each, and none that a subscriber has', () => {
    const kinds = OPERATION_TABLE.map(kindOf);
    expect(new Set(kinds).size).toBe(Object.keys(OPERATIONS).length);
    expect(kinds.filter((kind) => kind in ORDER_STEPS)).toEqual([]);
  });

  it('I8 shows no secret', () => {
    const plan = planOperations(
      order(
        ['SipPort.addBalanceFromVoucher', { ...SIP_ID, card: { id: 1, number: '1111222233' } }],
        ['PresencePort.getPolicy', { ...SIP_ID, password: 'john-secret' }],
        ['SipPort.addDomain', { domain: { domain: DOMAIN, private_key: PRIVATE_KEY } }],
      ),
    );
    expect(JSON.stringify(plan)).not.toMatch(/1111222233|secret|PRIVATE/);
  });
});
