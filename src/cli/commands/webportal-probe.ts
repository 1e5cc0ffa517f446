import { loadConfig } from '../../config/index.ts';
import type { Check } from '../doctor/check.ts';
import { checkTarget } from '../doctor/check-target.ts';
import { checksText } from '../doctor/text.ts';
import { EXIT_FAILED, EXIT_OK, usage } from '../report.ts';

export interface ProbeInput {
  readonly target?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** Tries what only reads on configured portals. */
export async function run({ target, config: path, json = false }: ProbeInput): Promise<number> {
  const { targets } = await loadConfig(path === undefined ? {} : { path });
  const portals = [...targets.values()].filter(({ platform }) => platform.wireProfile !== undefined);
  const asked = target === undefined ? portals : portals.filter(({ name }) => name === target);
  if (asked.length === 0) {
    const known = portals.map(({ name }) => name).join(', ') || 'none';
    throw usage(
      target === undefined ? 'no portal is configured' : `"${target}" is no configured portal; there are: ${known}`,
    );
  }
  const checks: Check[] = [];
  for (const portal of asked) {
    const { name, platform, settings } = portal;
    for (const detail of platform.settingsWarnings?.(settings) ?? []) {
      checks.push({ about: `target ${name}`, verdict: 'warning', detail });
    }
    checks.push(...(await checkTarget(portal)));
  }
  console.log(json ? JSON.stringify(checks, null, 2) : checksText(checks));
  return checks.every(({ verdict }) => verdict !== 'bad') ? EXIT_OK : EXIT_FAILED;
}
