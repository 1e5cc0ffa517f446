import { TERMINAL } from '../crm.ts';
import type { TappedCall } from '../tap.ts';
import { casesOf, excerpt, nameOf, type Case, type Evidence, type Violate } from './evidence.ts';

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

/** Orders of one customer take turns (I5), and what is fenced begins nothing more (I7). */
export function auditTurns(evidence: Evidence, violate: Violate): void {
  const cases = casesOf(evidence);
  const turns = Map.groupBy(
    cases.flatMap((one) => turnsOf(one, evidence)),
    ({ one }) => one.order.customer.externalId,
  );
  for (const [customer, list] of turns) {
    const sorted = list.toSorted((a, b) => a.from - b.from);
    for (const [at, turn] of sorted.entries()) {
      const before = sorted[at - 1];
      if (before && before.one !== turn.one && turn.from < before.to) {
        violate(
          'I5 one at a time',
          `${turn.one.order.externalId} of ${customer} began at ${iso(turn.from)}, ${before.one.order.externalId} ended at ${iso(before.to)}`,
          [excerpt(evidence.journals.get(before.one.order.id)), excerpt(evidence.journals.get(turn.one.order.id))],
        );
      }
      if (
        before &&
        isLate(before.one) === isLate(turn.one) &&
        before.one.order.createdAt > turn.one.order.createdAt &&
        before.nth + turn.nth === 0
      ) {
        violate(
          'I5 arrival order',
          `${before.one.order.externalId} of ${customer} went before ${turn.one.order.externalId}, which came first`,
        );
      }
    }
  }
  const writes = writesOf(evidence.tapped, cases);
  auditWritesInTurn(writes, turns, evidence, violate);
  auditFence(writes, evidence, violate);
}

const isLate = ({ entry }: Case): boolean => entry.planned.notBeforeMs !== null;
const iso = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : 'no time');

/** A look alone is not told as a start; the calls it made are told with what came of it. */
const acts = (type: string, detail: Record<string, unknown>): boolean =>
  type === 'stepStarted' || Array.isArray(detail['calls']);

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

const CHANGE = /^\/api\/(?:callforwards|subscriberpreferences|voicemailsettings)\/(\d+)$/;

/**
 * Creations name their order: the contact by its key, the customer by its contact, the subscriber by its name. What is
 * changed of a subscriber that an order made is that order's too, since its undo takes the subscriber as a whole.
 */
function writesOf(tapped: readonly TappedCall[], cases: readonly Case[]): Write[] {
  const contacts = new Map<number, Case>();
  const names = Map.groupBy(
    cases.flatMap((one) => one.entry.body.subscribers.map((body) => ({ one, name: nameOf(body) }))),
    ({ name }) => name,
  );
  const subscribers = new Map<number, Case>();
  const writes: Write[] = [];
  for (const call of tapped) {
    const body = (call.body ?? {}) as Record<string, unknown>;
    const changed = CHANGE.exec(call.path)?.[1];
    let one: Case | undefined;
    if (changed !== undefined && call.method !== 'GET') {
      one = subscribers.get(Number(changed));
    } else if (call.method !== 'POST') {
      continue;
    } else if (call.path === '/api/customercontacts/') {
      one = cases.find(({ order }) => String(body['gpp0']).includes(order.id));
      if (one && call.made !== null) contacts.set(call.made, one);
    } else if (call.path === '/api/customers/') {
      one = contacts.get(Number(body['contact_id']));
    } else if (call.path === '/api/subscribers/') {
      const owners = names.get(nameOf(body as { username: string; domain: string })) ?? [];
      if (owners.length === 1) one = owners[0]!.one;
      if (one && call.made !== null) subscribers.set(call.made, one);
    }
    if (one) writes.push({ call, one });
  }
  return writes;
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
    const all = turns.get(one.order.customer.externalId) ?? [];
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

const FENCES = ['cancelRequested', 'undoRequested', 'undoing'];

function auditFence(writes: readonly Write[], evidence: Evidence, violate: Violate): void {
  for (const write of writes) {
    const { call, one } = write;
    const journal = evidence.journals.get(one.order.id) ?? [];
    // Another run of the order lifts the fence of the one before.
    const earlier = journal.filter(({ at }) => Date.parse(at) < call.at);
    const runAt = earlier.findLastIndex(({ type }) => type === 'replayed');
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
