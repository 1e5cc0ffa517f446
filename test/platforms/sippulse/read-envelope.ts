import { parser } from 'sax';
import type { PlannedCall } from '../../../flows/rehearsal/view.ts';
import type { Seen } from '../tap.ts';

type Tree = { [name: string]: unknown };

interface Open {
  readonly name: string;
  readonly members: Tree;
  text: string;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The body of an envelope: members that repeat are lists, leaves are text. */
function bodyOf(xml: string): Tree {
  const reader = parser(true);
  const open: Open[] = [{ name: '', members: {}, text: '' }];
  reader.onopentag = ({ name }) => void open.push({ name: localName(name), members: {}, text: '' });
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the parser is no event target
  reader.ontext = (text) => void (open.at(-1)!.text += text);
  reader.onclosetag = () => {
    const { name, members, text } = open.pop()!;
    const value = Object.keys(members).length > 0 ? members : text;
    const holder = open.at(-1)!.members;
    const there = holder[name];
    holder[name] = there === undefined ? value : [there, value].flat();
  };
  reader.write(xml).close();
  const { Envelope } = open[0]!.members as { Envelope: { Body: Tree } };
  return Envelope.Body;
}

const READS = /^(?:retrieve|list|lis[A-Z]|authenticate)/;

/** A call of a service without its login, null for a read. Leaves are text. */
export function readEnvelope({ method, path, body }: Seen): PlannedCall | null {
  if (method !== 'POST') return null;
  const [operation, args] = Object.entries(bodyOf(body))[0]!;
  if (READS.test(operation)) return null;
  const { principal: _principal, ...rest } = (args === '' ? {} : args) as Tree;
  return { service: path.split('/').at(-1)!, operation, body: rest };
}

/** What an envelope shows of a body: text alone, and a list of one as its element. */
export function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? asText(value[0]) : value.map(asText);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asText(member)]));
}
