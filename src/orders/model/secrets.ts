import type { Json, Order } from './order.ts';

/** Where every platform keeps secrets; `*` stands for every element or member. */
const COMMON_SECRETS = ['subscribers.*.password', 'subscribers.*.webPassword', 'subscribers.*.voicemail.pin'];

/** Marks a secret that was no string and is kept as JSON. */
const AS_JSON = '#json';

/** Secrets by path, e.g. `subscribers.s1.password`; subscribers and operations by their id, `~1` for a dot in a name. */
export type OrderSecrets = Readonly<Record<string, string>>;

type Tree = Record<string, Json | undefined> | (Json | undefined)[];

/**
 * Parts an order from its secrets. Neither the order given nor anything in it is changed.
 * @param nativeSecretPaths the platform's own, e.g. `subscribers.*.native.sipPassword`.
 */
export function splitSecrets(
  order: Order,
  nativeSecretPaths: readonly string[],
): { body: Order; secrets: Record<string, string> } {
  const body = structuredClone(order);
  const secrets: Record<string, string> = {};
  for (const path of [...COMMON_SECRETS, ...nativeSecretPaths]) {
    for (const { holder, name, label } of holdersOf(body as unknown as Tree, path.split('.'))) {
      const value = read(holder, name);
      if (value === undefined || value === null) continue;
      if (typeof value === 'string') secrets[label] = value;
      else secrets[`${label}${AS_JSON}`] = JSON.stringify(value);
      // An element keeps its place, so that those behind it keep their index.
      if (Array.isArray(holder)) holder[Number(name)] = null;
      else delete holder[name];
    }
  }
  return { body, secrets };
}

/** A copy of the order with something else in the place of each of its secrets. */
export function replaceSecrets(
  order: Order,
  nativeSecretPaths: readonly string[],
  replace: (secret: Json) => Json,
): Order {
  const replaced = structuredClone(order);
  for (const path of [...COMMON_SECRETS, ...nativeSecretPaths]) {
    for (const { holder, name } of holdersOf(replaced as unknown as Tree, path.split('.'))) {
      const value = read(holder, name);
      if (value === undefined || value === null) continue;
      if (Array.isArray(holder)) holder[Number(name)] = replace(value);
      else holder[name] = replace(value);
    }
  }
  return replaced;
}

/**
 * Puts secrets back where they came from, into a copy.
 * @param item only those of this subscriber or operation; `null`: only those of neither, i.e. of the customer; left
 * out: all of them. Secrets of items that the order does not have are passed over.
 */
export function joinSecrets(body: Order, secrets: OrderSecrets, item?: string | null): Order {
  const order = structuredClone(body);
  for (const [key, secret] of Object.entries(secrets)) {
    if (item !== undefined && itemOf(key) !== item) continue;
    const { path, value } = readEntry(key, secret);
    place(order as unknown as Tree, path, value, false);
  }
  return order;
}

/**
 * Puts secrets where an order in the form it is posted in, perhaps a faulty one, says nothing of them, into a copy.
 * Where it has not even their place they are passed over.
 */
export function keepSecrets<T extends object>(posted: T, secrets: OrderSecrets): T {
  const order = structuredClone(posted);
  for (const [key, secret] of Object.entries(secrets)) {
    const { path, value } = readEntry(key, secret);
    place(order as unknown as Tree, path, value, true);
  }
  return order;
}

/** Where a secret belongs, e.g. `subscribers.s1.password`, without the escapes and marks of its key. */
export const secretPath = (key: string): string[] => readPath(key).path;

/** A password for every subscriber that is to be made and has none, by the path of the secret it becomes. */
export function generateMissing(order: Order, generatePassword: () => string): Record<string, string> {
  if (order.action !== 'provision') return {};
  const lacking = order.subscribers.filter((subscriber) => subscriber.password === undefined);
  return Object.fromEntries(lacking.map((subscriber) => [passwordPath(subscriber.id), generatePassword()]));
}

/** Where the password of a subscriber is found among an order's secrets. */
export const passwordPath = (subscriberId: string): string => `subscribers.${subscriberId}.password`;

const escapeName = (name: string): string => name.replaceAll('~', '~0').replaceAll('.', '~1');
const unescapeName = (name: string): string => name.replaceAll('~1', '.').replaceAll('~0', '~');

function readPath(key: string): { path: string[]; isJson: boolean } {
  const isJson = key.endsWith(AS_JSON);
  const label = isJson ? key.slice(0, -AS_JSON.length) : key;
  return { path: label.split('.').map(unescapeName), isJson };
}

function readEntry(key: string, secret: string): { path: string[]; value: Json } {
  const { path, isJson } = readPath(key);
  return { path, value: isJson ? (JSON.parse(secret) as Json) : secret };
}

/** Lists whose elements have an id that outlives a change of their position. */
const KEYED_LISTS = new Set(['subscribers', 'operations']);

function itemOf(key: string): string | null {
  const [list, id] = key.split('.');
  return list !== undefined && KEYED_LISTS.has(list) && id !== undefined ? id : null;
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

const read = (holder: Tree, name: string): Json | undefined => {
  if (Array.isArray(holder)) return holder[Number(name)];
  return Object.hasOwn(holder, name) ? holder[name] : undefined;
};

interface Place {
  readonly holder: Tree;
  readonly name: string;
  readonly label: string;
}

function holdersOf(tree: Tree, pattern: readonly string[], label: readonly string[] = []): Place[] {
  const [part, ...rest] = pattern;
  if (part === undefined) return [];
  const names = part === '*' ? Object.keys(tree) : Object.hasOwn(tree, part) ? [part] : [];
  return names.flatMap((name) => {
    const value = read(tree, name);
    const here = [...label, escapeName(labelOf(tree, name, label))];
    if (rest.length === 0) return [{ holder: tree, name, label: here.join('.') }];
    return isTree(value) ? holdersOf(value, rest, here) : [];
  });
}

function labelOf(holder: Tree, name: string, label: readonly string[]): string {
  if (label.length !== 1 || !KEYED_LISTS.has(label[0] ?? '')) return name;
  const item = read(holder, name);
  return isTree(item) && !Array.isArray(item) && typeof item['id'] === 'string' ? item['id'] : name;
}

function place(tree: Tree, path: readonly string[], value: Json, onlyMissing: boolean): void {
  let holder = tree;
  for (const [index, name] of path.slice(0, -1).entries()) {
    const next = stepInto(holder, name, index === 1 && KEYED_LISTS.has(path[0] ?? ''));
    if (!next) return;
    holder = next;
  }
  const last = path.at(-1) ?? '';
  if (onlyMissing && Object.hasOwn(holder, last)) return;
  if (Array.isArray(holder)) holder[Number(last)] = value;
  else holder[last] = value;
}

function stepInto(holder: Tree, name: string, byId: boolean): Tree | undefined {
  if (byId && Array.isArray(holder))
    return holder.find((item) => isTree(item) && !Array.isArray(item) && item['id'] === name) as Tree | undefined;
  const next = read(holder, name);
  if (isTree(next)) return next;
  return undefined;
}
