import { operationOf, stepOf, subscriberOf, subscribersOf, type Case } from '../../audit/evidence.ts';
import { standingOf, type Change, type Effect, type Made } from '../../audit/things.ts';
import type { OperationBody, SubscriberBody } from '../../orders.ts';
import type { StepSeen } from '../../seen.ts';
import type { Dialect, Values } from './dialect.ts';
import type { Leftovers } from './left.ts';
import { GROUPS, inGroup, KEYS } from './things.ts';
import { companyValues, groupValues, numberOf, officeNameOf, officeValues, userValues } from './wanted.ts';

/** What the portal itself says of a thing, or what is told by its place. */
const OWN = ['companyId', 'officeId', 'status', 'orderKey'];

const without = (cells: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(cells).filter(([name]) => !names.includes(name)));

export const effectsOf = (cases: readonly Case[], dialect: Dialect, leftovers: Leftovers): Effect[] =>
  cases.flatMap((one) => one.order.steps.map((step) => effectOf(one, step, dialect, leftovers)));

function effectOf(one: Case, step: StepSeen, dialect: Dialect, leftovers: Leftovers): Effect {
  const effect: Effect = { one, step, stands: standingOf(one, step), makes: [], removes: [], changes: [] };
  const body = subscriberOf(one, step.item);
  const operation = operationOf(one, step.item);
  if (operation) return { ...effect, ...ofOperation(operation, step, dialect, leftovers) };
  if (step.kind === 'company') return { ...effect, makes: [madeCompany(one, step, dialect)] };
  if (!body) return effect;
  if (step.kind === 'office') return { ...effect, makes: [madeOffice(one, step, body, dialect)] };
  if (step.kind === 'subscriber') return { ...effect, makes: [madeUser(one, step, body, dialect)] };
  const values = groupValues(body, step.kind);
  if (!values) return effect;
  const kind = step.kind as (typeof GROUPS)[number];
  const members = inGroup(kind, dialect.given(kind, values));
  return { ...effect, changes: [{ key: KEYS.user(numberOf(body)), members } satisfies Change] };
}

function ofOperation(
  { service, operation, args }: OperationBody,
  step: StepSeen,
  dialect: Dialect,
  { wards }: Leftovers,
): Partial<Pick<Effect, 'makes' | 'removes' | 'changes'>> {
  const {
    number,
    company,
    office,
    fields = {},
  } = args as Readonly<Record<'number' | 'company' | 'office', string>> & {
    readonly fields?: Values;
  };
  switch (`${service}.${operation}`) {
    case 'wlr.create': {
      const companyId = wards.find(({ customer }) => customer === company)?.companyId;
      const members = dialect.whole('wlr', { ...fields, number, companyId });
      return {
        makes: [{ key: KEYS.line(number), members: without(members, ['orderKey']), id: step.result?.['lineId'] }],
      };
    }
    case 'wlr.update':
      return { changes: [{ key: KEYS.line(number), members: dialect.given('wlr', fields) }] };
    case 'wlr.remove':
      return { removes: [KEYS.line(number)] };
    case 'antifraud.set':
      return { changes: [{ key: KEYS.limits(number), members: dialect.given('antifraud', fields) }] };
    case 'office.update':
      return { changes: [{ key: KEYS.office(company, office), members: dialect.given('office', fields) }] };
    default:
      return {};
  }
}

const customerOf = ({ entry }: Case): string => entry.body.customer?.externalId ?? '';

function madeCompany(one: Case, { result }: StepSeen, dialect: Dialect): Made {
  const values = companyValues(one.entry.body.customer!);
  const members = { ...without(dialect.whole('company', values), OWN), status: 'active' };
  return { key: KEYS.company(customerOf(one)), members, id: result?.['companyId'] ?? null };
}

const companyIdOf = (one: Case): unknown => stepOf(one, 'company')?.result?.['companyId'];

function madeOffice(one: Case, { result }: StepSeen, body: SubscriberBody, dialect: Dialect): Made {
  const values = officeValues(one.entry.body, body);
  const members = {
    ...without(dialect.whole('office', values), OWN),
    ...(dialect.has('office', 'companyId') && { companyId: companyIdOf(one) }),
  };
  return { key: KEYS.office(customerOf(one), officeNameOf(body)), members, id: result?.['officeId'] ?? null };
}

const isSameOffice = (one: SubscriberBody, other: SubscriberBody): boolean =>
  officeNameOf(one).toLowerCase() === officeNameOf(other).toLowerCase();

/** Id of the office by the step that saw to it: subscribers of one office share that of the first of them. */
function officeIdOf(one: Case, body: SubscriberBody): unknown {
  const steps = subscribersOf(one).flatMap((other, at) =>
    isSameOffice(other, body) ? [stepOf(one, `${other.id ?? `s${at + 1}`}.office`)] : [],
  );
  return steps.find((step) => step !== undefined)?.result?.['officeId'];
}

function madeUser(one: Case, { result }: StepSeen, body: SubscriberBody, dialect: Dialect): Made {
  // One that is made up is looked at by itself.
  const hidden = body.password === undefined ? ['password'] : [];
  const blank = Object.assign({}, ...GROUPS.map((group) => inGroup(group, dialect.whole(group, {})))) as object;
  const members = {
    ...without(dialect.whole('user', userValues(body)), [...OWN, ...hidden]),
    ...blank,
    status: 'active',
    customer: customerOf(one),
    office: officeNameOf(body).toLowerCase(),
    companyId: companyIdOf(one),
    officeId: officeIdOf(one, body),
  };
  return { key: KEYS.user(numberOf(body)), members, id: result?.['userId'] ?? null };
}
