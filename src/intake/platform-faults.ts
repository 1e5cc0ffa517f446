import type { Fault } from '../errors/index.ts';
import { mergeFaults, type Order } from '../orders/model/index.ts';
import type { Platform } from '../platforms/port.ts';
import type { Target } from '../targets/targets.ts';

/** Operations that the platform does not offer; what they are given is for the platform to check. */
function operationFaults({ operations: offered, title }: Platform, { operations }: Order): Fault[] {
  if (operations.length === 0) return [];
  if (!offered || Object.keys(offered).length === 0) {
    return [{ path: ['operations'], message: `are not offered by ${title}` }];
  }
  return [...operations.entries()]
    .filter(([, { service, operation }]) => !Object.hasOwn(offered, `${service}.${operation}`))
    .map(([at]) => ({ path: ['operations', at, 'operation'], message: `is not one that ${title} offers` }));
}

/** What the platform itself finds wrong, as far as it can tell without a call. */
export async function platformFaults(
  target: Pick<Target, 'platform' | 'settings' | 'definitions'>,
  order: Order,
): Promise<Fault[]> {
  const { platform, settings, definitions } = target;
  const faults: Fault[] = [];
  if (!platform.actions.includes(order.action)) {
    faults.push({ path: ['action'], message: `is not offered by ${platform.title}` });
  }
  const own = [...faults, ...operationFaults(platform, order)];
  return mergeFaults(own, platform.check(order, settings, await definitions.cached()));
}
