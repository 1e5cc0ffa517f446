import { TurnupError, type ErrorCode } from '../../../errors/index.ts';
import { pick, unknownReference } from '../../operations/items.ts';
import { isFault } from '../fault.ts';
import type { TurnAt } from '../../turns.ts';
import type { PortName } from '../soap/ports.ts';
import type { Args, NgnproClient } from '../types.ts';
import { listAll, type Listing } from './listing.ts';
import type { Context, Item } from './spec.ts';
import { isObject, isSame, lowered, satisfies } from './values.ts';

/** A kind of object of the platform: how it is found, made, changed and removed. */
export interface Thing {
  /** What a person reads: `trusted peer`. */
  readonly noun: string;
  readonly port: PortName;
  /** Part of `add` and `update` that holds it. */
  readonly element: string;
  /** Other parts of all its operations: whose it is. */
  readonly whose?: readonly string[];
  /** Members by which the look after a lost reply knows it again (ngnpro.md, "Retry …"). */
  readonly key: readonly string[];
  /** The key's letter case says nothing. */
  readonly isCaseless?: boolean;
  /** The member that names it in updates; `id` where the platform makes it. */
  readonly name: string;
  /** Part of `remove` that holds the name. */
  readonly nameArg: string;
  /** Member of an order's result that holds the name, where the platform makes it. */
  readonly resultName?: string;
  readonly add: string;
  readonly update?: string;
  readonly remove: string;
  /** What looking for it calls: `SipPort.getDomains`. */
  readonly looks: readonly string[];
  /** What may be it: asked with an object's key or its name. */
  look(client: NgnproClient, item: Item, whose: Args): Promise<Item[]>;
  /** Members that the platform makes itself. */
  readonly made: readonly string[];
  /** Members that are secrets; what is there may be shown otherwise than it was sent. */
  readonly secrets?: readonly string[];
  /** Whether a secret that is shown otherwise is the wanted one all the same. */
  isKept?(member: string, wanted: Item, found: Item): boolean;
  /** Secrets that are left out of an update stay as they are. */
  readonly keepsLeftOut?: true;
  /** Sent with a new one where the order does not say otherwise. */
  defaults?(client: Pick<NgnproClient, 'defaults'>): Item;
  /** What would be refused, or be otherwise than it seems, before it is made. @throws TurnupError */
  checkNew?(client: Pick<NgnproClient, 'defaults'>, wanted: Item): void;
  /** An order's members as they are kept. */
  normal?(item: Item): Item;
  /** An object of the platform, in the same form. */
  read?(found: Item): Item;
  /** One that was there, without what the platform makes of it within its members. */
  fresh?(before: Item): Item;
  /** An object in that form as the platform takes it. */
  sent?(client: NgnproClient, item: Item): Item;
  /** That an order made it, where an object can bear a mark. */
  readonly mark?: { put(item: Item, key: string): Item; of(found: Item): string | null };
  /** Where changes of it wait for one another; left out: by its name. */
  turn?(name: unknown): TurnAt;
  /** What of others hangs on it and would be lost or orphaned with it. */
  readonly hanging?: readonly Hanging[];
  readonly takenCode?: ErrorCode;
}

export interface Hanging {
  /** What a person reads: `SIP accounts`. */
  readonly what: string;
  readonly calls: readonly string[];
  isThere(client: NgnproClient, found: Item): Promise<boolean>;
}

/** A list to look in. */
export const inList =
  (listing: Listing, filterOf: (item: Item) => Item) =>
  (client: NgnproClient, item: Item): Promise<Item[]> =>
    listAll(client, listing, filterOf(item));

export const callOf = ({ port, operation }: Pick<Listing, 'port' | 'operation'>): string => `${port}.${operation}`;

/** @param belongs filters take wildcards, so that what is listed is looked at too */
export const listedBy = (
  what: string,
  listing: Listing,
  filterOf: (found: Item) => Item,
  belongs: (one: Item, found: Item) => boolean,
): Hanging => ({
  what,
  calls: [callOf(listing)],
  async isThere(client, found) {
    return (await listAll(client, listing, filterOf(found))).some((one) => belongs(one, found));
  },
});

export const nameOf = (thing: Thing, item: Item): unknown => item[thing.name];

export function inWords(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (!isObject(value)) return '';
  const { username, domain } = value;
  return username === undefined
    ? Object.values(value).map(inWords).join(' ')
    : `${inWords(username)}@${inWords(domain)}`;
}

/** What a person reads: `gateway 7 sbc-1`. */
export const described = (thing: Thing, item: Item): string =>
  [thing.noun, ...thing.key.filter((member) => item[member] !== undefined).map((member) => inWords(item[member]))].join(
    ' ',
  );

/** What is read, without what the platform's lists show besides. */
async function candidates(client: NgnproClient, thing: Thing, item: Item, whose: Args): Promise<Item[]> {
  const found = await thing.look(client, item, whose);
  return thing.read ? found.map((one) => thing.read?.(one) ?? one) : found;
}

/** Objects that have the key of the wanted one. */
export async function matching(client: NgnproClient, thing: Thing, wanted: Item, whose: Args): Promise<Item[]> {
  const form = thing.isCaseless ? lowered : (value: unknown): unknown => value;
  const isIt = (found: Item): boolean =>
    thing.key.every((member) => isSame(form(wanted[member] ?? null), form(found[member] ?? null)));
  return (await candidates(client, thing, wanted, whose)).filter(isIt);
}

/** The object of that name; null when there is none. */
export async function named(client: NgnproClient, thing: Thing, name: unknown, whose: Args): Promise<Item | null> {
  const form = thing.isCaseless ? lowered : (value: unknown): unknown => value;
  const found = await candidates(client, thing, { [thing.name]: name }, whose);
  return found.find((one) => satisfies(form(name), form(nameOf(thing, one)))) ?? null;
}

/** @throws TurnupError `TURNUP_REFERENCE_UNKNOWN` where there is none */
export async function existing(ctx: Context, thing: Thing, name: unknown, whose: Args): Promise<Item> {
  const found = await named(ctx.client, thing, name, whose);
  if (found) return found;
  throw unknownReference(`the platform has no ${thing.noun} ${inWords(name)}`);
}

/** A removal whose fault may only mean that there is nothing to remove: the look decides. */
export async function removeNamed(client: NgnproClient, thing: Thing, name: unknown, whose: Args): Promise<void> {
  try {
    await client.call(thing.port, thing.remove, { ...whose, [thing.nameArg]: name });
  } catch (error) {
    if (!isFault(error) || (await named(client, thing, name, whose))) throw error;
  }
}

/** What of others hangs on it; null: nothing. */
async function usedBy(client: NgnproClient, thing: Thing, found: Item): Promise<string | null> {
  for (const { what, isThere } of thing.hanging ?? []) if (await isThere(client, found)) return what;
  return null;
}

export const isUsed = async (client: NgnproClient, thing: Thing, found: Item): Promise<boolean> =>
  (await usedBy(client, thing, found)) !== null;

/** @throws TurnupError of class `conflict` where others would lose something with it */
export async function refuseWhileUsed(client: NgnproClient, thing: Thing, found: Item, code: ErrorCode): Promise<void> {
  const what = await usedBy(client, thing, found);
  if (what === null) return;
  throw new TurnupError(code, {
    class: 'conflict',
    detail: `${described(thing, found)} still has ${what}`,
    hint: `Remove its ${what} or give them another place, then retry.`,
  });
}

export const whoseOf = (thing: Thing, args: Item): Args => lowered(pick(args, thing.whose ?? [])) as Args;

/** The name of what is removed. */
export function namedIn(thing: Thing, args: Item): unknown {
  const given = { [thing.name]: args[thing.nameArg] };
  return nameOf(thing, thing.normal?.(given) ?? given);
}
