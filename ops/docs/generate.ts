/*
 * Writes the pages under docs that are made from code. With --check it writes nothing and exits with 1 when one
 * is stale.
 */
import { stalePages, writePages } from './pages.ts';

const stale = await stalePages();
if (process.argv.includes('--check')) {
  for (const { path } of stale) console.error(`${path} is stale: run "npm run docs"`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  await writePages(stale);
  for (const { path } of stale) console.log(`written: ${path}`);
}
