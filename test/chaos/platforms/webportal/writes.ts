import { isOfLife, subscribersOf, type Case } from '../../audit/evidence.ts';
import type { TappedCall } from '../../tap.ts';
import type { Variant } from './dialect.ts';
import { LOGIN } from './hand.ts';
import type { Leftovers } from './left.ts';
import { numberOf } from './wanted.ts';

/* What the wire tells, in the words of both profiles. */

type Body = Readonly<Record<string, unknown>>;

function parse(text: string): Body {
  try {
    return (JSON.parse(text) ?? {}) as Body;
  } catch {
    return {};
  }
}

const inner = (body: Body, ...names: readonly string[]): Body | undefined =>
  names.reduce<Body | undefined>((at, name) => at?.[name] as Body | undefined, body);

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const answerOf = ({ answer }: TappedCall): Body => parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));

const isOf = (call: TappedCall, method: string, path: RegExp): boolean =>
  call.method === method && path.test(call.path);

/** The CRM's number of a company that this call makes; null: it makes none. */
export function companyMadeIn(call: TappedCall): string | null {
  const body = parse(call.body);
  if (isOf(call, 'POST', /^\/portal\/v1\/companies$/)) return textIn(body['reference']);
  const isInsert = isOf(call, 'POST', /^\/api\/companies$/) && body['action'] === 'INSERT';
  return isInsert ? textIn(inner(body, 'record')?.['crmCode']) : null;
}

/** Passwords, PINs and logins are known from what was sent and answered. */
export function sentSecrets(tapped: readonly TappedCall[]): string[] {
  const found = tapped.flatMap((call) => {
    const [body, answer] = [parse(call.body), answerOf(call)];
    return [
      inner(body, 'sip')?.['password'],
      inner(body, 'device')?.['secret'],
      inner(body, 'record')?.['sipPassword'],
      inner(body, 'access')?.['code'],
      body['pin'],
      answer['access_token'],
      inner(answer, 'data')?.['session'],
    ];
  });
  const long = found.filter((secret): secret is string => typeof secret === 'string' && secret.length >= 8);
  return [...long, LOGIN.password];
}

const linesMadeBy = ({ entry }: Case): string[] =>
  (entry.body.operations ?? []).flatMap(({ service, operation, args }) =>
    service === 'wlr' && operation === 'create' ? [String(args['number'])] : [],
  );

/**
 * Creations name their order: by its key where the portal has a place for it, by what only one order makes where it has
 * none. What is changed of a user that an order made is that order's too, since its undo takes the user as a whole.
 * Those of lives are changed by many.
 */
export function createOwnerOf(
  variant: Variant,
  all: readonly Case[],
  { strangers, regulars, portedOut }: Leftovers,
): (call: TappedCall) => Case | undefined {
  const cases = all.filter((one) => !isOfLife(one));
  const users = new Map<string, Case>();
  const only = (found: readonly Case[] | undefined): Case | undefined => (found?.length === 1 ? found[0] : undefined);

  if (variant === 'status') {
    const keyed = (body: Body): Case | undefined => all.find(({ order }) => textIn(body['origin'])?.includes(order.id));
    return (call) => {
      const user = /^\/portal\/v1\/users\/(\d+)\/(?:services|forwards|mailbox)$/.exec(call.path)?.[1];
      if (user !== undefined) return call.method === 'GET' ? undefined : users.get(user);
      if (!isOf(call, 'POST', /^\/portal\/v1\/(?:companies|companies\/\d+\/offices|offices\/\d+\/users|lines)$/))
        return undefined;
      const one = keyed(parse(call.body));
      const made = textIn(answerOf(call)['id']);
      if (one && !isOfLife(one) && made !== null && call.path.endsWith('/users')) users.set(made, one);
      return one;
    };
  }

  const notOwn = new Set([...[...strangers, ...regulars].map(({ number }) => number), ...portedOut]);
  const byNumber = Map.groupBy(
    cases.flatMap((one) => subscribersOf(one).map((body) => ({ one, number: numberOf(body) }))),
    ({ number }) => number,
  );
  const byLine = new Map(cases.flatMap((one) => linesMadeBy(one).map((number) => [number, one])));
  const byCustomer = Map.groupBy(cases, ({ entry }) => entry.body.customer?.externalId ?? '');
  const tickets = new Map<string, Case>();
  return (call) => {
    const poll = /^\/api\/tickets\/(\w+)$/.exec(call.path)?.[1];
    const body = parse(call.body);
    if (poll !== undefined) {
      const [one, made] = [tickets.get(poll), textIn(inner(answerOf(call), 'result')?.['code'])];
      if (one && made !== null) users.set(made, one);
      return undefined;
    }
    if (isOf(call, 'POST', /^\/api\/(?:services|forwards)$/))
      return body['action'] === 'WRITE' ? users.get(textIn(body['user']) ?? '') : undefined;
    const company = companyMadeIn(call);
    if (company !== null) return only(byCustomer.get(company));
    const number = `+39${textIn(inner(body, 'record')?.['number'])}`;
    if (body['action'] !== 'INSERT') return undefined;
    if (isOf(call, 'POST', /^\/api\/lines$/)) return byLine.get(number);
    if (!isOf(call, 'POST', /^\/api\/users$/)) return undefined;
    const one = notOwn.has(number) ? undefined : only(byNumber.get(number)?.map((found) => found.one));
    const ticket = textIn(inner(answerOf(call), 'data')?.['ticket']);
    if (one && ticket !== null) tickets.set(ticket, one);
    return one;
  };
}
