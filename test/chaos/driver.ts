import { isTerminal, type Entry, type OrderSeen } from './seen.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Crm } from './crm.ts';
import { isOfLife } from './audit/evidence.ts';
import { amended, isFlaw, type Planned, type Remedy } from './orders.ts';
import type { Bench } from './platforms/platform.ts';
import type { Random } from './random.ts';
import type { Report } from './report.ts';

export interface Ledger {
  readonly entries: readonly Entry[];
}

const AGAIN_MS = 400;
const POSTERS = 6;
/** An order that is retried as often and still fails for no reason of its own is not going to succeed. */
const MOST_RETRIES = 6;
const PASSING = ['transient', 'ambiguous', 'outage', 'throttled', 'auth'];

interface DriverOptions {
  crm: Crm;
  /** By target. */
  benches: ReadonlyMap<string, Bench>;
  report: Report;
  random: Random;
}

export function createDriver({ crm, benches, report, random }: DriverOptions) {
  const entries: Entry[] = [];
  const errands = new Set<Promise<void>>();

  function errand(work: Promise<void>): void {
    const done = work.finally(() => errands.delete(done));
    errands.add(done);
  }

  /** Posts until there is an answer that settles it; every answer must tell of the same order. */
  async function postOnce(entry: Entry): Promise<void> {
    for (;;) {
      const answer = await crm.post(entry.body);
      if (answer?.status === 202 || answer?.status === 200) return note(entry, (answer.body as OrderSeen).id);
      if (answer && answer.status < 500) return refused(entry, answer);
      await sleep(AGAIN_MS);
    }
  }

  function note(entry: Entry, id: string): void {
    if (entry.id !== null && entry.id !== id) {
      report.violate('one order per externalId', `${entry.body.externalId} was answered as ${entry.id} and as ${id}`);
    }
    entry.id = id;
  }

  function refused(entry: Entry, answer: Answer): void {
    // The API was away until it was too late. Had it been stored all the same, the auditor would find it.
    if (Date.parse(entry.body.deadline ?? '') < Date.now() && JSON.stringify(answer.body).includes('"deadline"'))
      return;
    report.violate('intake', `${entry.body.externalId} was refused with ${answer.status}`, answer.body);
  }

  async function abuse(entry: Entry): Promise<void> {
    const other = {
      ...entry.body,
      customer: { ...entry.body.customer, externalId: `${entry.body.customer?.externalId ?? 'nobody'}-other` },
    };
    for (;;) {
      const answer = await crm.post(other);
      if (answer && answer.status < 500) {
        if (answer.status !== 422)
          report.violate('idempotency', `other content under ${entry.body.externalId} was answered ${answer.status}`);
        return;
      }
      await sleep(AGAIN_MS);
    }
  }

  /** 202 = promised, 409 = refused; without an answer it is asked again, so an earlier one may have been the one that counted. */
  async function act(id: string, verb: string): Promise<'promised' | 'refused' | 'unknown'> {
    let lost = false;
    for (let tries = 0; tries < 40; tries += 1) {
      const answer = await crm.act(id, verb);
      if (answer?.status === 202) return 'promised';
      if (answer?.status === 409) return lost ? 'unknown' : 'refused';
      if (answer && answer.status < 500) {
        report.violate('API', `${verb} of ${id} was answered ${answer.status}`, answer.body);
        return 'refused';
      }
      lost = true;
      await sleep(AGAIN_MS);
    }
    return 'unknown';
  }

  async function cancelLater(entry: Entry, ms: number): Promise<void> {
    await sleep(ms);
    if (entry.id !== null) entry.cancel = await act(entry.id, 'cancel');
  }

  /** Whether it came to be tells the journal. Refused with 409: it is not, or no more, one that can be amended. */
  async function amend(entry: Entry): Promise<void> {
    const { amendment } = entry.planned.draft;
    if (!amendment || entry.id === null) return;
    entry.amended = amended(entry.body, amendment.content);
    for (let tries = 0; tries < 40; tries += 1) {
      const answer = await crm.amend(entry.id, entry.amended);
      if (answer && answer.status < 500) {
        if (![200, 202, 409].includes(answer.status))
          report.violate('API', `amend of ${entry.id} was answered ${answer.status}`, answer.body);
        return;
      }
      await sleep(AGAIN_MS);
    }
  }

  async function amendLater(entry: Entry, ms: number): Promise<void> {
    await sleep(ms);
    await amend(entry);
  }

  async function place(planned: Planned): Promise<void> {
    const { notBeforeMs, deadlineMs, copies, cancelAfterMs, amendAfterMs } = planned;
    const inFuture = (ms: number): string => new Date(Date.now() + ms).toISOString();
    const times = {
      ...(notBeforeMs !== null && { notBefore: inFuture(notBeforeMs) }),
      ...(deadlineMs !== null && { deadline: inFuture(deadlineMs) }),
    };
    const entry: Entry = {
      planned,
      body: { ...planned.body, ...times },
      amended: null,
      id: null,
      cancel: null,
      remedies: [],
      mended: false,
      retries: 0,
    };
    entries.push(entry);
    await Promise.all(Array.from({ length: copies }, () => postOnce(entry)));
    if (planned.abused) errand(abuse(entry));
    if (cancelAfterMs !== null) errand(cancelLater(entry, cancelAfterMs));
    if (amendAfterMs !== null) errand(amendLater(entry, amendAfterMs));
  }

  /** Places the orders over about `spreadMs`. */
  async function load(orders: readonly Planned[], spreadMs: number): Promise<void> {
    const queue = [...orders];
    const gapMs = (spreadMs * POSTERS) / orders.length;
    const placed = new Map<string, Promise<void>>();
    const poster = async (gaps: Random): Promise<void> => {
      for (let planned = queue.shift(); planned; planned = queue.shift()) {
        const gap = sleep(gaps.int(0, Math.round(gapMs * 2)));
        const { draft, body, overtakes } = planned;
        const life = draft.ofLife && !overtakes ? `${body.customer?.externalId} of ${body.target}` : '';
        const before = placed.get(life);
        const work = Promise.all([gap, before]).then(() => place(planned));
        if (life !== '') placed.set(life, work);
        await work;
      }
    };
    await Promise.all(Array.from({ length: POSTERS }, (_, at) => poster(random.fork(`poster ${at}`))));
  }

  /** While things go wrong: now and then somebody retries some of what is held, and sees to what holds up a life. */
  async function retryNowAndThen(until: () => boolean): Promise<void> {
    const draws = random.fork('retries');
    while (!until()) {
      await sleep(draws.int(2_000, 5_000));
      const known = entries.filter((entry) => entry.id !== null);
      if (known.length === 0) continue;
      const orders = await crm.orders('?state=held');
      for (const order of orders) {
        const entry = known.find(({ id }) => id === order.id);
        if (entry && isOfLife({ entry }) && !isPassing(order) && draws.chance(0.7)) await attend(entry, order);
      }
      const held = orders.map(({ id }) => id);
      // What was undone begins anew when it is retried.
      const ids = new Set([...held.filter(() => draws.chance(2 / held.length)), draws.pick(known).id!]);
      for (const id of ids) await crm.act(id, 'retry');
    }
  }

  async function mend(entry: Entry): Promise<void> {
    await benches.get(entry.body.target)!.mend(entry.planned.draft);
    entry.mended = true;
  }

  /** What a person does about one held order. Gives whether anything was done. */
  async function attend(entry: Entry, order: OrderSeen): Promise<boolean> {
    const { doByHand } = benches.get(order.target)!;
    if (entry.retries < MOST_RETRIES && (await doByHand?.({ entry, order }))) {
      entry.retries += 1;
      await act(order.id, `steps/${order.error?.step}/skip`);
      return true;
    }
    const isBound = isFlaw(entry.planned, order.error) && !entry.mended;
    if (isPassing(order) && (order.direction === 'undo' || !isBound)) {
      if (entry.retries >= MOST_RETRIES) return false;
      entry.retries += 1;
      await act(order.id, 'retry');
      return true;
    }
    const remedy = nextRemedy(entry);
    if (!remedy) return false;
    entry.remedies.push(remedy);
    if (remedy === 'leave') return false;
    if (remedy === 'amend') {
      await amend(entry);
      return true;
    }
    if (remedy === 'mend') await mend(entry);
    const answer = await act(order.id, remedy === 'mend' ? 'retry' : remedy);
    if (remedy === 'cancel') entry.cancel = answer;
    return true;
  }

  /** After the last fault: sees to what is held until nothing moves any more. Gives the orders that had not come to rest in time. */
  async function settle(limitMs: number): Promise<OrderSeen[]> {
    await Promise.all(errands);
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    const until = Date.now() + limitMs;
    let calm = 0;
    for (;;) {
      const orders = await crm.orders();
      let acted = false;
      for (const order of orders) {
        const entry = byId.get(order.id);
        if (order.state === 'held' && entry) acted = (await attend(entry, order)) || acted;
      }
      const moving = orders.filter((order) => !atRest(order, orders));
      calm = moving.length === 0 && !acted ? calm + 1 : 0;
      if (calm >= 3) return [];
      if (Date.now() > until) return moving;
      await sleep(500);
    }
  }

  return { ledger: { entries } satisfies Ledger, load, retryNowAndThen, settle };
}

const isPassing = ({ direction, error }: OrderSeen): boolean =>
  direction === 'undo' || PASSING.includes(error?.class ?? '');

/** One is enough; only a life that goes on as it should not is ended here, since others wait behind it. */
function nextRemedy(entry: Entry): Remedy | null {
  if (entry.remedies.length === 0) return entry.planned.remedy;
  const isInVain = ['amend', 'retry'].includes(entry.remedies.at(-1)!);
  return isOfLife({ entry }) && isInVain ? 'undo' : null;
}

/** Ended, held, or behind an order that is at rest and not over: one with operations waits in two lines. */
function atRest(order: OrderSeen, all: readonly OrderSeen[]): boolean {
  if (isTerminal(order) || order.state === 'held') return true;
  if (order.state !== 'pending' || order.blockedBy?.kind !== 'order') return false;
  const head = all.find(({ id }) => id === order.blockedBy?.id);
  return head !== undefined && !isTerminal(head) && atRest(head, all);
}
