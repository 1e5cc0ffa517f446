import { isCollection, isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Fault } from '../errors/index.ts';

export interface ReadYaml {
  /** What the text holds; undefined when it is not YAML. */
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** Line, from 1, where the member of this path (or the nearest one around it) stands; null when unknown. */
  lineOf(path: readonly (string | number)[]): number | null;
}

/** Enough for anchors written by hand, too few to blow a small file up. */
const MAX_ALIASES = 100;

function offsetOf(document: Document, path: readonly (string | number)[]): number | null {
  let node: unknown = document.contents;
  let offset: number | null = (node as Node | null)?.range?.[0] ?? null;
  for (const key of path) {
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else {
      node = node.get(key, true);
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    }
  }
  return offset;
}

/** Members that would reach into JavaScript's objects. A map made from them would lose them without a word. */
function hasProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).includes('__proto__') || Object.values(value).some(hasProto);
}

/** Reads YAML 1.2 (core schema): one document, unique keys, no tags of its own. Never throws. */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, schema: 'core' });
  const lineOf = (path: readonly (string | number)[]): number | null => {
    const offset = offsetOf(document, path);
    return offset === null ? null : lines.linePos(offset).line;
  };
  // The messages quote what was met; only their first words are kept, because what was met may be a secret.
  const faults: Fault[] = [...document.errors, ...document.warnings].map((problem) => ({
    path: [],
    message: `line ${lines.linePos(problem.pos[0]).line}: ${problem.message.split(/[:"\n]/)[0]?.trim() ?? problem.code}`,
  }));
  if (faults.length > 0) return { value: undefined, faults, lineOf };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (hasProto(value))
      return { value: undefined, faults: [{ path: [], message: '"__proto__" is no setting' }], lineOf };
    return { value, faults, lineOf };
  } catch {
    return { value: undefined, faults: [{ path: [], message: 'has too many or circular aliases' }], lineOf };
  }
}
