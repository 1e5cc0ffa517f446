import type { Config } from '../config/index.ts';
import { TurnupError, type Fault } from '../errors/index.ts';
import { platformFaults } from '../intake/platform-faults.ts';
import type { Logger } from '../observability/index.ts';
import { mergeFaults, parseOrder, type Order } from '../orders/model/index.ts';
import type { Target, Targets } from '../targets/targets.ts';
import type { Principal } from './auth/principal.ts';

export interface CheckDeps {
  readonly config: Pick<Config, 'limits'>;
  readonly targets: Pick<Targets, 'get'>;
  readonly log: Logger;
}

export interface CheckedOrder {
  readonly order: Order;
  readonly target: Target;
}

/** Faults of an order that has others already: its placeholders may be more than a platform's checks can bear. */
export async function faultsOfDraft(target: Target, draft: Order, log: Logger): Promise<Fault[]> {
  try {
    return await platformFaults(target, draft);
  } catch (error) {
    if (error instanceof TurnupError) throw error;
    log.warn({ err: error, platform: target.platform.name }, 'the checks of a platform failed on a faulty order');
    return [];
  }
}

/**
 * The order, whatever of it was right once and is not any more: that its deadline is over, or what the target offers.
 * Null when it never was one.
 */
export function readAsPostedBefore({ targets, config }: CheckDeps, input: unknown): Order | null {
  const parsed = parseOrder(input, {
    now: new Date(0),
    areaCodes: (name) => targets.get(name)?.settings.areaCodes,
    maxSubscribers: config.limits.subscribersPerOrder,
  });
  return parsed.ok ? parsed.order : null;
}

/**
 * All faults of a posted order at once: its own, those across members, and the platform's (I12).
 *
 * @param more faults of what came with the order, such as headers
 * @throws TurnupError `TURNUP_INVALID_ORDER`; `TURNUP_TARGET_FORBIDDEN` for a target that is not the client's
 */
export async function checkOrder(
  deps: CheckDeps,
  principal: Principal,
  input: unknown,
  more: readonly Fault[],
): Promise<CheckedOrder> {
  const { targets, config, log } = deps;
  const parsed = parseOrder(input, {
    now: new Date(),
    areaCodes: (name) => targets.get(name)?.settings.areaCodes,
    maxSubscribers: config.limits.subscribersPerOrder,
  });
  const draft = parsed.ok ? parsed.order : parsed.draft;
  const target = draft ? targets.get(draft.target) : undefined;
  if (target && principal.kind === 'client' && !principal.targets.includes(target.name)) {
    throw new TurnupError('TURNUP_TARGET_FORBIDDEN', { faults: [{ path: ['target'], message: 'is not yours' }] });
  }
  if (parsed.ok && target) {
    const faults = [...more, ...(await platformFaults(target, parsed.order))];
    if (faults.length > 0) throw new TurnupError('TURNUP_INVALID_ORDER', { faults });
    return { order: parsed.order, target };
  }
  const own = [...more, ...(parsed.ok ? [] : parsed.faults)];
  const further = target && draft ? await faultsOfDraft(target, draft, log) : [];
  const unknown = draft && !target ? [{ path: ['target'], message: 'is not a configured target' }] : [];
  throw new TurnupError('TURNUP_INVALID_ORDER', { faults: mergeFaults(own, [...unknown, ...further]) });
}
