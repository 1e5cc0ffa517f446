import type { CoverageRow } from '../../platforms/port.ts';
import { findPlatform, PLATFORMS } from '../../platforms/registry.ts';
import { EXIT_OK, usage } from '../report.ts';

function text(rows: readonly CoverageRow[]): string {
  const names = rows.map(({ service, operation }) => `${service}.${operation}`);
  const width = Math.max(...names.map((name) => name.length));
  return rows.map(({ reachedBy }, at) => `${names[at]!.padEnd(width)}  ${reachedBy}`).join('\n');
}

/** Every operation of a platform, and how an order or a read reaches it. */
export async function run(input: { readonly platform: string; readonly json?: boolean }): Promise<number> {
  const platform = findPlatform(input.platform);
  if (!platform) {
    throw usage(`there is no platform "${input.platform}"; there are: ${PLATFORMS.map(({ name }) => name).join(', ')}`);
  }
  const { coverage } = platform;
  if (!coverage) {
    const others = PLATFORMS.filter((other) => other.coverage).map(({ name }) => name);
    throw usage(`${platform.title} has no list of operations; ${others.join(', ') || 'no platform'} has`);
  }
  const rows = coverage.map(({ service, operation, reachedBy }) => ({ service, operation, reachedBy }));
  console.log(input.json ? JSON.stringify(rows, null, 2) : text(rows));
  return EXIT_OK;
}
