import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '../../collector/model.ts';
import type { CollectionView, FilePage } from '../../collector/read.ts';
import type { SftpSource } from '../../simulators/index.ts';
import { progressText, runText } from '../collect-text.ts';

/** Name of the collection. */
export const SOURCE = 'cdr';

/** What the stand-in has, and what is to become of it: one line of one file is none. */
const EXPECTED = { files: 3, records: 6, rejected: 1 };

const LOOK_EVERY_MS = 80;
const PATIENCE_MS = 60_000;

/** As in a configuration file. It runs when it is asked to: nobody waits for three in the morning. */
export function cdrConfig({ put: _put, close: _close, ...server }: SftpSource, into: string): object {
  const { hostKey, ...login } = server;
  return {
    ...login,
    hostKeys: [hostKey],
    sourceAddresses: [server.host],
    files: ['CDR_*.csv'],
    schedule: { cron: '0 3 * * *', timezone: 'Europe/Rome' },
    settleSeconds: 0,
    minimumFreeBytes: 0,
    retentionDays: 1,
    into,
    parser: 'csv',
    csv: {
      country: 'IT',
      fields: {
        start: { column: 'start' },
        from: { column: 'caller', as: 'number' },
        to: { column: 'called', as: 'dialled' },
        seconds: { column: 'seconds', as: 'integer' },
      },
    },
  };
}

interface Deps {
  /** Where its files lie on this machine. */
  readonly into: string;
  call(method: string, path: string, body?: unknown): Promise<Response>;
  say(line?: string): void;
}

type Detail = CollectionView & { readonly runs: readonly RunSummary[] };

async function watch({ call, say }: Deps, id: string): Promise<RunSummary | null> {
  const until = performance.now() + PATIENCE_MS;
  let told = '';
  while (performance.now() < until) {
    const seen = (await (await call('GET', `/v1/collections/${SOURCE}`)).json()) as Detail;
    const ended = seen.runs.find((run) => run.id === id);
    if (ended) return ended;
    const text = seen.run === null ? '' : progressText(seen.run);
    if (text !== '' && text !== told) say(`  ${text}`);
    told = text;
    await sleep(LOOK_EVERY_MS);
  }
  return null;
}

const firstLine = async (file: string): Promise<string> => (await readFile(file, 'utf8')).split('\n', 1)[0] ?? '';

/** Collects once from the stand-in and shows what came of it. True when it is what it should be. */
export async function collectOnce(deps: Deps): Promise<boolean> {
  const { into, call, say } = deps;
  say();
  say('Call records of the hosting network, fetched by SFTP with a key and a password:');
  const begun = await call('POST', `/v1/collections/${SOURCE}/runs`, {});
  if (begun.status !== 202) {
    say(`NOT ${SOURCE}: the run was answered ${begun.status}`);
    return false;
  }
  const run = await watch(deps, ((await begun.json()) as { id: string }).id);
  if (!run) {
    say(`NOT ${SOURCE}: the run did not end within ${PATIENCE_MS / 1000} s`);
    return false;
  }
  for (const line of runText(run).split('\n')) say(`  ${line}`);
  const { items } = (await (await call('GET', `/v1/collections/${SOURCE}/files`)).json()) as FilePage;
  const count = (of: 'good' | 'rejected'): number => items.reduce((sum, { records }) => sum + (records?.[of] ?? 0), 0);
  const odd = items.find(({ records }) => (records?.rejected ?? 0) > 0)?.local;
  if (odd) {
    say(`  a record    ${await firstLine(join(into, 'records', `${odd}.ndjson`))}`);
    say(`  a reject    ${await firstLine(join(into, 'rejects', `${odd}.ndjson`))}`);
  }
  const got = { files: run.counts.handedOver, records: count('good'), rejected: count('rejected') };
  const right = run.outcome === 'done' && JSON.stringify(got) === JSON.stringify(EXPECTED);
  say(`${right ? 'ok ' : 'NOT'} ${SOURCE}: ${got.files} files, ${got.records} records, ${got.rejected} line rejected`);
  return right;
}
