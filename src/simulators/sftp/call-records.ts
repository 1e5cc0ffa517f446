/*
 * Made-up call records as a hosting network might give them out. Numbers are 5555…, which nobody has; nothing in here is
 * taken from any operator's files.
 */

export interface SftpFile {
  readonly content: Buffer;
  /** Seconds since 1970. */
  readonly mtime: number;
}

const HEAD = 'start;caller;called;seconds;trunk';

/** One line of the second has a duration that is none. */
const FILES: Readonly<Record<string, { readonly at: string; readonly lines: readonly string[] }>> = {
  'CDR_20261101_0800.csv': {
    at: '2026-11-01T08:05:00Z',
    lines: [
      HEAD,
      '2026-11-01 08:00:12;0655550101;0655550102;61;RO-1',
      '2026-11-01 08:01:40;0655550103;+4315550101;12;RO-1',
      '2026-11-01 08:02:03;0655550101;112;34;RO-2',
    ],
  },
  'CDR_20261101_0900.csv': {
    at: '2026-11-01T09:05:00Z',
    lines: [
      HEAD,
      '2026-11-01 09:00:01;0655550102;0655550101;5;RO-1',
      '2026-11-01 09:03:59;0655550103;0655550199;240;RO-1',
      '2026-11-01 09:04:10;0655550101;0655550102;a while;RO-2',
    ],
  },
  'CDR_20261101_1000.csv': {
    at: '2026-11-01T10:05:00Z',
    lines: [HEAD, '2026-11-01 10:00:30;0655550101;0655550104;17;RO-1'],
  },
  'README.txt': { at: '2026-11-01T07:00:00Z', lines: ['No call records in here.'] },
};

export const sampleFiles = (): Map<string, SftpFile> =>
  new Map(
    Object.entries(FILES).map(([name, { at, lines }]) => [
      name,
      { content: Buffer.from(`${lines.join('\n')}\n`), mtime: Date.parse(at) / 1000 },
    ]),
  );
