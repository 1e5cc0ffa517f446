import type { Capabilities } from '../platforms/port.ts';
import type { Target } from '../targets/targets.ts';

/** What can be asked of a target: what its platform has, unless its settings say otherwise. */
export function capabilitiesOf({ platform, settings }: Pick<Target, 'platform' | 'settings'>): Capabilities {
  const { actions, callForwardTypes, operations = {}, catalog = {} } = platform;
  return (
    platform.capabilitiesOf?.(settings) ?? {
      actions,
      callForwardTypes,
      operations: Object.keys(operations),
      catalog: Object.keys(catalog),
    }
  );
}
