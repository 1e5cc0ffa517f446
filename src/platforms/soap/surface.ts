import { walkXml } from './xml.ts';

/** What of a WSDL decides whether our calls fit: operations, and the members of each type with their XML types. */
export interface Surface {
  readonly operations: ReadonlySet<string>;
  /** The operations of each port type; one name may be in several. */
  readonly ports: ReadonlyMap<string, ReadonlySet<string>>;
  /** Parts of each message that name a type, in the form of members. */
  readonly messages: ReadonlyMap<string, readonly string[]>;
  /** By the name of the type; members in the form `name:type`, `name:type*` for a list. */
  readonly types: ReadonlyMap<string, readonly string[]>;
}

/**
 * Read element by element instead of by a parser of WSDLs: a live WSDL may import its types from addresses of the
 * server's inside, which are not to be followed.
 * @returns null for a text that is not to be read
 */
export function readSurface(wsdl: string): Surface | null {
  const operations = new Set<string>();
  const ports = new Map<string, Set<string>>();
  const messages = new Map<string, string[]>();
  const types = new Map<string, string[]>();
  let port = new Set<string>();
  let message: string[] = [];
  const path: string[] = [];
  /** Members of the types that are open, the innermost last. */
  const open: string[][] = [];
  const fault = walkXml(wsdl, {
    open(name, attributes) {
      const own = attributes['name'] ?? '';
      if (name === 'portType') ports.set(own, (port = new Set()));
      if (name === 'operation' && path.at(-1) === 'portType') {
        operations.add(own);
        port.add(own);
      }
      if (name === 'message') messages.set(own, (message = []));
      if (name === 'part' && attributes['type'] !== undefined) message.push(memberOf(own, attributes));
      if (name === 'element') open.at(-1)?.push(memberOf(own, attributes));
      if (name === 'complexType') {
        const members: string[] = [];
        open.push(members);
        if (own !== '') types.set(own, members);
      }
      path.push(name);
    },
    close(name) {
      path.pop();
      if (name === 'complexType') open.pop();
    },
  });
  return fault === null ? { operations, ports, messages, types } : null;
}

function memberOf(name: string, { type = '', maxOccurs = '1' }: { readonly [name: string]: string }): string {
  return `${name}:${type.slice(type.indexOf(':') + 1)}${['0', '1'].includes(maxOccurs) ? '' : '*'}`;
}

/** What the server lacks of what we expect, in words: `type did lacks gwid:string`. */
export function typeDifferences(ours: Surface, live: Surface): string[] {
  return [...ours.types].flatMap(([type, members]) => {
    const there = live.types.get(type);
    // Types of a WSDL with imports, or wrappers of operations that the server lacks, are not there.
    if (!there) return [];
    const missing = members.filter((member) => !there.includes(member));
    const more = there.filter((member) => !members.includes(member));
    return [
      ...(missing.length > 0 ? [`${type} lacks ${missing.join(', ')}`] : []),
      ...(more.length > 0 ? [`${type} has also ${more.join(', ')}`] : []),
    ];
  });
}
