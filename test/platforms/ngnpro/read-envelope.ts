import { parser } from 'sax';
import type { PlannedCall } from '../../../flows/rehearsal/view.ts';
import type { Seen } from '../rehearsal.ts';

type Tree = { [name: string]: unknown };

interface Open {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly isArray: boolean;
  readonly members: Tree;
  readonly items: unknown[];
  text: string;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The call in an envelope and its wrapper's namespace; arrays are lists, leaves are text. */
function callIn(xml: string): { namespace: string; operation: string; body: unknown } {
  const reader = parser(true);
  const prefixes: Record<string, string> = {};
  const rootOf = (name: string): Open => ({
    name,
    namespace: undefined,
    isArray: false,
    members: {},
    items: [],
    text: '',
  });
  const open: Open[] = [rootOf('')];
  let wrapper = '';
  reader.onopentag = ({ name, attributes }) => {
    for (const [key, value] of Object.entries(attributes))
      if (key.startsWith('xmlns:')) prefixes[key.slice(6)] = String(value);
    if (open.at(-1)!.name === 'Body') wrapper = prefixes[name.split(':')[0]!] ?? '';
    const isArray = Object.keys(attributes).some((key) => key.endsWith('arrayType'));
    open.push({ ...rootOf(localName(name)), isArray });
  };
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the parser is no event target
  reader.ontext = (text) => void (open.at(-1)!.text += text);
  reader.onclosetag = () => {
    const { name, isArray, members, items, text } = open.pop()!;
    const value = isArray ? items : Object.keys(members).length > 0 ? members : text;
    const holder = open.at(-1)!;
    if (holder.isArray) holder.items.push(value);
    else holder.members[name] = value;
  };
  reader.write(xml).close();
  const { Envelope } = open[0]!.members as { Envelope: { Body: Tree } };
  const [operation, body] = Object.entries(Envelope.Body)[0]!;
  return { namespace: wrapper, operation, body };
}

/** A call of a port without its login, null for a read. Leaves are text. */
export function readEnvelope({ method, body: xml }: Seen): PlannedCall | null {
  if (method !== 'POST') return null;
  const { namespace, operation, body } = callIn(xml);
  if (operation.startsWith('get')) return null;
  return { service: `${namespace.split(':').at(-1)}Port`, operation, body };
}

/** What an envelope shows of a body: text alone, booleans as digits. */
export function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asText(member)]));
}
