import { createOnceCache } from '../../once-cache.ts';
import type { Stage, TargetSettings } from '../../port.ts';
import { defaultsOf } from '../client.ts';
import type { SippulseSettings } from '../settings.ts';
import { stripEmpty } from '../soap/clean.ts';
import { liveNameOf } from '../soap/names.ts';
import type { Args, Reply, SippulseClient } from '../types.ts';
import { createWorld } from './world.ts';

/** Records writes instead of sending them, without the login; see `Stage` for who answers reads. */
export function rehearse({ native }: TargetSettings<SippulseSettings>, stage: Stage<SippulseClient>): SippulseClient {
  const { target } = stage;
  const defaults = defaultsOf(native);
  const world = createWorld(stage, defaults);

  return {
    async read(service, operation, args) {
      return target ? target.read(service, operation, args) : world.read(service, operation, args);
    },
    async write(service, operation, args): Promise<Reply> {
      const name = liveNameOf(operation) ?? operation;
      const body = stripEmpty(args) as Args;
      stage.record({ service, operation: name, body });
      return world.write(service, name, body);
    },
    offers: (service, operation) => (target ? target.offers(service, operation) : Promise.resolve(true)),
    liveSurface: (service) => (target ? target.liveSurface(service) : Promise.resolve(null)),
    defaults,
    references: target?.references ?? createOnceCache<unknown>(Infinity),
  };
}
