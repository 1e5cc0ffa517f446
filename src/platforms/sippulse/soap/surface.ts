/** What of a WSDL decides whether our calls fit: operations, and the members of each type with their XML types. */
export interface Surface {
  readonly operations: ReadonlySet<string>;
  /** By the name of the type; members in the form `name:type`, `name:type*` for a list. */
  readonly types: ReadonlyMap<string, readonly string[]>;
}

/**
 * Read with patterns instead of a parser of WSDLs: a live WSDL may import its types from addresses of the server's
 * inside, which are not to be followed.
 */
export function readSurface(wsdl: string): Surface {
  const portTypes = blocks(wsdl, 'portType').map(({ inside }) => inside);
  const operations = portTypes.flatMap((inside) => blocks(inside, 'operation').map(({ name }) => name));
  const types = new Map(blocks(wsdl, 'complexType').map(({ name, inside }) => [name, membersOf(inside)] as const));
  types.delete('');
  return { operations: new Set(operations), types };
}

interface Block {
  readonly name: string;
  readonly inside: string;
}

function blocks(xml: string, element: string): Block[] {
  const found: Block[] = [];
  const pattern = new RegExp(
    `<(?:[\\w.-]+:)?${element}\\b([^>]*?)(?:/>|>([\\s\\S]*?)</(?:[\\w.-]+:)?${element}>)`,
    'g',
  );
  for (const [, attributes = '', inside = ''] of xml.matchAll(pattern)) {
    found.push({ name: attribute(attributes, 'name'), inside });
  }
  return found;
}

function membersOf(inside: string): string[] {
  return blocks(inside, 'element').map(({ name, inside: _inside }, at) => {
    const tag = [...inside.matchAll(/<(?:[\w.-]+:)?element\b([^>]*)>/g)][at]?.[1] ?? '';
    const isList = !['', '0', '1'].includes(attribute(tag, 'maxOccurs'));
    return `${name}:${attribute(tag, 'type').replace(/^.*:/, '')}${isList ? '*' : ''}`;
  });
}

const attribute = (tag: string, name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';

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
