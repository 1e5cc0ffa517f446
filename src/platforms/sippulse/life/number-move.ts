import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json, NumberMove, StepResult } from '../../port.ts';
import { platformNumber } from '../numbers.ts';
import { beforeOf } from '../operations/spec.ts';
import { itemsOf, numberOrNull, textOrNull } from '../read.ts';
import { gone, reload, reloadOfSubscriber } from '../shared/reload.ts';
import { removeAndLook } from '../shared/removal.ts';
import { findSubscriber, nameOfUser, replaceSubscriber } from '../shared/subscriber-record.ts';
import { inTurns } from '../shared/turn.ts';
import { asFound } from '../soap/clean.ts';
import { byHand, missing, objectId, type Context, type Kind } from '../steps/common.ts';
import { ownSubscriber, ownSubscriberIfAny } from '../steps/owner.ts';
import { idsIn, reloadOfDid, reloadStep } from '../steps/reloads.ts';
import type { Item } from '../types.ts';

/** What the giver had: its DID, and the number that its calls showed, where they showed this one. */
interface Before {
  readonly did: Item | null;
  readonly rpid: string | null;
}

function moveOf(ctx: Context): NumberMove {
  if (!ctx.move) throw missing('its move');
  return ctx.move;
}

const userOf = ({ username, domain }: { username: string; domain: string }) => ({ username, domain });
const numberOf = (ctx: Context): string => platformNumber(moveOf(ctx).number, ctx.client.defaults);

/** The DID of the number, where this subscriber has it. */
async function didOf(ctx: Context, user: Item): Promise<Item | null> {
  const dids = itemsOf(await ctx.client.read('DidWS', 'listByAcc', { accountCode: nameOfUser(user) }), 'did');
  return dids.find((did) => textOrNull(did['aliasUsername']) === numberOf(ctx)) ?? null;
}

async function look(ctx: Context) {
  const { from, to } = moveOf(ctx);
  const receiver = await ownSubscriber(ctx.client, userOf(to), ctx.order.customer.externalId);
  const there = await didOf(ctx, userOf(to));
  const giver = there
    ? await ownSubscriberIfAny(ctx.client, userOf(from), from.customer)
    : await ownSubscriber(ctx.client, userOf(from), from.customer);
  const here = giver && (await didOf(ctx, userOf(from)));
  const isShown = giver !== null && textOrNull(giver['rpid']) === numberOf(ctx);
  return { receiver, there, giver, here, isShown };
}

function nowhere(ctx: Context): TurnupError {
  const { from, to } = moveOf(ctx);
  return new TurnupError('TURNUP_OBJECT_MISSING', {
    detail:
      `neither ${nameOfUser({ ...from })} nor ${nameOfUser({ ...to })} has the DID ${numberOf(ctx)}; ` +
      'whether anybody else has it the platform does not tell',
  });
}

async function removeDid(ctx: Context, user: Item, { id }: Item): Promise<void> {
  await removeAndLook(
    () => ctx.client.write('DidWS', 'deleteDid', { didId: id }),
    async () => (await didOf(ctx, user))?.['id'] === id,
  );
}

async function insertDid(ctx: Context, { id: _id, ...did }: Item): Promise<number | null> {
  const reply = await ctx.client.write('DidWS', 'insertDid', { did: asFound(did) });
  return numberOrNull(reply?.['didId']);
}

/** The same DID as another subscriber's. */
const handedTo = (did: Item, user: { username: string; domain: string }): Item => ({
  ...did,
  ...userOf(user),
  accountCode: nameOfUser(user),
});

async function show(ctx: Context, user: Item, giver: Item, rpid: string | null): Promise<void> {
  if (textOrNull(giver['rpid']) === rpid) return;
  await replaceSubscriber(ctx.client, user, { ...giver, rpid });
}

const baseOf = ({ intent }: Context): Before | null =>
  intent?.state === 'different' ? (intent.before as unknown as Before) : null;

const resultOf = (before: Before | null, didId: number | null): StepResult => ({
  didId,
  removed: idsIn([before?.did?.['id']]),
  wasShown: (before?.rpid ?? null) !== null,
});

/**
 * A number goes from one subscriber to another, where it is one more DID. A number is a DID once (sippulse.md, `did`), so
 * it is taken away before it is given. Result: `{ didId, removed, wasShown }`.
 */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['moves'],
  resultShape: byHand({
    didId: objectId.optional(),
    removed: z.array(objectId).optional(),
    wasShown: z.boolean().optional(),
  }),

  async find(ctx): Promise<Finding> {
    const { there, here, isShown } = await look(ctx);
    const base = baseOf(ctx);
    if (there && !here && !isShown) {
      return { state: 'present', ours: ctx.intent !== null, result: resultOf(base, numberOrNull(there['id'])) };
    }
    // Taken away by an attempt of ours, and not given yet.
    if (!there && !here && !base?.did) throw nowhere(ctx);
    const before = base ?? { did: here, rpid: isShown ? numberOf(ctx) : null };
    return { state: 'different', before: before as unknown as Json, differs: ['number'] };
  },

  async do(ctx, finding) {
    const { from, to } = moveOf(ctx);
    const before = beforeOf(finding) as unknown as Before;
    const { there, here, giver, isShown } = await look(ctx);
    if (here) await removeDid(ctx, userOf(from), here);
    let didId = numberOrNull(there?.['id']);
    if (!there) {
      const did = before.did ?? here;
      if (!did) throw nowhere(ctx);
      didId = await insertDid(ctx, handedTo(did, to));
    }
    if (giver && isShown) await show(ctx, userOf(from), giver, null);
    return resultOf(before, didId);
  },

  async undo(ctx) {
    const before = baseOf(ctx);
    const { from, to } = moveOf(ctx);
    const giver = before && (await findSubscriber(ctx.client, userOf(from)));
    if (!giver) return;
    const touched: unknown[] = [before.did?.['id'], ctx.done.result['didId']];
    const here = await didOf(ctx, userOf(from));
    if (before.did && !here) {
      const there = await didOf(ctx, userOf(to));
      if (there) await removeDid(ctx, userOf(to), there);
      touched.push(there?.['id'], await insertDid(ctx, before.did));
    } else touched.push(here?.['id']);
    for (const id of new Set(idsIn(touched))) await reload(ctx, gone(reloadOfDid(id)));
    if (before.rpid === null) return;
    await show(ctx, userOf(from), giver, before.rpid);
    await reload(ctx, reloadOfSubscriber(userOf(from)));
  },
};

/** Changes both subscribers, and is the only one to do so. */
export const numberMoveStep = inTurns(step, (ctx) => [userOf(moveOf(ctx).from), userOf(moveOf(ctx).to)]);

/** What the move changed on both sides. */
export const reloadNumberStep = reloadStep((ctx) => {
  const { id, from } = moveOf(ctx);
  const { outcome, result = {} } = ctx.needs[`${id}.numberMove`] ?? {};
  if (outcome !== 'changed' && outcome !== 'skipped') return [];
  return [
    ...idsIn(result['removed']).map((didId) => gone(reloadOfDid(didId))),
    ...idsIn([result['didId']]).map(reloadOfDid),
    ...(result['wasShown'] === true ? [reloadOfSubscriber(userOf(from))] : []),
  ];
});
