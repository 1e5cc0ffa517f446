import colours from 'picocolors';
import type { Check } from './check.ts';

const MARKS: Readonly<Record<Check['verdict'], string>> = {
  good: colours.green('ok  '),
  warning: colours.yellow('note'),
  bad: colours.red('BAD '),
};

export function checksText(checks: readonly Check[]): string {
  const lines = checks.map(({ verdict, about, detail }) => `${MARKS[verdict]} ${colours.bold(about)}: ${detail}`);
  const bad = checks.filter(({ verdict }) => verdict === 'bad');
  // Files that cannot be fetched keep no order waiting.
  const what = bad.every(({ about }) => about.startsWith('collection ')) ? 'A collection' : 'An order';
  const end =
    bad.length === 0
      ? 'An order would find what it needs.'
      : `${what} would fail: ${bad.length} of ${checks.length} checks.`;
  return [...lines, '', end].join('\n');
}
