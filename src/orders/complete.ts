import type { Attempt } from './begin.ts';
import { readAssignment, type Assignment } from './assignment.ts';
import { ASSIGNMENT, FENCE, HANDED_OVER, LEASE, orderScript, runOrderScript, STANDSTILL, type Store } from './lua.ts';
import type { JournaledCall, StepOutcome } from './outcome.ts';

export interface CompleteInput extends Attempt {
  outcome: StepOutcome;
  /** Kept for later steps and shown to readers; holds no secret. */
  result: Record<string, unknown>;
  calls: readonly JournaledCall[];
  /** How long the attempt took, in ms. */
  durationMs?: number;
  /**
   * The one step that runs directly after this one, when that a step created proves that nothing of it is there: it is
   * handed over at once, intent and lease included, so that whoever is first at its job need not write before it acts.
   */
  next?: NextStep | null;
}

export interface NextStep {
  readonly step: string;
  readonly absentAfter: string;
  readonly item: string | null;
  /** Ids of all steps it needs, also indirectly. */
  readonly needs: readonly string[];
}

/** What whoever completed a step may go on with without asking again, while its trust in the lease lasts. */
export interface HandedOver {
  readonly assignment: Assignment;
  /** On the clock of Redis, in ms. */
  readonly at: number;
}

export type Completed =
  | 'completed'
  /** Completed, and the next step was handed over. */
  | { handedOver: HandedOver }
  /** Recorded, but the order was turned round meanwhile: the undo will take it back. */
  | 'turned'
  /**
   * Another attempt holds the lease, or (`fenced`) another run or direction rules. `recorded` is what the record has
   * of the step.
   */
  | { refused: true; recorded: Record<string, unknown> | null; fenced: boolean };

/*
 * ARGV: 3 run, 4 direction, 5 step, 6 token, 7 outcome, 8 result, 9 detail, 10 duration ms, 11 next step or '', 12 the
 * step that must have created for the next one to be handed over, 13 the next step's item, from 14 its needs.
 * The token that completed stays, so that a command sent again after a lost connection is not taken for a late finish.
 */
const COMPLETE = orderScript(`${FENCE}${STANDSTILL}${LEASE}${ASSIGNMENT}
local step = ARGV[5]
local S = 's:' .. step .. ':'
local state = get(S .. 'st')
if (state == 'done' or state == 'undone') and get(S .. 't') == ARGV[6] then return { 'completed' } end
local turned = turnedRound(ARGV[3], ARGV[4])
local lease = get(S .. 'l')
if (fenced(ARGV[3], ARGV[4]) and not turned) or (lease ~= '' and lease ~= ARGV[6]) then
  return { 'refused', get(S .. 'r'), (get('run') ~= ARGV[3] or get('dir') ~= ARGV[4] or over()) and '1' or '0' }
end
if lease == '${HANDED_OVER}' then set(S .. 'b', now - tonumber(ARGV[10])) end
if lease == '' then
  local late = wasTakenAway(step, ARGV[6])
  local ended = state == 'done' or state == 'skipped' or state == 'undone'
  -- What failed for good waits for a person; the look of the retry finds what this one did.
  if late and (turned or ended or state == 'failed') then return { 'refused', get(S .. 'r'), turned and '1' or '0' } end
  -- An attempt that only looked; another one may have seen the same and said so first.
  if ended then return { 'completed' } end
  if turned then return { 'turned' } end
  if not late then countAttempt(step, ARGV[4]) end
end
if ARGV[4] == 'u' then
  set(S .. 'st', 'undone', S .. 'e', now, S .. 't', ARGV[6])
  redis.call('HDEL', K, S .. 'x', 'parkedBy', 'unserved')
  freeLease(step)
  journal('stepUndone', step, 'turnup', ARGV[9])
  holdAtStandstill()
  return { 'completed' }
end
if state ~= 'done' then redis.call('HINCRBY', K, 'left', -1) end
set(S .. 'st', 'done', S .. 'o', ARGV[7], S .. 'r', ARGV[8], S .. 'e', now, S .. 't', ARGV[6])
redis.call('HDEL', K, S .. 'x', 'parkedBy', 'unserved')
freeLease(step)
journal('stepDone', step, 'turnup', ARGV[9])
if turned then return { 'turned' } end
local N = 's:' .. ARGV[11] .. ':'
if ARGV[11] ~= '' and get(N .. 'st') == '' and get(N .. 'i') == '' and get('wasReleased') == ''
  and get('s:' .. ARGV[12] .. ':st') == 'done' and get('s:' .. ARGV[12] .. ':o') == 'created' then
  set(N .. 'st', 'active', N .. 'l', '${HANDED_OVER}', N .. 'i', 'absent', N .. 'w', now, N .. 'b', now, N .. 'a', 1)
  journal('stepStarted', ARGV[11], 'turnup', '{"attempt":1,"intent":"create"}')
  local deadline = tonumber(get('deadline'))
  if (tonumber(get('failed')) or 0) == 0 and not (deadline and deadline <= now) then
    local reply = assignmentOf(ARGV[11], ARGV[13], 1, '', true, '${HANDED_OVER}', 14)
    table.insert(reply, 1, 'completed')
    table.insert(reply, 2, tostring(now))
    return reply
  end
end
return { holdAtStandstill() == 'turned' and 'turned' or 'completed' }
`);

/** Records what a step did and hands its lease back. */
export async function completeStep(store: Store, input: CompleteInput): Promise<Completed> {
  const done = input.direction === 'f' && { outcome: input.outcome, result: input.result };
  const detail = { ...done, ...(input.calls.length > 0 && { calls: input.calls }) };
  const reply = (await runOrderScript(store, COMPLETE, input.order, [
    input.run,
    input.direction,
    input.step,
    input.token,
    input.outcome,
    JSON.stringify(input.result),
    JSON.stringify(detail),
    Math.round(input.durationMs ?? 0),
    input.next?.step ?? '',
    input.next?.absentAfter ?? '',
    input.next?.item ?? '',
    ...(input.next?.needs ?? []),
  ])) as [string, string?, ...string[]];
  const [kind, second, ...rest] = reply;
  if (kind === 'refused') {
    const recorded = second ? (JSON.parse(second) as Record<string, unknown>) : null;
    return { refused: true, recorded, fenced: rest[0] === '1' };
  }
  if (kind === 'turned' || second === undefined) return kind as 'completed' | 'turned';
  return { handedOver: { at: Number(second), assignment: readAssignment(rest) } };
}
