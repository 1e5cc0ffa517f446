import { TurnupError } from '../../src/errors/index.ts';
import type {
  Finding,
  Intent,
  NeededStep,
  StepContext,
  StepKind,
  StepOutcome,
  StepResult,
} from '../../src/platforms/port.ts';

export interface Performed {
  outcome: StepOutcome;
  result: StepResult;
  /** Whether this attempt itself made the thing, so that it may have to take it away again. */
  made: boolean;
}

/**
 * The step protocol (DESIGN §5), the same for every platform: look unless it is proven that nothing is there, write
 * down the intent, act. After any doubt the look comes first, and what an intent said was absent is ours if it is there.
 *
 * @param blind it is proven that nothing is there, and the intent is recorded already
 * @param intend records the intent; false when the attempt may not go on
 */
export async function performStep(
  kind: StepKind,
  ctx: StepContext,
  blind: boolean,
  intend: (intent: Intent) => Promise<boolean>,
): Promise<Performed> {
  if (blind) return act(kind, ctx, { state: 'absent' });
  const finding = await kind.find(ctx);
  if (finding.state === 'present') {
    const result = finding.differs?.length ? { ...finding.result, differs: finding.differs } : finding.result;
    return { outcome: outcomeOfPresent(kind, ctx.intent, finding), result, made: false };
  }
  const intent: Intent =
    finding.state === 'absent' ? { state: 'absent' } : { state: 'different', before: finding.before };
  if (!(await intend(intent))) throw new TurnupError('TURNUP_LEASE_LOST');
  return act(kind, ctx, finding);
}

async function act(
  kind: StepKind,
  ctx: StepContext,
  finding: Exclude<Finding, { state: 'present' }>,
): Promise<Performed> {
  const result = await kind.do(ctx, finding);
  return { outcome: kind.nature === 'create' ? 'created' : 'changed', result, made: finding.state === 'absent' };
}

function outcomeOfPresent(
  kind: StepKind,
  intent: Intent | null,
  finding: Extract<Finding, { state: 'present' }>,
): StepOutcome {
  if (kind.nature === 'create') return finding.ours ? 'created' : 'adopted';
  return intent === null ? 'unchanged' : 'changed';
}

/**
 * Takes back what a step did (I4). Of a step whose outcome nobody recorded it looks first what it did: an object that
 * is there and ours is taken away, a change that was meant is restored from the before-image.
 */
export async function undoStep(kind: StepKind, ctx: StepContext, recorded: NeededStep | null): Promise<void> {
  if (recorded && recorded.outcome !== 'skipped') {
    return kind.undo({ ...ctx, done: { outcome: recorded.outcome, result: recorded.result } });
  }
  if (ctx.intent?.state === 'different') return kind.undo({ ...ctx, done: { outcome: 'changed', result: {} } });
  const finding = await findOwn(kind, ctx);
  if (finding === null || finding.state === 'absent') return;
  if (finding.state === 'present' && !finding.ours) return;
  // Of several things that a step makes only some may be there; nothing was there before, so they are ours too.
  const result = finding.state === 'present' ? finding.result : {};
  await kind.undo({ ...ctx, done: { outcome: 'created', result } });
}

/** What is there but somebody else's is nothing of ours to take away. */
async function findOwn(kind: StepKind, ctx: StepContext): Promise<Finding | null> {
  try {
    return await kind.find(ctx);
  } catch (error) {
    if (error instanceof TurnupError && error.class === 'conflict') return null;
    throw error;
  }
}
