import type { RequestHandler } from 'express';
import { parseJsonStrict } from '../../orders/model/index.ts';
import type { MendInput } from '../../orders/mend.ts';
import type { OrderView } from '../../orders/record.ts';
import { stepKind } from '../../platforms/port.ts';
import { actorOf, principalOf, requireOperator } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { bytesOf } from '../http/body.ts';
import { describeChanges, usesChange } from './changes.ts';
import { withDomains } from '../../intake/domains.ts';
import { readDoubts } from './doubt.ts';
import { checkMend, type MendedOrder } from './mend-check.ts';
import { conflict, openContent, type Current } from './stored-order.ts';
import { visibleOrder } from './visible-order.ts';

export type MendDeps = Pick<ApiDeps, 'config' | 'store' | 'targets' | 'keyRing' | 'log'>;

async function readCurrent(deps: MendDeps, view: OrderView): Promise<Current> {
  const content = await deps.store.content(view.id);
  if (!content) throw conflict(`The order is ${view.state} and archived.`);
  if (content.state !== 'held') throw conflict(`The order is ${content.state}; only a held one can be mended.`);
  if (content.direction === 'undo') throw conflict('The order is being undone; there is nothing to mend.');
  return openContent(deps, view.id, content);
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
