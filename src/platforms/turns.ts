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

/** Does something of a thing while no other step changes it. */
export async function during<T>(
  ctx: Pick<StepContext, 'shared'>,
  { at, name }: TurnAt,
  work: () => Promise<T>,
): Promise<T> {
  await takeTurn(ctx, at, `changing ${name}`);
  try {
    return await work();
  } finally {
    await ctx.shared.endTurn(at);
  }
}

/**
 * A step that changes members of a thing, one at a time per thing: where an update sends back all of it, it would write
 * over what another order changed since it was read.
 */
export const oneAtATime = <Client>(
  kind: StepKind<Client>,
  turnOf: (ctx: StepContext<Client>) => TurnAt,
): StepKind<Client> => ({
  ...kind,
  async find(ctx) {
    const finding = await kind.find(ctx);
    // The attempt that did it may have died with its turn in hand; nobody else ends it before it runs out.
    if (finding.state === 'present' && ctx.intent !== null) await ctx.shared.endTurn(turnOf(ctx).at);
    return finding;
  },
  do: (ctx, finding) => during(ctx, turnOf(ctx), () => kind.do(ctx, finding)),
  undo: (ctx) => during(ctx, turnOf(ctx), () => kind.undo(ctx)),
});
