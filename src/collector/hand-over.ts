import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { CsvConfig } from '../config/index.ts';
import { readLines } from './csv/lines.ts';
import { createRecordReader, LONGEST_LINE } from './csv/records.ts';
import type { FetchContext } from './fetch-file.ts';
import type { FileRecord } from './model.ts';
import { FILE_MODE, toDiskError, type Place } from './place.ts';

const BUFFER_CHARACTERS = 256 * 1024;
const RECORDS_SUFFIX = '.ndjson';

/** Lines of JSON that come to the disk in large pieces. */
async function createLineFile(place: Place, path: string) {
  await place.prepareFor(path);
  const file: FileHandle = await open(path, 'w', FILE_MODE);
  let buffered: string[] = [];
  let size = 0;
  let lines = 0;
  async function flush(): Promise<void> {
    const text = buffered.join('');
    buffered = [];
    size = 0;
    if (text !== '') await file.writeFile(text);
  }
  return {
    lines: () => lines,
    async add(value: object): Promise<void> {
      const line = `${JSON.stringify(value)}\n`;
      buffered.push(line);
      size += line.length;
      lines += 1;
      if (size >= BUFFER_CHARACTERS) await flush();
    },
    async end(): Promise<void> {
      await flush();
      await file.sync();
    },
    close: () => file.close(),
  };
}

type Context = Pick<FetchContext, 'place' | 'lease' | 'signal'>;

/** Makes records of the lines of a stored file: all of them, as records or as rejects with their reasons. */
async function makeRecords({ place, lease, signal }: Context, csv: CsvConfig, record: FileRecord) {
  const local = record.local!;
  const [good, bad] = [place.partOf(`${local}.records`), place.partOf(`${local}.rejects`)];
  const reader = createRecordReader(csv);
  const records = await createLineFile(place, good);
  const rejects = await createLineFile(place, bad);
  try {
    for await (const line of readLines(createReadStream(place.pathOf('files', local)), LONGEST_LINE)) {
      signal.throwIfAborted();
      const reading = reader.read(line);
      const origin = { file: record.id, line: line.number };
      if (reading.kind === 'record') await records.add({ ...reading.record, _source: origin });
      if (reading.kind === 'reject') await rejects.add({ ...origin, reasons: reading.reasons, raw: reading.raw });
    }
    await records.end();
    await rejects.end();
  } finally {
    await Promise.all([records.close(), rejects.close()]);
  }
  lease.require();
  // The rejects first: whoever sees the records finds what is missing in them.
  if (rejects.lines() > 0) await place.publish(bad, place.pathOf('rejects', local, RECORDS_SUFFIX));
  else await place.remove(bad);
  await place.publish(good, place.pathOf('records', local, RECORDS_SUFFIX));
  return { good: records.lines(), rejected: rejects.lines() };
}

/** What is on the disk of a file, records included. */
export function localFilesOf(place: Place, local: string): string[] {
  return [
    place.pathOf('files', local),
    place.pathOf('records', local, RECORDS_SUFFIX),
    place.pathOf('rejects', local, RECORDS_SUFFIX),
  ];
}

/**
 * Makes a stored file ready for those who wait for it. A crash before its end is harmless: the same is done again, to
 * the same names.
 *
 * @throws TurnupError `TURNUP_FILE_UNREADABLE` when the mapping is for other files, `TURNUP_DISK_FULL`
 */
export async function handOver(
  ctx: Context & Pick<FetchContext, 'source' | 'ledger'>,
  record: FileRecord,
): Promise<FileRecord> {
  const { csv } = ctx.source;
  const records =
    csv === null
      ? null
      : await makeRecords(ctx, csv, record).catch((error: unknown) => {
          throw toDiskError(error);
        });
  const now = new Date().toISOString();
  const done: FileRecord = { ...record, state: 'handedOver', records, handedOverAt: now, error: null };
  await ctx.ledger.put(done);
  return done;
}
