import { posix } from 'node:path';
import type { CollectionConfig } from '../config/index.ts';
import type { ListedFile } from './model.ts';
import type { RemoteEntry, RemoteFolder } from './ssh/remote-folder.ts';

/** More are not read: they would not fit into memory. */
const MOST_ENTRIES = 200_000;
/** With what is added to it a name must still fit into the local file system's 255. */
const LONGEST_NAME_BYTES = 200;

export interface Listing {
  readonly files: readonly ListedFile[];
  /** Without the file that holds their checksum; they wait for it. */
  readonly unchecked: number;
  /** Names that cannot be used. */
  readonly skipped: number;
}

/** A name that is one step down, on both machines, and comes back unchanged when it is asked for. */
function isUsable(name: string): boolean {
  const isPlain = !/[/\\\p{Cc}\uFFFD]/u.test(name) && name !== '.' && name !== '..';
  return isPlain && Buffer.byteLength(name) <= LONGEST_NAME_BYTES;
}

/** `*` and `?` of a pattern; a name that starts with a dot is one that is being written, unless the pattern says so. */
function matcherOf(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const source = pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return { expression: new RegExp(`^${source}$`, 'su'), showsHidden: pattern.startsWith('.') };
  });
  return (name) =>
    expressions.some(({ expression, showsHidden }) => (showsHidden || !name.startsWith('.')) && expression.test(name));
}

type Settings = Pick<CollectionConfig, 'folder' | 'depth' | 'files' | 'checksum'>;

/** What is to be fetched of the source's folder, and of those below it as deep as it is told. Links are not followed. */
export async function listSource(remote: Pick<RemoteFolder, 'list'>, source: Settings): Promise<Listing> {
  const isWanted = matcherOf(source.files);
  const suffix = source.checksum?.suffix;
  const files: ListedFile[] = [];
  let unchecked = 0;
  let skipped = 0;
  let found = 0;

  function take(entry: RemoteEntry, below: string, names: ReadonlySet<string>): void {
    const { name, size, mtime } = entry;
    if (!isWanted(name) || (suffix !== undefined && name.endsWith(suffix))) return;
    if (suffix !== undefined && !names.has(`${name}${suffix}`)) unchecked += 1;
    else files.push({ path: posix.join(below, name), size, mtime });
  }

  async function walk(below: string, depth: number): Promise<void> {
    const entries = await remote.list(posix.join(source.folder, below), MOST_ENTRIES - found);
    found += entries.length;
    const names = new Set(entries.filter(({ kind }) => kind === 'file').map(({ name }) => name));
    for (const entry of entries) {
      if (entry.name === '.' || entry.name === '..' || entry.kind === 'other') continue;
      if (!isUsable(entry.name)) skipped += 1;
      else if (entry.kind === 'file') take(entry, below, names);
      else if (depth > 0) await walk(posix.join(below, entry.name), depth - 1);
    }
  }

  await walk('', source.depth);
  return { files, unchecked, skipped };
}

const noteOf = ({ size, mtime }: ListedFile, since: number): string => `${size} ${mtime} ${since}`;

export interface Settled {
  readonly ready: readonly ListedFile[];
  readonly waiting: number;
  /** To be kept for the next listing. */
  readonly noted: ReadonlyMap<string, string>;
}

/**
 * Which files are whole: those that an earlier listing, `settleMs` ago or more, showed with the same size and time.
 * @param noted of the listing before
 * @param now ms
 */
export function settle(
  files: readonly ListedFile[],
  noted: ReadonlyMap<string, string>,
  settleMs: number,
  now: number,
): Settled {
  const ready: ListedFile[] = [];
  const waiting = new Map<string, string>();
  for (const file of files) {
    const before = noted.get(file.path)?.split(' ').map(Number);
    const isSame = before !== undefined && before[0] === file.size && before[1] === file.mtime;
    const since = isSame ? before[2]! : now;
    if (isSame && now - since >= settleMs) ready.push(file);
    else waiting.set(file.path, noteOf(file, since));
  }
  return { ready, waiting: waiting.size, noted: waiting };
}
