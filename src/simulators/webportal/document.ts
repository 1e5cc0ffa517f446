/* Places in JSON documents (RFC 6901). A portal of its own reads them its own way: nothing here is the adapter's. */

type Holder = Record<string, unknown>;

const partsOf = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

export function valueAt(document: unknown, pointer: string): unknown {
  return partsOf(pointer).reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? (at as Holder)[part] : undefined),
    document,
  );
}

/** Puts a value there; undefined takes it away, and what is left empty by that. Gives the document. */
export function placeAt(document: unknown, pointer: string, value: unknown): unknown {
  const [part, ...rest] = partsOf(pointer);
  if (part === undefined) return value;
  const empty: unknown = /^\d+$/.test(part) ? [] : {};
  const holder = (typeof document === 'object' && document !== null ? document : empty) as Holder;
  const tail = rest.map((one) => `/${one.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  const inner = placeAt(holder[part], tail, value);
  const isNothing =
    inner === undefined || (typeof inner === 'object' && inner !== null && Object.keys(inner).length === 0);
  if (value === undefined && isNothing) delete holder[part];
  else holder[part] = inner;
  return holder;
}
