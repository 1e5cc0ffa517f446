import { TERMINAL } from '../seen.ts';
import type { TappedCall } from '../tap.ts';
import type { Bench } from '../platforms/platform.ts';
import { casesOf, excerpt, linesOf, type Case, type Evidence, type Violate } from './evidence.ts';

/** The time in which steps of one run of an order may act on the platform. Ms since the epoch. */
interface Turn {
  readonly one: Case;
  /** How many turns the order had before: after a release or as another run it has come anew. */
  readonly nth: number;
  readonly from: number;
  readonly to: number;
}

/** A write with the order it is of, as far as the wire tells. */
interface Write {
  readonly call: TappedCall;
  readonly one: Case;
}

/** What a worker may still do after it last looked whether it may, beside being frozen: the look is good for a second. */
const TRUSTED_MS = 1_000;
/** The clocks are the same; this is for the time a busy machine takes between two lines. */
const SLACK_MS = 500;

/** Orders of one line take turns (I5), and what is fenced begins nothing more (I7). */
export function auditTurns(evidence: Evidence, benches: ReadonlyMap<string, Bench>, violate: Violate): void {
  const cases = casesOf(evidence);
  const turns = Map.groupBy(
    cases.flatMap((one) => turnsOf(one, evidence).flatMap((turn) => linesOf(one).map((line) => ({ ...turn, line })))),
    ({ line }) => line,
  );
  for (const [line, list] of turns) {
    const sorted = list.toSorted((a, b) => a.from - b.from);
    for (const [at, turn] of sorted.entries()) {
      const before = sorted[at - 1];
      if (before && before.one !== turn.one && turn.from < before.to) {
        violate(
          'I5 one at a time',
          `${turn.one.order.externalId} (${line}) began at ${iso(turn.from)}, ${before.one.order.externalId} ended at ${iso(before.to)}`,
          [excerpt(evidence.journals.get(before.one.order.id)), excerpt(evidence.journals.get(turn.one.order.id))],
        );
      }
      if (
        before &&
        cameOnce(before, evidence) &&
        cameOnce(turn, evidence) &&
        before.one.order.createdAt > turn.one.order.createdAt &&
        before.nth + turn.nth === 0
      ) {
        violate(
          'I5 arrival order',
          `${before.one.order.externalId} (${line}) went before ${turn.one.order.externalId}, which came first`,
        );
      }
    }
  }
  const writes = [...benches].flatMap(([target, bench]) =>
    writesOf(
      evidence.tapped.filter((call) => call.target === target),
      bench.ownerOf(cases.filter(({ entry }) => entry.body.target === target)),
    ),
  );
  auditWritesInTurn(writes, turns, evidence, violate);
  auditFence(writes, evidence, violate);
}

/** Arrived when it was placed, and not again: after its notBefore, a retry of one that was held while it waited, or a replay. */
function cameOnce({ one, from }: Turn, { journals }: Evidence): boolean {
  const { order, entry } = one;
  const again = (journals.get(order.id) ?? []).some(
    ({ at, type }) => (type === 'retried' || type === 'replayed') && Date.parse(at) <= from,
  );
  return entry.planned.notBeforeMs === null && !again;
}

const iso = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : 'no time');

/**
 * A look alone is not told as a start; the calls it made are told with what came of it. The look for what a late
 * finisher left behind is nobody's turn: it comes when the order is over and only takes away what is twice.
 */
const acts = (type: string, detail: Record<string, unknown>): boolean =>
  type === 'stepStarted' || (type !== 'lookedAgain' && Array.isArray(detail['calls']));

function turnsOf(one: Case, { journals }: Evidence): Turn[] {
  const turns: Turn[] = [];
  let nth = 0;
  let from: number | null = null;
  for (const { at, type, step, detail } of journals.get(one.order.id) ?? []) {
    const time = Date.parse(at);
    if (step !== null && acts(type, detail)) from ??= time;
    const over = (type === 'state' && TERMINAL.includes(String(detail['to']))) || type === 'released';
    if (!over) continue;
    if (from !== null) turns.push({ one, nth, from, to: time });
    from = null;
    nth += 1;
  }
  if (from !== null) turns.push({ one, nth, from, to: Number.POSITIVE_INFINITY });
  return turns;
}

function writesOf(tapped: readonly TappedCall[], ownerOf: ReturnType<Bench['ownerOf']>): Write[] {
  return tapped.flatMap((call) => {
    const one = ownerOf(call);
    return one ? [{ call, one }] : [];
  });
}

/** A process that slept between its look and its write, or whose bytes the network kept, is the one excuse there is. */
function wasHeldUp({ call }: Write, since: number, { deeds }: Evidence): boolean {
  return deeds.some(
    ({ what, who, from, until }) =>
      ((what === 'freeze' && (who === call.worker || who === 'redis')) ||
        (what === 'slow' && who.startsWith(call.worker))) &&
      from <= call.at &&
      until >= since,
  );
}

function auditWritesInTurn(
  writes: readonly Write[],
  turns: ReadonlyMap<string, readonly Turn[]>,
  evidence: Evidence,
  violate: Violate,
): void {
  for (const write of writes) {
    const { call, one } = write;
    const all = linesOf(one).flatMap((line) => turns.get(line) ?? []);
    const other = all.find((turn) => turn.one !== one && call.at > turn.from && call.at < turn.to);
    const own = all.filter((turn) => turn.one === one && turn.from <= call.at + SLACK_MS);
    const ended = Math.max(...own.map(({ to }) => to));
    if (!other || call.at <= ended + SLACK_MS || wasHeldUp(write, ended, evidence)) continue;
    violate(
      'I5 one at a time',
      `${call.worker} wrote ${call.method} ${call.path} of ${one.order.externalId} at ${iso(call.at)}, in the turn of ${other.one.order.externalId}`,
      [excerpt(evidence.journals.get(one.order.id)), excerpt(evidence.journals.get(other.one.order.id))],
    );
  }
}

const FENCES = ['cancelRequested', 'undoRequested', 'undoing', 'amendRequested'];

/** Another run of the order lifts the fence of the one before. */
const LIFTS = ['replayed', 'amended'];

function auditFence(writes: readonly Write[], evidence: Evidence, violate: Violate): void {
  for (const write of writes) {
    const { call, one } = write;
    const journal = evidence.journals.get(one.order.id) ?? [];
    const earlier = journal.filter(({ at }) => Date.parse(at) < call.at);
    const runAt = earlier.findLastIndex(({ type }) => LIFTS.includes(type));
    const fence = earlier.slice(runAt + 1).find(({ type }) => FENCES.includes(type));
    if (!fence) continue;
    const fencedAt = Date.parse(fence.at);
    if (call.at <= fencedAt + TRUSTED_MS + SLACK_MS || wasHeldUp(write, fencedAt, evidence)) continue;
    violate(
      'I7 fenced',
      `${call.worker} wrote ${call.method} ${call.path} of ${one.order.externalId} at ${iso(call.at)}, ${call.at - fencedAt} ms after ${fence.type}`,
      excerpt(journal),
    );
  }
}
