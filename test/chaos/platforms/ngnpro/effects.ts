import { operationOf, stepOf, subscriberOf, type Case } from '../../audit/evidence.ts';
import { standingOf, type Change, type Effect, type Made, type Row } from '../../audit/things.ts';
import type { OperationBody } from '../../orders.ts';
import type { StepSeen } from '../../seen.ts';
import type { Leftovers } from './left.ts';
import { KEPT } from './spares.ts';
import { accountOf, groupCell, KEYS, mappingsText, propertyCell, rulesText, setOf } from './things.ts';
import { changesOfSubscriber, customerIdOf, madeForSubscriber, newCustomer } from './wanted.ts';

export function effectsOf(cases: readonly Case[], leftovers: Leftovers): Effect[] {
  const before = new Set(
    [leftovers.strangers, leftovers.regulars, leftovers.wards].flat().map(({ account }) => account),
  );
  return cases.flatMap((one) => one.order.steps.map((step) => effectOf(one, step, leftovers, before)));
}

function effectOf(one: Case, step: StepSeen, leftovers: Leftovers, before: ReadonlySet<string>): Effect {
  const effect: Effect = { one, step, stands: standingOf(one, step), makes: [], removes: [], changes: [] };
  const { body } = one.entry;
  const subscriber = subscriberOf(one, step.item);
  if (subscriber) {
    const account = accountOf({ ...subscriber });
    const isOwn = stepOf(one, `${step.item}.subscriber`)?.outcome === 'created';
    // A new subscriber is made with most of what later steps then find as it should be.
    const stands = isOwn && step.state === 'done' ? 'yes' : effect.stands;
    const members = changesOfSubscriber(subscriber, step.kind, isOwn);
    const changes = members ? [{ key: KEYS.account(account), members }] : [];
    const made = effect.stands === 'no' && step.state === 'done' ? [] : madeForSubscriber(one, subscriber, step);
    // Of somebody who was there before the mailbox was there too.
    const isThere = (key: string): boolean => key.startsWith('mailbox') && before.has(account);
    return {
      ...effect,
      stands,
      makes: made.filter(({ key }) => !isThere(key)),
      changes: [...changes, ...made.filter(({ key }) => isThere(key))],
    };
  }
  const operation = operationOf(one, step.item);
  if (operation) return { ...effect, ...ofOperation(operation, step, leftovers) };
  if (step.kind === 'customer') return { ...effect, makes: [newCustomer(body.customer!, step)] };
  if (step.kind !== 'domains') return effect;
  const { domains = [] } = (body.customer?.native ?? {}) as { domains?: readonly Row[] };
  const members = { customer: customerIdOf(one) };
  return {
    ...effect,
    makes: domains.map((domain) => ({
      key: KEYS.domain(domain['domain']),
      members: { ...domain, ...members },
      id: null,
    })),
  };
}

const idOf = (step: StepSeen): unknown => Object.values(step.result ?? {})[0] ?? null;

type Work = Partial<Pick<Effect, 'makes' | 'removes' | 'changes'>>;

function ofOperation({ service, operation, args }: OperationBody, step: StepSeen, leftovers: Leftovers): Work {
  const spare = leftovers.spares.find((one) => one.operation === operation && isEqual(one.args, args));
  if (spare) return { removes: [spare.thing] };
  const row = (name: string): Row => (args[name] ?? {}) as Row;
  const made = (key: string, members: Row, id: unknown = null): Work => ({
    makes: [{ key, members, id }] satisfies Made[],
  });
  const change = (key: string, members: Row): Work => ({ changes: [{ key, members }] satisfies Change[] });
  const ofAccount = (): string => KEYS.account(accountOf(row('sipId')));
  const { id: named, ...members } = row('account');
  switch (`${service}.${operation}`) {
    case 'SipPort.addCarrier':
      return made(KEYS.carrier(row('carrier')['name']), row('carrier'), idOf(step));
    case 'SipPort.addGateway':
      return made(KEYS.gateway(row('gateway')['name']), row('gateway'), idOf(step));
    case 'SipPort.addGatewayRule':
      return made(KEYS.rule(row('rule')), row('rule'), idOf(step));
    case 'SipPort.addRoutes':
      return {
        makes: (args['routes'] as Row[]).map((route) => ({ key: KEYS.route(route), members: route, id: null })),
      };
    case 'SipPort.addTrustedPeer':
      return made(KEYS.peer(row('peer')['ip']), row('peer'));
    case 'SipPort.addDomain':
      return made(KEYS.domain(row('domain')['domain']), row('domain'));
    case 'SipPort.addAccount': {
      const { groups, properties, password: _password, ...plain } = members;
      return made(KEYS.account(accountOf(named as Row)), { ...plain, ...cellsOf({ groups, properties }) });
    }
    case 'SipPort.addAlias': {
      const { id, target } = row('alias');
      return made(KEYS.alias(accountOf(id as Row)), { target: accountOf(target as Row) });
    }
    case 'SipPort.addPhonebookEntry':
      return made(KEYS.entry(row('entry')['uri'], accountOf(row('sipId'))), row('entry'));
    case 'EnumPort.addRange':
      return made(rangeKey(row('range')), plainOf(row('range')));
    case 'EnumPort.addNumber':
      return made(numberKey(row('number')), numberMembers(row('number')));
    case 'CustomerPort.addAccount': {
      const { password: _password, ...plain } = members;
      return made(KEYS.customer(members['username']), plain, idOf(step));
    }
    case 'DnsPort.addZone': {
      const { nameservers, ...plain } = row('zone');
      return made(KEYS.zone(plain['name']), { ...plain, nameservers: setOf(nameservers) });
    }
    case 'DnsPort.addRecord':
    case 'DnsPort.addFancyRecord':
      return made(KEYS.record(row('record')), row('record'), idOf(step));

    case 'SipPort.updateAccount':
      return change(KEYS.account(accountOf(named as Row)), members);
    case 'SipPort.setCallDiversions':
      return change(ofAccount(), { ...NO_DIVERSIONS, ...row('diversions') });
    case 'SipPort.setAcceptRules':
      return change(ofAccount(), { acceptRules: rulesText(row('rules')) });
    case 'SipPort.setRejectMembers':
      return change(ofAccount(), { rejectMembers: setOf(args['members']) });
    case 'SipPort.setBarringPrefixes':
      return change(ofAccount(), { barringPrefixes: setOf(args['prefixes']) });
    case 'SipPort.addToGroup':
      return change(ofAccount(), { [groupCell(String(args['group']))]: true });
    case 'SipPort.removeFromGroup':
      return change(ofAccount(), { [groupCell(String(args['group']))]: '' });
    case 'VoicemailPort.updateAccount': {
      const { sipId, ...more } = members;
      return change(KEYS.mailbox(accountOf(sipId as Row)), more);
    }
    case 'RatingPort.setEntityProfiles':
      return change(`profiles ${String(row('profiles')['entity'])}`, row('profiles'));
    case 'SipPort.updateDomain':
      return change(KEYS.domain(row('domain')['domain']), row('domain'));
    case 'SipPort.updateTrustedPeer':
      return change(KEYS.peer(row('peer')['ip']), row('peer'));
    case 'SipPort.updateGateway':
      return change(KEYS.gateway(KEPT.gateway), row('gateway'));
    case 'SipPort.updateGatewayRule':
      return change(KEYS.rule({ gateway_id: leftovers.kept.gatewayId, prefix: KEPT.rulePrefix }), row('rule'));
    case 'SipPort.updateRoutes': {
      const key = KEYS.route({ carrier_id: leftovers.kept.carrierId, prefix: KEPT.routePrefix });
      return change(key, (args['routes'] as Row[])[0]!);
    }
    case 'EnumPort.updateRange':
      return change(rangeKey(row('range')), plainOf(row('range')));
    case 'EnumPort.updateNumber':
      return change(numberKey(row('number')), numberMembers(row('number')));
    case 'CustomerPort.updateAccount':
      return change(KEYS.customer(KEPT.customer), members);
    case 'CustomerPort.setProperties':
      return change(KEYS.customer(KEPT.customer), cellsOf({ properties: args['properties'] }));
    case 'DnsPort.updateZone':
      return change(KEYS.zone(row('zone')['name']), row('zone'));
    case 'DnsPort.updateRecord':
      return change(KEYS.record(KEPT.record), row('record'));
    case 'SipPort.addBalanceFromVoucher': {
      const { id } = row('card');
      return change(`voucher ${String(id)}`, { usedBy: accountOf(row('sipId')) });
    }
    default:
      return {};
  }
}

const NO_DIVERSIONS = { FUNC: '', FBUS: '', FNOA: '', FNOL: '', FUNV: '' };

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Groups and properties as members of their own. */
function cellsOf({ groups = [], properties = [] }: { groups?: unknown; properties?: unknown }): Row {
  return Object.fromEntries([
    ...(groups as readonly string[]).map((name) => [groupCell(name), true]),
    ...(properties as readonly Row[]).map(({ name, value }) => [propertyCell(name), value]),
  ]) as Row;
}

const plainOf = ({ id: _id, ...members }: Row): Row => members;

function rangeKey({ id }: Row): string {
  const { prefix, tld } = id as Row;
  return KEYS.range(prefix, tld);
}

function numberKey({ id }: Row): string {
  const { number, tld } = id as Row;
  return KEYS.number(number, tld);
}

/** As the vendor's defaults are (ngnpro.md, EnumNumber). */
function numberMembers({ id: _id, mappings, ...members }: Row): Row {
  if (mappings === undefined) return members;
  const whole = (mappings as readonly Row[]).map((one) => ({ priority: 5, ttl: 3600, ...one }));
  return { ...members, mappings: mappingsText(whole) };
}
