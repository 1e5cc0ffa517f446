import { TurnupError } from '../../errors/index.ts';
import { joinSecrets, type Order } from '../../orders/model/index.ts';
import type { StoredContent } from '../../orders/content.ts';
import type { KeyRing } from '../../secrets/index.ts';
import type { Target, Targets } from '../../targets/targets.ts';
import type { OrderParts } from './changes.ts';

/** An order as it is stored, its secrets opened. */
export interface Current {
  readonly content: StoredContent;
  /** With its secrets. */
  readonly order: Order;
  readonly parts: OrderParts;
  readonly target: Target;
}

export const conflict = (detail: string): TurnupError => new TurnupError('TURNUP_STATE_CONFLICT', { detail });

function bodyOf({ common, subscribers, operations }: StoredContent): Order {
  const { domains: _domains, ...rest } = common;
  return { ...rest, subscribers, operations } as unknown as Order;
}

/** @throws TurnupError `TURNUP_STATE_CONFLICT` when the target is no longer configured */
export function openContent(
  { targets, keyRing }: { targets: Pick<Targets, 'get'>; keyRing: Pick<KeyRing, 'open'> },
  id: string,
  content: StoredContent,
): Current {
  const target = targets.get(content.target);
  if (!target) throw conflict(`The target ${content.target} is not configured.`);
  const secrets =
    content.secrets === null ? {} : (JSON.parse(keyRing.open(content.secrets, id)) as Record<string, string>);
  const body = bodyOf(content);
  return { content, target, order: joinSecrets(body, secrets), parts: { body, secrets } };
}
