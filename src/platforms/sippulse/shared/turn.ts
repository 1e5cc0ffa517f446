import { setTimeout as sleep } from 'node:timers/promises';
import { TurnupError } from '../../../errors/index.ts';
import type { Item } from '../types.ts';
import type { Context, Kind } from './kinds.ts';

/** A turn is a few calls long. */
const POLLS = 20;
const POLL_MS = 250;

/**
 * Waits a little for the turn at a thing; gives the number of the turn.
 * @param busy what another step is at: `changing john@sip.example.com`
 * @throws TurnupError `TURNUP_OBJECT_BUSY`, upon which the engine lets the step wait longer
 */
export async function takeTurn({ shared }: Pick<Context, 'shared'>, at: string, busy: string): Promise<number> {
  for (let poll = 1; ; poll++) {
    const turn = await shared.takeTurn(at);
    if (turn !== null) return turn;
    if (poll === POLLS) throw new TurnupError('TURNUP_OBJECT_BUSY', { detail: `another step is ${busy}` });
    await sleep(POLL_MS);
  }
}

function thingOf(user: Item): { account: string; at: string } {
  const account = `${String(user['username'])}@${String(user['domain'])}`;
  return { account, at: `subscriber:${account.toLowerCase()}` };
}

/** Of several subscribers always in the same order, so that two steps never wait for one another. */
async function during<T>(ctx: Context, users: readonly Item[], work: () => Promise<T>): Promise<T> {
  const [first] = users.map(thingOf).toSorted((one, other) => (one.at < other.at ? -1 : 1));
  if (!first) return work();
  await takeTurn(ctx, first.at, `changing ${first.account}`);
  try {
    return await during(
      ctx,
      users.filter((user) => thingOf(user).at !== first.at),
      work,
    );
  } finally {
    await ctx.shared.endTurn(first.at);
  }
}

/**
 * A step that changes members of a subscriber, one at a time per subscriber: an update sends back all of it
 * (sippulse.md, "updateSubscriber replaces"), and would write over what another order changed since it was read.
 */
export const oneAtATime = (kind: Kind, userOf: (ctx: Context) => Item): Kind => inTurns(kind, (ctx) => [userOf(ctx)]);

/** The same for a step that changes several subscribers. */
export const inTurns = (kind: Kind, usersOf: (ctx: Context) => readonly Item[]): Kind => ({
  ...kind,
  async find(ctx) {
    const finding = await kind.find(ctx);
    // The attempt that did it may have died with its turn in hand; nobody else ends it before it runs out.
    if (finding.state === 'present' && ctx.intent !== null) {
      for (const user of usersOf(ctx)) await ctx.shared.endTurn(thingOf(user).at);
    }
    return finding;
  },
  do: (ctx, finding) => during(ctx, usersOf(ctx), () => kind.do(ctx, finding)),
  undo: (ctx) => during(ctx, usersOf(ctx), () => kind.undo(ctx)),
});
