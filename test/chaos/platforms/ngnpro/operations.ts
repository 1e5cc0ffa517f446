import type { Draft, Flaw, OperationBody, Secrets } from '../../orders.ts';
import type { Random } from '../../random.ts';
import { DOMAIN, RESELLER, TLD } from './hand.ts';
import type { Leftover, Leftovers, Spare } from './left.ts';
import { KEPT } from './spares.ts';

type Service = 'SipPort' | 'VoicemailPort' | 'EnumPort' | 'CustomerPort' | 'DnsPort' | 'RatingPort';

/** Cards of the stand-in's fresh data. */
const VOUCHERS = [
  { id: 1, number: '1111222233' },
  { id: 2, number: '4444555566' },
];

/** Draws the platform's own operations: what they make bears names of its own, what they change are the wards'. */
export function createOperations(random: Random, secrets: Secrets, leftovers: Leftovers) {
  const { strangers, wards, kept } = leftovers;
  const spares = leftovers.spares.filter(({ lasts }) => !lasts);
  const lasting = leftovers.spares.filter(({ lasts }) => lasts);
  const vouchers = [...VOUCHERS];
  let serial = 0;

  const next = (): string => String((serial += 1)).padStart(5, '0');
  const byte = (): number => random.int(1, 254);
  const ward = (): Leftover => random.pick(wards);
  const sipId = ({ username }: Pick<Leftover, 'username'>) => ({ username, domain: DOMAIN });
  const own = (name: string) => ({ username: name, domain: DOMAIN });
  const on = (service: Service, operation: string, args: Record<string, unknown>): OperationBody => ({
    service,
    operation,
    args,
  });
  const one = (draws: readonly (() => OperationBody)[]): OperationBody => random.pick(draws)();

  const carrier = (): OperationBody => on('SipPort', 'addCarrier', { carrier: { name: `carrier-${next()}` } });
  const number = (digits: string): OperationBody => {
    const mappings = [{ type: 'sip', mapto: `sip:${ward().account}`, priority: random.int(1, 9) }];
    return on('EnumPort', 'addNumber', { number: { id: { number: digits, tld: TLD }, info: 'by hand', mappings } });
  };
  const alias = (name: string): OperationBody =>
    on('SipPort', 'addAlias', { alias: { id: own(name), target: sipId(ward()) } });

  function makes(): OperationBody {
    const name = next();
    return one([
      carrier,
      () => number(`43910${name}`),
      () => alias(`extra.${name}`),
      () =>
        on('SipPort', 'addGateway', {
          gateway: { name: `gw-${name}`, carrier_id: kept.carrierId, ip: `10.9.${byte()}.${byte()}`, transport: 'tcp' },
        }),
      () => on('SipPort', 'addGatewayRule', { rule: { gateway_id: kept.gatewayId, prefix: `88${name}`, strip: 2 } }),
      () =>
        on('SipPort', 'addRoutes', {
          routes: Array.from({ length: random.int(1, 3) }, () => ({
            carrier_id: kept.carrierId,
            prefix: `77${next()}`,
            priority: random.int(1, 9),
          })),
        }),
      () =>
        on('SipPort', 'addTrustedPeer', {
          peer: { ip: `10.8.${byte()}.${byte()}`, description: `peer ${name}`, authToken: secrets.password('peer') },
        }),
      () => on('SipPort', 'addDomain', { domain: { domain: `op${name}.example.net`, customer: RESELLER } }),
      () =>
        on('SipPort', 'addAccount', {
          account: {
            id: own(`op.${name}`),
            password: secrets.password('op'),
            owner: ward().customerId,
            groups: ['free-pstn'],
            properties: [{ name: 'op', value: name }],
          },
        }),
      () =>
        on('SipPort', 'addPhonebookEntry', {
          sipId: sipId(ward()),
          entry: { uri: `sip:op${name}@example.org`, name: `Op & ${name}`, group: 'ops' },
        }),
      () =>
        on('EnumPort', 'addRange', {
          range: { id: { prefix: `88${name}`, tld: 'op.arpa' }, minDigits: 7, maxDigits: 15, info: `range ${name}` },
        }),
      () =>
        on('CustomerPort', 'addAccount', {
          account: {
            username: `op-${name}`,
            password: secrets.password('login'),
            firstName: 'Op',
            lastName: `Erator ${name}`,
            email: `op${name}@example.com`,
          },
        }),
      () =>
        on('DnsPort', 'addZone', {
          zone: { name: `op${name}.example.org`, email: 'dns@example.org', nameservers: ['ns1.example.org'] },
        }),
      () => on('DnsPort', 'addRecord', { record: record(`r${name}`) }),
      () =>
        on('DnsPort', 'addFancyRecord', {
          record: { zone: KEPT.zone, name: `f${name}.${KEPT.zone}`, type: 'URL', value: `https://example.org/${name}` },
        }),
    ]);
  }

  const record = (name: string) => ({
    zone: KEPT.zone,
    name: `${name}.${KEPT.zone}`,
    type: 'TXT',
    value: `text ${name}`,
    ttl: 300,
  });

  function changes(): OperationBody {
    const of = ward();
    const name = next();
    const entity = `subscriber://${of.account}`;
    return one([
      () =>
        on('SipPort', 'updateAccount', {
          account: { id: sipId(of), callLimit: random.int(4, 40), lastName: `N & ${name}`, region: `r${name}` },
        }),
      () =>
        on('SipPort', 'setCallDiversions', {
          sipId: sipId(of),
          diversions: random.chance(0.2) ? {} : { FUNC: `sip:op${name}@example.org`, FNOA: '<voice-mailbox>' },
        }),
      () =>
        on('SipPort', 'setAcceptRules', {
          sipId: sipId(of),
          rules: { persistent: [{ start: '09:00', stop: '18:00', groups: [`g${name}`], days: 31 }] },
        }),
      () => on('SipPort', 'setRejectMembers', { sipId: sipId(of), members: [`sip:bad${name}@example.org`] }),
      () => on('SipPort', 'setBarringPrefixes', { sipId: sipId(of), prefixes: [`+4391${random.int(1, 999)}`] }),
      () => on('SipPort', 'addToGroup', { sipId: sipId(of), group: `ops-${random.int(1, 3)}` }),
      () =>
        on('SipPort', 'removeFromGroup', { sipId: sipId(of), group: random.pick(['sms', `ops-${random.int(1, 3)}`]) }),
      () => on('VoicemailPort', 'updateAccount', { account: { sipId: sipId(of), info: `box ${name}` } }),
      () => on('RatingPort', 'setEntityProfiles', { profiles: { entity, profileWeekday: `plan-${name}` } }),
      () => on('SipPort', 'updateDomain', { domain: { domain: KEPT.domain, match_sip_domain: `m${name}` } }),
      () => on('SipPort', 'updateTrustedPeer', { peer: { ip: KEPT.peer, callLimit: random.int(5, 90) } }),
      () => on('SipPort', 'updateGateway', { gateway: { id: kept.gatewayId, port: random.int(5062, 5999) } }),
      () => on('SipPort', 'updateGatewayRule', { rule: { id: kept.ruleId, strip: random.int(1, 9) } }),
      () => on('SipPort', 'updateRoutes', { routes: [{ id: kept.routeId, priority: random.int(2, 99) }] }),
      () => on('EnumPort', 'updateRange', { range: { id: { prefix: KEPT.rangePrefix, tld: TLD }, info: `i${name}` } }),
      () => on('EnumPort', 'updateNumber', { number: { id: { number: KEPT.number, tld: TLD }, info: `n${name}` } }),
      () => on('CustomerPort', 'updateAccount', { account: { id: kept.customerId, city: `City ${name}` } }),
      () =>
        on('CustomerPort', 'setProperties', {
          customer: kept.customerId,
          properties: [{ name: random.pick(['floor', 'door']), value: name }],
        }),
      () => on('DnsPort', 'updateZone', { zone: { name: KEPT.zone, info: `z${name}` } }),
      () => on('DnsPort', 'updateRecord', { record: { id: kept.recordId, ttl: random.int(61, 999) } }),
    ]);
  }

  const credit = (): OperationBody =>
    on('SipPort', 'addBalance', {
      sipId: sipId(ward()),
      value: random.int(1, 400) / 4,
      ...(random.chance(0.5) && { description: `gift ${next()}` }),
    });

  const removalOf = ({ service, operation, args }: Spare): OperationBody => ({ service, operation, args });

  function taken(from: Spare[]): OperationBody[] {
    const [spare] = from.splice(random.int(0, from.length - 1), 1);
    return spare ? [removalOf(spare)] : [];
  }

  const nobody = () => own(`nobody.${next()}`);

  const failures: readonly (() => readonly [OperationBody, code: string, kind?: string])[] = [
    () => [alias(random.pick(strangers).numbers[0]!), 'TURNUP_NUMBER_TAKEN'],
    () => [number(`999${next()}`), 'TURNUP_TARGET_REJECTED'],
    () => [number(leftovers.published[0]!), 'TURNUP_NUMBER_TAKEN'],
    () => [on('SipPort', 'addBalance', { sipId: nobody(), value: 5 }), 'TURNUP_REFERENCE_UNKNOWN'],
    () => [
      on('SipPort', 'updateAccount', { account: { id: nobody(), callLimit: 2 } }),
      'TURNUP_REFERENCE_UNKNOWN',
      'sipUpdateAccount',
    ],
    () => [on('SipPort', 'addRoutes', { routes: [{ carrier_id: 99_999, prefix: '1' }] }), 'TURNUP_TARGET_REJECTED'],
    () => [on('SipPort', 'addTrustedPeer', { peer: { ip: KEPT.peer, tenant: 'mine' } }), 'TURNUP_OBJECT_TAKEN'],
    () => [on('SipPort', 'deleteCarrier', { id: kept.carrierId }), 'TURNUP_TARGET_REJECTED'],
    () => [on('RatingPort', 'setEntityProfiles', { profiles: nobodysPlan() }), 'TURNUP_REFERENCE_UNKNOWN'],
  ];

  const nobodysPlan = () => ({ entity: `subscriber://nobody.${next()}@${DOMAIN}`, profileWeekday: 'plan' });

  function some(): OperationBody[] {
    const many = random.int(1, 3);
    const all = Array.from({ length: many }, () => random.weigh([[5, makes] as const, [5, changes] as const])());
    const credits = random.chance(0.4) ? [credit(), ...(random.chance(0.3) ? [credit()] : [])] : [];
    return [...all, ...credits, ...(random.chance(0.4) ? taken(spares) : [])];
  }

  /** Held ones stand in the way of all others, and what they changed would be changed by others before its undo. */
  const never = ['leave', 'retry', 'release'] as const;

  return {
    carrier,
    never,
    /** Now and then what has no way back comes last. */
    sound: (): Draft => ({ operations: [...some(), ...(random.chance(0.15) ? taken(lasting) : [])], never }),
    failing(): Draft {
      const [bad, code, kind = bad.operation] = random.pick(failures)();
      const operations = some();
      const at = random.int(0, operations.length);
      const flaws: Flaw[] = [{ code, step: `o${at + 1}.${kind}` }];
      return {
        operations: operations.toSpliced(at, 0, bad),
        flaws,
        doomed: true,
        never,
        ...(random.chance(0.7) && { onFailure: 'undo' }),
      };
    },
    /** A card is good once: there is no way back. */
    voucher(): Draft {
      const card = vouchers.shift();
      const last = card ? on('SipPort', 'addBalanceFromVoucher', { sipId: sipId(ward()), card }) : credit();
      return { operations: [makes(), last], never };
    },
  };
}
