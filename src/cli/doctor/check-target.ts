import type { TargetConfig } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import type { CheckedCapability, Definitions } from '../../platforms/port.ts';
import type { Check } from './check.ts';

const LIMIT_MS = 60_000;

const checkOf = (about: string, { name, ok, detail }: CheckedCapability): Check => ({
  about: `${about}, ${name}`,
  verdict: ok ? 'good' : 'bad',
  detail,
});

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
    const bind = (client?: string) =>
      connection.bind({
        client,
        signal: AbortSignal.timeout(LIMIT_MS),
        beforeCall: (write) =>
          write
            ? Promise.reject(new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'a look must not change anything' }))
            : Promise.resolve(),
        afterCall: () => undefined,
      });
    const capabilities = await platform.probe(bind());
    const checks = capabilities.map((capability) => checkOf(about, capability));
    for (const client of Object.keys(settings.impersonate ?? {})) {
      const acting = await platform.probeClient?.(bind(client));
      if (acting) checks.push(checkOf(`${about}, client ${client}`, acting));
    }
    return checks;
  } catch (error) {
    return [{ about, verdict: 'bad', detail: error instanceof Error ? error.message : String(error) }];
  } finally {
    await connection.close().catch(() => undefined);
  }
}
