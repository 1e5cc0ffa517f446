import { TurnupError } from '../../../errors/index.ts';
import type { Finding, NumberMove, StepContext, StepKind } from '../../port.ts';
import { idOf } from '../lookup.ts';
import { digitsOf } from '../numbers.ts';
import type { PreferenceImage } from '../preference-values.ts';
import { exists } from '../shared/exists.ts';
import { imageIn } from '../shared/image.ts';
import { findOwn, findSubscriber, missing, missingSubscriber, refuseOthers } from '../shared/locate.ts';
import { isGone } from '../refusal.ts';
import { isOddlyLocked, keepLevel, lockingOf, type Locking } from '../shared/locking.ts';
import { followersImage, forbidToShow, mayShow, restoreFollowers } from '../shared/number-preferences.ts';
import { ownerOf, takenBy } from '../shared/subscriber-numbers.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import { neededStep, resultId } from '../steps/needed.ts';
import type { Item, SipwiseClient } from '../types.ts';
import { give, numberIn, take, transfer, type OwnedNumber } from './number-transfer.ts';

type Context = StepContext<SipwiseClient>;

/** One side of a move, as it was before. */
interface Side {
  readonly id: number;
  readonly followers: PreferenceImage;
  /** Present when any change brings another lock level. */
  readonly locking?: Required<Locking>;
}

interface Image {
  /** Who has it now; null: nobody. */
  readonly owner: number | null;
  readonly number: OwnedNumber | null;
  readonly giver: Side | null;
  readonly receiver: Side;
}

/**
 * A number that goes from one subscriber to another, where it becomes an alias. An alias goes in one call; a primary
 * number cannot be reassigned (sipwise-ngcp.md §8.12), so it is taken away first and given then. Result:
 * `{ subscriberId }`, the new owner's.
 */
export const numberMoveStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: false,
  uses: ['moves.*'],
  resultShape: byHand({ subscriberId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    const move = moveOf(ctx);
    const digits = digitsOf(move.number);
    const receiver = await receiverOf(ctx, move);
    const giver = await findOwn(ctx.client, move.from, move.from.customer);
    const owner = await ownerOf(ctx.client, digits);
    const result = { subscriberId: idOf(receiver) };
    if (owner && idOf(owner) === idOf(receiver)) {
      const isLeftBehind = giver !== null && (await mayShow(ctx.client, idOf(giver), new Set([digits])));
      if (!isLeftBehind) return { state: 'present', ours: ctx.intent !== null, result };
    } else if (owner && (!giver || idOf(owner) !== idOf(giver))) {
      throw takenBy(digits, owner);
    } else if (!owner && ctx.intent?.state !== 'different') {
      throw giver ? missing(`nobody has the number +${digits}`) : missingSubscriber(move.from);
    }
    return { state: 'different', before: (await imageOf(ctx, owner, giver, receiver)) as never };
  },

  async do(ctx, finding) {
    const { client } = ctx;
    const digits = digitsOf(moveOf(ctx).number);
    const now = imageIn(finding) as unknown as Image;
    const first = ctx.intent?.state === 'different' ? (ctx.intent.before as unknown as Image) : now;
    const { giver, receiver } = first;
    const number = now.number ?? first.number;
    if (giver && number && now.owner === giver.id) await transfer(client, number, giver.id, receiver.id);
    else if (number && now.owner === null) await give(client, number, receiver.id);
    for (const side of [giver, receiver]) if (side?.locking) await keepLevel(client, side.id, side.locking);
    if (giver) await forbidToShow(client, giver.id, new Set([digits]));
    return { subscriberId: receiver.id };
  },

  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const { giver, receiver, number, owner } = ctx.intent.before as unknown as Image;
    if (number && giver && owner === giver.id) await bringBack(ctx, number, giver.id, receiver.id);
    for (const side of [giver, receiver]) if (side) await restoreSide(ctx.client, side);
  },
};

function moveOf({ move }: Context): NumberMove {
  if (move) return move;
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the step lacks its move' });
}

async function receiverOf(ctx: Context, { to }: NumberMove): Promise<Item> {
  const found = await findSubscriber(ctx.client, to);
  if (!found) throw missingSubscriber(to);
  refuseOthers(to, found, resultId(neededStep(ctx, 'customer'), 'customerId'));
  return found;
}

async function imageOf(ctx: Context, owner: Item | null, giver: Item | null, receiver: Item): Promise<Image> {
  return {
    owner: owner && idOf(owner),
    number: owner && numberIn(owner, digitsOf(moveOf(ctx).number)),
    giver: giver && (await sideOf(ctx.client, giver)),
    receiver: await sideOf(ctx.client, receiver),
  };
}

async function sideOf(client: SipwiseClient, found: Item): Promise<Side> {
  const locking = lockingOf(found);
  return {
    id: idOf(found),
    followers: await followersImage(client, idOf(found)),
    ...(isOddlyLocked(locking) && { locking }),
  };
}

/** Wherever it is now, on its way or elsewhere. */
async function bringBack(ctx: Context, number: OwnedNumber, giverId: number, receiverId: number): Promise<void> {
  const { client } = ctx;
  const digits = digitsOf(moveOf(ctx).number);
  const owner = await ownerOf(client, digits);
  const id = owner && idOf(owner);
  if (id !== null && id !== giverId && id !== receiverId) throw takenBy(digits, owner!);
  // Who gave it is gone, and it would have gone with them.
  if (!(await exists(client, `/api/subscribers/${giverId}`))) {
    if (id === receiverId) await take(client, { ...number, isPrimary: false }, receiverId);
  } else if (id === receiverId) {
    await transfer(client, { ...number, isPrimary: false }, receiverId, giverId, number.isPrimary);
  } else if (id === null) {
    await give(client, number, giverId, number.isPrimary);
  }
}

async function restoreSide(client: SipwiseClient, { id, followers, locking }: Side): Promise<void> {
  try {
    await restoreFollowers(client, id, followers);
    if (locking) await keepLevel(client, id, locking);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
