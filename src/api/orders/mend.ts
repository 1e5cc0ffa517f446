import type { RequestHandler } from 'express';
import { TurnupError } from '../../errors/index.ts';
import { joinSecrets, parseJsonStrict, type Order } from '../../orders/model/index.ts';
import type { StoredContent } from '../../orders/content.ts';
import type { MendInput } from '../../orders/mend.ts';
import type { OrderView } from '../../orders/record.ts';
import { stepKind } from '../../platforms/port.ts';
import { actorOf, principalOf, requireOperator } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { bytesOf } from '../http/body.ts';
import { describeChanges, usesChange } from './changes.ts';
import { withDomains } from './domains.ts';
import { readDoubts } from './doubt.ts';
import { checkMend, type Current, type MendedOrder } from './mend-check.ts';
import { visibleOrder } from './visible-order.ts';

export type MendDeps = Pick<ApiDeps, 'config' | 'store' | 'targets' | 'keyRing' | 'log'>;

const conflict = (detail: string): TurnupError => new TurnupError('TURNUP_STATE_CONFLICT', { detail });

function orderOf({ common, subscribers, operations }: StoredContent): Order {
  const { domains: _domains, ...rest } = common;
  return { ...rest, subscribers, operations } as unknown as Order;
}

async function readCurrent({ store, targets, keyRing }: MendDeps, view: OrderView): Promise<Current> {
  const content = await store.content(view.id);
  if (!content) throw conflict(`The order is ${view.state} and archived.`);
  if (content.state !== 'held') throw conflict(`The order is ${content.state}; only a held one can be mended.`);
  if (content.direction === 'undo') throw conflict('The order is being undone; there is nothing to mend.');
  const target = targets.get(content.target);
  if (!target) throw conflict(`The target ${content.target} is not configured.`);
  const secrets =
    content.secrets === null ? {} : (JSON.parse(keyRing.open(content.secrets, view.id)) as Record<string, string>);
  const body = orderOf(content);
  return { content, target, order: joinSecrets(body, secrets), parts: { body, secrets } };
}

/** Steps that will look for something else than they did: what they meant to do until now was refused. */
function outdatedIntents({ content, order, target }: Current, { changes }: MendedOrder): string[] {
  return content.plan
    .filter((step) => {
      const { begun } = content.steps[step.id]!;
      return (
        begun && changes.some((change) => usesChange(step, stepKind(target.platform, order.action, step.kind), change))
      );
    })
    .map(({ id }) => id);
}

function toInput({ keyRing }: MendDeps, id: string, by: string, current: Current, mended: MendedOrder): MendInput {
  const { secrets } = mended.parts;
  const sealed = Object.keys(secrets).length > 0 ? keyRing.seal(JSON.stringify(secrets), id) : null;
  const isOther = mended.changes.some(({ isSecret }) => isSecret);
  return {
    by,
    version: current.content.version,
    order: withDomains(mended.parts.body),
    plan: mended.plan,
    ...(isOther && { secrets: sealed === null ? null : { sealed, keyId: keyRing.currentKeyId } }),
    generated: mended.generated,
    forgetIntents: outdatedIntents(current, mended),
    detail: describeChanges(mended.changes),
  };
}

/** `PATCH /v1/orders/{id}`: other data for the steps of a held order that are not done. A retry follows. */
export function mendOrder(deps: MendDeps): RequestHandler {
  const { store, log } = deps;
  return async (req, res) => {
    const principal = principalOf(res);
    const view = await visibleOrder(store, req, res);
    const by = actorOf(requireOperator(principal, 'operator'));
    const patch = parseJsonStrict(bytesOf(req)) as Record<string, unknown>;
    const current = await readCurrent(deps, view);
    const mended = await checkMend(deps, current, patch, await readDoubts(store, view.id));
    if (mended.changes.length > 0) {
      const answer = await store.mend(view.id, toInput(deps, view.id, by, current, mended));
      if (answer.kind === 'refused') throw conflict(answer.reason);
      if (answer.kind !== 'mended') throw conflict('Something else happened to the order meanwhile; read it again.');
      log.info({ order: view.id, act: 'mend', by, changes: mended.changes.length }, 'order acted on');
    }
    res.json(await store.read(view.id));
  };
}
