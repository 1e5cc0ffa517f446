import { createOnceCache } from '../../once-cache.ts';
import type { Stage, TargetSettings } from '../../port.ts';
import { defaultsOf, isRead } from '../client.ts';
import type { NgnproSettings } from '../settings.ts';
import type { Args, NgnproClient } from '../types.ts';
import { createWorld } from './world.ts';

/** Records writes instead of sending them, without the login; see `Stage` for who answers reads. */
export function rehearse(settings: TargetSettings<NgnproSettings>, stage: Stage<NgnproClient>): NgnproClient {
  const { target } = stage;
  // A digest of what stands for a password would not be known as a secret.
  const defaults = { ...defaultsOf(settings), passwords: 'clear' as const };
  const world = createWorld(stage, defaults);

  const client: NgnproClient = {
    async call(port, operation, args = {}) {
      if (isRead(operation)) {
        return target ? target.call(port, operation, args) : world.read(port, operation, args);
      }
      const body = withoutNulls(args) as Args;
      stage.record({ service: port, operation, body });
      return world.write(port, operation, body);
    },
    liveSurface: () => (target ? target.liveSurface() : Promise.resolve(null)),
    throwaway: () => stage.secret(),
    defaults,
    actsFor: target?.actsFor ?? null,
    itself: () => client,
    references: target?.references ?? createOnceCache<unknown>(Infinity),
  };
  return client;
}

/** As they are sent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null && member !== undefined)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
}
