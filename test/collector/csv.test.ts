import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines, type Line } from '../../src/collector/csv/lines.ts';
import { createRecordReader, type Reading } from '../../src/collector/csv/records.ts';
import { convert } from '../../src/collector/csv/convert.ts';
import type { CsvConfig } from '../../src/config/index.ts';

const field = (column: string | number, as: CsvConfig['fields'][string]['as'] = 'text', optional = false) => ({
  column,
  as,
  optional,
});

const CDR: CsvConfig = {
  delimiter: ';',
  encoding: 'utf-8',
  header: true,
  country: 'IT',
  fields: { from: field('A', 'number'), to: field('B', 'dialled'), seconds: field('S', 'integer', true) },
};

async function lines(chunks: readonly (string | Buffer)[], longest = 1000): Promise<Line[]> {
  const found: Line[] = [];
  const bytes = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  for await (const line of readLines(bytes, longest)) found.push(line);
  return found;
}

async function read(csv: CsvConfig, text: string | Buffer): Promise<Reading[]> {
  const reader = createRecordReader(csv);
  return (await lines([text])).map((line) => reader.read(line));
}

const texts = (found: readonly Line[]): string[] => found.map(({ bytes }) => bytes.toString());

describe('lines', () => {
  it('end with LF or CRLF, wherever the pieces end', async () => {
    expect(texts(await lines(['a\r', '\nb', 'c\n', '\nd']))).toEqual(['a', 'bc', '', 'd']);
    expect(texts(await lines(['a\n']))).toEqual(['a']);
    expect(await lines([])).toEqual([]);
  });

  it('are numbered from 1 on', async () => {
    expect((await lines(['a\nb\nc'])).map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it('that are too long are cut, and the next is whole', async () => {
    const found = await lines(['abcd', 'efgh\nij\n'], 6);
    expect(texts(found)).toEqual(['abcdef', 'ij']);
    expect(found.map(({ isCut }) => isCut)).toEqual([true, false]);
  });

  it('are the same however the bytes are cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', 'ä')), fc.nat(5), async (parts, size) => {
        const bytes = Buffer.from(parts.join(''));
        const pieces = Array.from({ length: Math.ceil(bytes.length / (size + 1)) }, (_, at) =>
          bytes.subarray(at * (size + 1), (at + 1) * (size + 1)),
        );
        expect(texts(await lines(pieces))).toEqual(texts(await lines([bytes])));
      }),
    );
  });
});

describe('numbers', () => {
  it.for([
    ['06 1234 5678', '+390612345678'],
    ['0612345678', '+390612345678'],
    ['333-123.4567', '+393331234567'],
    ['+43 (1) 9876543', '+4319876543'],
    ['004319876543', '+4319876543'],
  ] as const)('%s is %s from Italy', ([text, value]) => {
    expect(convert(text, 'number', 'IT')).toEqual({ value });
  });

  it.for(['112', 'anonymous', '', '12345678901234567890', '06 abc', '+'])('"%s" is none', (text) => {
    expect(convert(text, 'number', 'IT')).toEqual({ fault: 'is no possible telephone number of IT' });
  });

  it('need their country code where no country is known', () => {
    expect(convert('+390612345678', 'number', undefined)).toEqual({ value: '+390612345678' });
    expect(convert('0612345678', 'number', undefined)).toHaveProperty('fault');
  });

  it('that can only be dialled stay as they are', () => {
    expect(convert('112', 'dialled', 'IT')).toEqual({ value: '112' });
    expect(convert('*21#', 'dialled', 'IT')).toEqual({ value: '*21#' });
    expect(convert('06 12345678', 'dialled', 'IT')).toEqual({ value: '+390612345678' });
    expect(convert('anonymous', 'dialled', 'IT')).toEqual({ fault: 'is nothing that can be dialled' });
  });
});

describe('other columns', () => {
  it('are whole numbers that can be kept exactly', () => {
    expect(convert(' 42 ', 'integer', undefined)).toEqual({ value: 42 });
    expect(convert('-1', 'integer', undefined)).toEqual({ value: -1 });
    for (const text of ['4.2', '9007199254740993', '1e3', '0x10']) {
      expect(convert(text, 'integer', undefined)).toEqual({ fault: 'is no whole number' });
    }
  });

  it('are decimals, as text, that nothing rounds', () => {
    expect(convert('0,10', 'decimal', undefined)).toEqual({ value: '0.10' });
    expect(convert('1234567890.123456789', 'decimal', undefined)).toEqual({ value: '1234567890.123456789' });
    expect(convert('1.000,10', 'decimal', undefined)).toEqual({ fault: 'is no decimal number' });
  });
});

describe('records of CSV', () => {
  it('take the columns by the names in the first line, in any order', async () => {
    const found = await read(CDR, '\uFEFFS;B ;x;"A"\r\n61;112;?;0612345678\r\n');
    expect(found).toEqual([
      { kind: 'nothing' },
      { kind: 'record', record: { from: '+390612345678', to: '112', seconds: 61 } },
    ]);
  });

  it('take the columns by their places where there are no names', async () => {
    const csv = { ...CDR, header: false, fields: { to: field(2, 'dialled'), from: field(1, 'text') } };
    expect(await read(csv, 'a;112\n')).toEqual([{ kind: 'record', record: { to: '112', from: 'a' } }]);
  });

  it('keep delimiters and quotes in quoted columns', async () => {
    const csv = { ...CDR, header: false, fields: { one: field(1), two: field(2) } };
    expect(await read(csv, '"a;b";"say ""hi"""\n')).toEqual([
      { kind: 'record', record: { one: 'a;b', two: 'say "hi"' } },
    ]);
  });

  it('tell all that is wrong with a line, and go on with the next', async () => {
    const found = await read(CDR, 'A;B;S\nx;y;z\n0612345678;112;\n;112;1\n0612345678\n');
    expect(found.slice(1)).toEqual([
      {
        kind: 'reject',
        raw: 'x;y;z',
        reasons: [
          { field: 'from', message: 'is no possible telephone number of IT' },
          { field: 'to', message: 'is nothing that can be dialled' },
          { field: 'seconds', message: 'is no whole number' },
        ],
      },
      { kind: 'record', record: { from: '+390612345678', to: '112', seconds: null } },
      { kind: 'reject', raw: ';112;1', reasons: [{ field: 'from', message: 'is empty' }] },
      {
        kind: 'reject',
        raw: '0612345678',
        reasons: [
          { field: 'to', message: 'has no column in this line' },
          { field: 'seconds', message: 'has no column in this line' },
        ],
      },
    ]);
  });

  it('lose one line to a quote that is never closed, not all that follow', async () => {
    const found = await read(CDR, 'A;B;S\n"0612345678;112;1\n0612345678;112;2\n');
    expect(found[1]).toMatchObject({
      kind: 'reject',
      reasons: [{ field: null, message: 'is no line of CSV (CSV_QUOTE_NOT_CLOSED)' }],
    });
    expect(found[2]).toMatchObject({ kind: 'record', record: { seconds: 2 } });
  });

  it('refuse bytes that are no text, and keep them', async () => {
    const bytes = Buffer.from([0x30, 0xff, 0x3b, 0x31]);
    const found = await read(CDR, Buffer.concat([Buffer.from('A;B;S\n'), bytes, Buffer.from('\n')]));
    expect(found[1]).toEqual({
      kind: 'reject',
      raw: bytes.toString('base64'),
      reasons: [{ field: null, message: 'is not utf-8; raw is base64' }],
    });
  });

  it('read other encodings', async () => {
    const csv = { ...CDR, encoding: 'windows-1252' as const, header: false, fields: { one: field(1) } };
    expect(await read(csv, Buffer.from([0xe0, 0x80]))).toEqual([{ kind: 'record', record: { one: 'à€' } }]);
  });

  it('cannot be made when a column is missing', async () => {
    await expect(read(CDR, 'A;C\n')).rejects.toMatchObject({
      code: 'TURNUP_FILE_UNREADABLE',
      detail: 'the first line has no column "B", "S"',
    });
  });

  it('and rejects are together every line that holds something', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string().filter((text) => !/[\n\r]/.test(text))), async (rows) => {
        const found = await read({ ...CDR, header: false, fields: { one: field(1) } }, rows.join('\n'));
        const kept = found.filter(({ kind }) => kind !== 'nothing').length;
        expect(kept).toBe(rows.filter((row) => row.replace('\uFEFF', '').trim() !== '').length);
      }),
    );
  });
});
