import { isOfLife, subscribersOf, type Case } from '../../audit/evidence.ts';
import type { TappedCall } from '../../tap.ts';
import type { Leftovers } from './left.ts';
import { accountOf } from './things.ts';
import type { Row } from '../../audit/things.ts';

/** The operation and the arguments before the login. */
interface Call {
  readonly operation: string;
  readonly text: string;
}

function readCall({ method, body }: TappedCall): Call | null {
  if (method !== 'POST') return null;
  const operation = /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1];
  const end = body.indexOf('<principal>');
  return operation === undefined ? null : { operation, text: end < 0 ? body : body.slice(0, end) };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const plain = (text: string): string =>
  text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name]!);

function member(text: string, name: string): string | null {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return found === undefined ? null : plain(found);
}

const SECRETS = ['password', 'passwordPortal', 'newPassword', 'voicemailPassword', 'voiceMailPassword', 'pinCode'];

/** Of this length what is left over from before and what orders sent are told apart from what is found everywhere. */
const LEAST_LENGTH = 8;

/** Passwords that were made up are known from what was sent. */
export function sentSecrets(tapped: readonly TappedCall[]): string[] {
  return tapped.flatMap((call) => {
    const text = readCall(call)?.text ?? '';
    const found = SECRETS.map((name) => member(text, name));
    return found.filter((secret): secret is string => secret !== null && secret.length >= LEAST_LENGTH);
  });
}

/** On a subscriber that the order made: its undo takes the subscriber as a whole, so these are of the way forward. */
const OF_SUBSCRIBER =
  /^(?:insertSubscriber|updateSubscriber\w*|update(?:Daily|Monthly)Quota|(?:activate|block|disable)\w+|changeProfile|insertWhiteList|insertAddress|addUserLocation)$/;

/** Objects that only one order makes, by the member that names them. */
const NAMED: Readonly<Record<string, string>> = {
  insertHuntGroup: 'description',
  insertRatePlan: 'name',
  insertReseller: 'name',
  insertRates: 'prefix',
};

/** Subscribers of lives are changed by many orders: theirs are left out. */
export function createOwnerOf(all: readonly Case[], leftovers: Leftovers): (call: TappedCall) => Case | undefined {
  const cases = all.filter((one) => !isOfLife(one));
  const before = new Set(
    [leftovers.strangers, leftovers.regulars, leftovers.wards].flat().map(({ account }) => account),
  );
  const byAccount = Map.groupBy(
    cases.flatMap((one) => subscribersOf(one).map((body) => ({ one, account: accountOf({ ...body }) }))),
    ({ account }) => account,
  );
  const byObject = new Map(cases.flatMap((one) => namedObjects(one).map((name) => [name, one] as const)));

  function ofAccount(account: string): Case | undefined {
    const owners = byAccount.get(account) ?? [];
    return before.has(account) || owners.length !== 1 ? undefined : owners[0]!.one;
  }

  return (tapped) => {
    const call = readCall(tapped);
    if (!call) return undefined;
    const { operation, text } = call;
    if (operation === 'addCredit' || operation === 'addResellerCredit') {
      if (Number(member(text, 'value')) < 0) return undefined;
      return cases.find(({ order }) => member(text, 'obs')?.includes(order.id));
    }
    if (operation === 'insertDid') return ofAccount(member(text, 'accountCode') ?? '');
    const name = NAMED[operation];
    if (name !== undefined) return byObject.get(`${operation} ${member(text, name)}`);
    if (!OF_SUBSCRIBER.test(operation)) return undefined;
    return ofAccount(`${member(text, 'username')}@${member(text, 'domain')}`);
  };
}

function namedObjects({ entry: { body } }: Case): string[] {
  const { reseller } = (body.customer?.native ?? {}) as { reseller?: Row };
  const own = (body.operations ?? []).flatMap(({ operation, args }) => {
    const name = NAMED[operation];
    if (name === undefined) return [];
    const objects = Object.values(args).flat() as Row[];
    return objects.map((object) => `${operation} ${String(object[name])}`);
  });
  return reseller ? [...own, `insertReseller ${String(reseller['name'])}`] : own;
}
