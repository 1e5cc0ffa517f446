import colours from 'picocolors';
import type { RunProgress, RunSummary } from '../collector/model.ts';

const WIDTH = 30;
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

const WORDS: Readonly<Record<RunProgress['phase'], string>> = {
  connecting: 'connecting',
  listing: 'listing',
  settling: 'waiting whether files still grow',
  fetching: 'fetching',
  handingOver: 'handing over',
};

function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]!}`;
}

/** One line: how far a run is. */
export function progressText({ phase, files, bytes }: RunProgress): string {
  if (phase !== 'fetching' || files.total === 0) return `${WORDS[phase]} …`;
  const share = bytes.total === 0 ? files.done / files.total : Math.min(1, bytes.done / bytes.total);
  const full = Math.round(share * WIDTH);
  const bar = `${colours.green('█'.repeat(full))}${colours.dim('░'.repeat(WIDTH - full))}`;
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `${bar} ${percent} %  ${files.done} of ${files.total} files  ${bytesText(bytes.done)} of ${bytesText(bytes.total)}`;
}

const OUTCOMES: Readonly<Record<RunSummary['outcome'], string>> = {
  done: colours.green('done'),
  more: colours.yellow('stopped at a limit of the collection; the next run goes on'),
  failed: colours.red('failed'),
  stopped: colours.yellow('stopped with its worker; another goes on'),
};

/** What a run came to. */
export function runText({ outcome, counts, error, connection }: RunSummary): string {
  const { fetched, handedOver, refused, gone, waiting, skipped, bytes } = counts;
  const parts = [
    `${fetched} fetched (${bytesText(bytes)})`,
    `${handedOver} handed over`,
    ...(waiting > 0 ? [`${waiting} not whole yet`] : []),
    ...(refused > 0 ? [colours.red(`${refused} refused`)] : []),
    ...(gone > 0 ? [colours.yellow(`${gone} gone`)] : []),
    ...(skipped > 0 ? [colours.yellow(`${skipped} with names that cannot be used`)] : []),
  ];
  const lines = [`${OUTCOMES[outcome]}: ${parts.join(', ')}`];
  if (connection) {
    const { localAddress, cipher, mac, factors } = connection;
    lines.push(colours.dim(`from ${localAddress}, ${cipher}, ${mac}, ${factors.join(' and ')}`));
  }
  if (error) lines.push(`${colours.red(error.title)}${error.detail ? `: ${error.detail}` : ''}`, `  ${error.hint}`);
  return lines.join('\n');
}
