import { parse } from 'csv-parse/sync';
import type { CsvConfig } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import { convert, type Value } from './convert.ts';
import type { Line } from './lines.ts';

/** More of one line is not read. */
export const LONGEST_LINE = 65_536;

export interface Reason {
  /** Member of the record; null when it is about the whole line. */
  readonly field: string | null;
  readonly message: string;
}

export type Reading =
  | { readonly kind: 'record'; readonly record: Readonly<Record<string, Value>> }
  | { readonly kind: 'reject'; readonly raw: string; readonly reasons: readonly Reason[] }
  | { readonly kind: 'nothing' };

const BOM = '\uFEFF';

/**
 * Reads lines one by one: a line is a record, so that a quote which is never closed spoils its own line and not all
 * that follow.
 */
export function createRecordReader(csv: CsvConfig) {
  const decoder = new TextDecoder(csv.encoding, { fatal: true, ignoreBOM: true });
  const fields = Object.entries(csv.fields);
  /** Place of each field's column, once it is known. */
  let places: ReadonlyMap<string, number> | null = csv.header ? null : placesWithoutHeader();

  function placesWithoutHeader(): ReadonlyMap<string, number> {
    return new Map(fields.map(([name, { column }]) => [name, Number(column) - 1]));
  }

  function split(text: string): string[] {
    const [columns = []] = parse(text, { delimiter: csv.delimiter, relax_column_count: true });
    return columns;
  }

  /** @throws TurnupError `TURNUP_FILE_UNREADABLE` when a column is not there: the mapping is for other files */
  function readHeader(text: string): void {
    const names = split(text.replace(BOM, '')).map((name) => name.trim());
    const found = new Map(
      fields.map(([name, { column }]) => [name, typeof column === 'number' ? column - 1 : names.indexOf(column)]),
    );
    const missing = fields.filter(([name]) => found.get(name)! < 0).map(([, { column }]) => `"${column}"`);
    if (missing.length > 0) {
      const detail = `the first line has no column ${missing.join(', ')}`;
      throw new TurnupError('TURNUP_FILE_UNREADABLE', { detail });
    }
    places = found;
  }

  function decode(bytes: Buffer): string | null {
    try {
      return decoder.decode(bytes);
    } catch {
      return null;
    }
  }

  function readRecord(text: string, known: ReadonlyMap<string, number>): Reading {
    const reject = (reasons: readonly Reason[]): Reading => ({ kind: 'reject', raw: text, reasons });
    let columns: string[];
    try {
      columns = split(text);
    } catch (error) {
      // Its message quotes the line, which the reject holds anyway; the code says what is wrong.
      return reject([
        { field: null, message: `is no line of CSV (${(error as { code?: string }).code ?? 'unknown'})` },
      ]);
    }
    const record: Record<string, Value> = {};
    const reasons: Reason[] = [];
    for (const [name, { as, optional }] of fields) {
      const column = columns[known.get(name)!];
      if (column === undefined) reasons.push({ field: name, message: 'has no column in this line' });
      else if (column.trim() === '' && optional) record[name] = null;
      else if (column.trim() === '') reasons.push({ field: name, message: 'is empty' });
      else {
        const converted = convert(column, as, csv.country);
        if ('fault' in converted) reasons.push({ field: name, message: converted.fault });
        else record[name] = converted.value;
      }
    }
    return reasons.length > 0 ? reject(reasons) : { kind: 'record', record };
  }

  return {
    read({ bytes, isCut }: Line): Reading {
      const text = decode(bytes);
      if (text === null) {
        const reason = { field: null, message: `is not ${csv.encoding}; raw is base64` };
        return { kind: 'reject', raw: bytes.toString('base64'), reasons: [reason] };
      }
      if (text.replace(BOM, '').trim() === '') return { kind: 'nothing' };
      if (isCut) {
        return {
          kind: 'reject',
          raw: text,
          reasons: [{ field: null, message: `is longer than ${LONGEST_LINE} bytes` }],
        };
      }
      if (places) return readRecord(text, places);
      readHeader(text);
      return { kind: 'nothing' };
    },
  };
}
