import { isOfLife, subscribersOf, type Case } from '../../audit/evidence.ts';
import { textOf, type Row } from '../../audit/things.ts';
import type { TappedCall } from '../../tap.ts';
import type { Leftovers } from './left.ts';
import { accountOf } from './things.ts';

/** The port by the wrapper's namespace, the operation, and the arguments after the login. */
interface Call {
  /** `Sip.addAccount`: three ports have one. */
  readonly name: string;
  readonly text: string;
}

function readCall({ method, body }: TappedCall): Call | null {
  if (method !== 'POST') return null;
  const at = body.search(/<(?:\w+:)?Body[\s>]/);
  const text = at < 0 ? '' : body.slice(at);
  const found = /^<[^>]*>\s*<(?:(\w+):)?(\w+)([^>]*)/.exec(text);
  if (!found) return null;
  const [, prefix, operation, attributes = ''] = found;
  const declared = prefix === undefined ? 'xmlns' : `xmlns:${prefix}`;
  const namespace = new RegExp(`${declared}="([^"]+)"`).exec(attributes + body)?.[1] ?? '';
  return { name: `${namespace.split(':').at(-1)}.${operation}`, text };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const plain = (text: string): string =>
  text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name]!);

/** Of leaves of that name. */
const membersOf = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`, 'g'))].map(([, value = '']) => plain(value));

const member = (text: string, name: string): string | null => membersOf(text, name)[0] ?? null;

/** What is within an element of that name. */
const within = (text: string, name: string): string =>
  new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 's').exec(text)?.[1] ?? '';

/** Of this length what is left over from before and what orders sent are told apart from what is found everywhere. */
const LEAST_LENGTH = 8;

/** Passwords, PINs and digests, those that were made up among them, are known from what was sent. */
export function sentSecrets(tapped: readonly TappedCall[]): string[] {
  return tapped.flatMap((tappedCall) => {
    const { name = '', text = '' } = readCall(tappedCall) ?? {};
    const found = ['password', 'authToken'].flatMap((secret) => membersOf(text, secret));
    const cards = name === 'Sip.addBalanceFromVoucher' ? membersOf(text, 'number') : [];
    const digests = found.flatMap((secret) => (/^[0-9a-f]{32}:[0-9a-f]{32}$/.test(secret) ? secret.split(':') : []));
    return [...found, ...digests, ...cards].filter((secret) => secret.length >= LEAST_LENGTH);
  });
}

/** Objects that only one order makes, by the leaf that names them. */
const NAMED: Readonly<Record<string, string>> = {
  'Sip.addCarrier': 'name',
  'Sip.addGateway': 'name',
  'Sip.addGatewayRule': 'prefix',
  'Sip.addRoutes': 'prefix',
  'Sip.addDomain': 'domain',
  'Sip.addTrustedPeer': 'ip',
  'Sip.addPhonebookEntry': 'uri',
  'Enum.addRange': 'prefix',
  'Dns.addZone': 'name',
  'Dns.addRecord': 'name',
  'Dns.addFancyRecord': 'name',
};

/** These bear the key of their order; what is made again when a removal is undone bears none. */
const KEYED = ['Customer.addAccount', 'Sip.addAccount', 'Enum.addNumber'];

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

  const accountIn = (text: string): string =>
    accountOf({ username: member(text, 'username'), domain: member(text, 'domain') });

  return (tapped) => {
    const { name, text } = readCall(tapped) ?? { name: '', text: '' };
    if (KEYED.includes(name)) return cases.find(({ order }) => text.includes(`turnup:${order.id}:`));
    if (name === 'Sip.addBalance') {
      if (Number(member(text, 'value')) < 0) return undefined;
      return cases.find(({ order }) => member(text, 'description')?.includes(order.id));
    }
    if (name === 'Sip.addAlias') return ofAccount(accountIn(within(text, 'target')));
    if (name === 'Voicemail.addAccount') return ofAccount(accountIn(within(text, 'sipId')));
    // An undo removes the profiles of a subscriber.
    if (name === 'Rating.setEntityProfiles')
      return ofAccount((member(text, 'entity') ?? '').replace('subscriber://', ''));
    const leaf = NAMED[name];
    return leaf === undefined ? undefined : byObject.get(`${name} ${member(text, leaf)}`);
  };
}

function namedObjects({ entry: { body } }: Case): string[] {
  const { domains = [] } = (body.customer?.native ?? {}) as { domains?: readonly Row[] };
  const own = (body.operations ?? []).flatMap(({ service, operation, args }) => {
    const name = `${service.replace('Port', '')}.${operation}`;
    const leaf = NAMED[name];
    if (leaf === undefined) return [];
    const objects = Object.values(args).flat() as Row[];
    return objects.flatMap((object) => {
      const value = object[leaf] ?? (object['id'] as Row | undefined)?.[leaf];
      return value === undefined ? [] : [`${name} ${textOf(value)}`];
    });
  });
  return [...own, ...domains.map(({ domain }) => `Sip.addDomain ${String(domain)}`)];
}
