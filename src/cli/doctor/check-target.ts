import type { TargetConfig } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import type { Definitions } from '../../platforms/port.ts';
import type { Check } from './check.ts';

const LIMIT_MS = 60_000;

/** Reachability, login and capabilities of one target, by its platform's own probe. Never throws. */
export async function checkTarget({ name, platform, settings }: TargetConfig): Promise<Check[]> {
  const about = `target ${name}`;
  let definitions: Definitions | null = null;
  const connection = platform.connect(settings, {
    // Of this look only: what workers keep is for them to renew.
    async get(client) {
      definitions ??= await platform.loadDefinitions(client);
      return definitions;
    },
    forget: () => {
      definitions = null;
      return Promise.resolve();
    },
  });
  try {
    const client = connection.bind({
      signal: AbortSignal.timeout(LIMIT_MS),
      beforeCall: (write) =>
        write
          ? Promise.reject(new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'a look must not change anything' }))
          : Promise.resolve(),
      afterCall: () => undefined,
    });
    const capabilities = await platform.probe(client);
    return capabilities.map(({ name: what, ok, detail }) => ({
      about: `${about}, ${what}`,
      verdict: ok ? 'good' : 'bad',
      detail,
    }));
  } catch (error) {
    return [{ about, verdict: 'bad', detail: error instanceof Error ? error.message : String(error) }];
  } finally {
    await connection.close().catch(() => undefined);
  }
}
