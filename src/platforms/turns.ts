import { setTimeout as sleep } from 'node:timers/promises';
import { TurnupError } from '../errors/index.ts';
import type { StepContext, StepKind } from './port.ts';

/** A turn is a few calls long. */
const POLLS = 20;
const POLL_MS = 250;

/**
 * Waits a little for the turn at a thing; gives the number of the turn.
 * @param busy what another step is at: `changing john@sip.example.com`
 * @throws TurnupError `TURNUP_OBJECT_BUSY`, upon which the engine lets the step wait longer
 */
export async function takeTurn({ shared }: Pick<StepContext, 'shared'>, at: string, busy: string): Promise<number> {
  for (let poll = 1; ; poll++) {
    const turn = await shared.takeTurn(at);
    if (turn !== null) return turn;
    if (poll === POLLS) throw new TurnupError('TURNUP_OBJECT_BUSY', { detail: `another step is ${busy}` });
    await sleep(POLL_MS);
  }
}

/** What is changed by one step at a time. */
export interface TurnAt {
  readonly at: string;
  /** What a person reads: `john@sip.example.com`. */
  readonly name: string;
}

/** Does something while no other step changes those things; always in the same order, so that two never wait for one another. */
async function duringAll<T>(
  ctx: Pick<StepContext, 'shared'>,
  turns: readonly TurnAt[],
  work: () => Promise<T>,
): Promise<T> {
  const [first] = turns.toSorted((one, other) => (one.at < other.at ? -1 : 1));
  if (!first) return work();
  await takeTurn(ctx, first.at, `changing ${first.name}`);
  try {
    return await duringAll(
      ctx,
      turns.filter(({ at }) => at !== first.at),
      work,
    );
  } finally {
    await ctx.shared.endTurn(first.at);
  }
}

/** Does something of a thing while no other step changes it. */
export const during = <T>(ctx: Pick<StepContext, 'shared'>, turn: TurnAt, work: () => Promise<T>): Promise<T> =>
  duringAll(ctx, [turn], work);

/**
 * A step that changes members of a thing, one at a time per thing: where an update sends back all of it, it would write
 * over what another order changed since it was read.
 */
export const oneAtATime = <Client>(
  kind: StepKind<Client>,
  turnOf: (ctx: StepContext<Client>) => TurnAt,
): StepKind<Client> => inTurns(kind, (ctx) => [turnOf(ctx)]);

/** The same for a step that changes several things. */
export const inTurns = <Client>(
  kind: StepKind<Client>,
  turnsOf: (ctx: StepContext<Client>) => readonly TurnAt[],
): StepKind<Client> => ({
  ...kind,
  async find(ctx) {
    const finding = await kind.find(ctx);
    // The attempt that did it may have died with its turns in hand; nobody else ends them before they run out.
    if (finding.state === 'present' && ctx.intent !== null) {
      for (const { at } of turnsOf(ctx)) await ctx.shared.endTurn(at);
    }
    return finding;
  },
  do: (ctx, finding) => duringAll(ctx, turnsOf(ctx), () => kind.do(ctx, finding)),
  undo: (ctx) => duringAll(ctx, turnsOf(ctx), () => kind.undo(ctx)),
});
