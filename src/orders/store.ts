import type { Redis } from 'ioredis';
import type { KeyScheme } from '../redis/keys.ts';
import { acceptOrder, type AcceptInput, type Accepted } from './accept.ts';
import { amendOrder, type Amended, type AmendInput } from './amend.ts';
import { archiveOrder, dueForArchive, forgetExpired } from './archive.ts';
import { beginStep, type Begun, type Attempt, type BeginInput } from './begin.ts';
import { closeOrder } from './close.ts';
import { completeStep, type CompleteInput } from './complete.ts';
import { readContent, type StoredContent } from './content.ts';
import { readCredentials, type Credentials } from './credentials.ts';
import { dueDeadlines, holdOverdue } from './deadline.ts';
import { freeLane, freeLease, readLeases, type Lease } from './leases.ts';
import { disownSteps } from './disown.ts';
import { enterMailbox, passMailbox } from './mailbox.ts';
import { evidenceSteps, readEvidence } from './evidence.ts';
import { failStep, type FailInput } from './fail.ts';
import { findKnown } from './known.ts';
import { clearLeftover, dueLeftovers, noteLeftover, type Leftover } from './leftovers.ts';
import { loseStepJob, type LoseInput } from './lose.ts';
import { confirmLease, intendStep, type IntendInput } from './intend.ts';
import { countByState, dueForLook, dueForMailbox, keyIdsInUse } from './watch.ts';
import { appendJournal, readJournal } from './journal.ts';
import { listOrders } from './list.ts';
import { whileStoreIsThere } from './lua.ts';
import { mendOrder, type Mended, type MendInput } from './mend.ts';
import { noteParked, parkStep, type ParkInput } from './park.ts';
import type { StoredStep } from './plan.ts';
import { readOrder, readPlacement, type Placement } from './read.ts';
import type { JournalEntry, OrderFilter, OrderView, Page } from './record.ts';
import { releaseOrder } from './release.ts';
import { retryOrder, type Retried } from './retry.ts';
import { settleOrder, type Settled } from './settle.ts';
import { skipStep } from './skip.ts';
import { turnOrder } from './turn.ts';
import { ordersUnderWay } from './under-way.ts';

export interface OrderStoreOptions {
  redis: Redis;
  keys: KeyScheme;
  /** Names of the configured clients. */
  clients?: readonly string[];
  /**
   * Waits until what was written is as safe as the configuration asks: run before an accepted order, or what somebody
   * did to one, is answered (I1), and before a step does what it said it would: a word that is lost is done twice (I3).
   * Left out: Redis itself does it (`appendfsync always`).
   */
  persist?: () => Promise<void>;
}

export type OrderStore = ReturnType<typeof createOrderStore>;

/** Everything Redis holds of orders, one verb per file. Throws `TURNUP_STORE_UNAVAILABLE` when Redis is away. */
export function createOrderStore({ redis, keys, clients = [], persist }: OrderStoreOptions) {
  const store = { redis, keys, clients };

  /** What somebody outside is told, or made to do, is to be as safe as the order itself. */
  async function kept<T>(write: Promise<T>): Promise<T> {
    const answer = await write;
    if (persist) await whileStoreIsThere(persist);
    return answer;
  }

  return {
    accept: (input: AcceptInput): Promise<Accepted> => kept(acceptOrder(store, input)),
    known: (client: string, names: Parameters<typeof findKnown>[2]) => findKnown(store, client, names),
    read: (id: string): Promise<OrderView | null> => readOrder(store, id),
    placement: (id: string): Promise<Placement | null> => readPlacement(store, id),
    list: (filter: OrderFilter): Promise<Page<OrderView>> => listOrders(store, filter),
    journal: (id: string, page: { limit: number; cursor?: string }): Promise<Page<JournalEntry> | null> =>
      readJournal(store, id, page),
    note: (id: string, entry: Omit<JournalEntry, 'at'>): Promise<void> => appendJournal(store, id, entry),
    credentials: (id: string): Promise<Credentials> => readCredentials(store, id),
    /** With it the journal tells who read it, before anybody is told what it says. */
    evidence: (id: string, by: string) => kept(readEvidence(store, id, by)),
    evidenceSteps: (id: string) => evidenceSteps(store, id),
    content: (id: string): Promise<StoredContent | null> => readContent(store, id),
    amend: (id: string, input: AmendInput): Promise<Amended> => kept(amendOrder(store, id, input)),
    mend: (id: string, input: MendInput): Promise<Mended> => kept(mendOrder(store, id, input)),
    begin: async (input: BeginInput): Promise<Begun> => {
      const begun = await beginStep(store, input);
      return begun.kind === 'go' && begun.assignment.blind ? kept(Promise.resolve(begun)) : begun;
    },
    intend: (input: IntendInput) => kept(intendStep(store, input)),
    /** That a step was handed over is its intent too: whoever acts on it without asking waits for it here. */
    handedOver: () => kept(Promise.resolve()),
    noteLeftover: (leftover: Leftover) => noteLeftover(store, leftover),
    dueLeftovers: (limit: number) => dueLeftovers(store, limit),
    clearLeftover: (leftover: Leftover) => clearLeftover(store, leftover),
    lose: (input: LoseInput) => loseStepJob(store, input),
    confirmLease: (attempt: Attempt) => confirmLease(store, attempt),
    complete: (input: CompleteInput) => completeStep(store, input),
    fail: (input: FailInput) => failStep(store, input),
    park: (input: ParkInput) => parkStep(store, input),
    noteParked: (id: string, target: string, why: Parameters<typeof noteParked>[3], unserved?: boolean) =>
      noteParked(store, id, target, why, unserved),
    settle: (id: string, run: number): Promise<Settled> => settleOrder(store, id, run),
    retry: (id: string, by: string, steps?: readonly string[]): Promise<Retried> =>
      kept(retryOrder(store, id, by, steps)),
    turn: (id: string, verb: 'cancel' | 'undo', by: string, reason: string) =>
      kept(turnOrder(store, id, verb, by, reason)),
    close: (id: string, by: string, reason: string) => kept(closeOrder(store, id, by, reason)),
    release: (id: string, by: string, reason: string) => kept(releaseOrder(store, id, by, reason)),
    skip: (id: string, step: string, by: string, reason: string, result: Record<string, unknown>) =>
      kept(skipStep(store, id, step, by, reason, result)),
    disown: (id: string, run: number, steps: readonly string[]) => disownSteps(store, id, run, steps),
    enterMailbox: (id: string) => enterMailbox(store, id),
    passMailbox: (id: string) => passMailbox(store, id),
    dueForArchive: (ageMs: number, limit: number) => dueForArchive(store, ageMs, limit),
    archive: (id: string, keepMs: number) => archiveOrder(store, id, keepMs),
    forgetExpired: (limit: number) => forgetExpired(store, limit),
    dueForLook: (limit: number, againInMs: number) => dueForLook(store, limit, againInMs),
    dueForMailbox: (limit: number) => dueForMailbox(store, limit),
    dueDeadlines: (limit: number) => dueDeadlines(store, limit),
    holdOverdue: (id: string, writeTimeoutMs: number, inHand: readonly string[]) =>
      holdOverdue(store, id, writeTimeoutMs, inHand),
    leases: (id: string, plan: readonly StoredStep[]) => readLeases(store, id, plan),
    freeLease: (id: string, lease: Lease, writeTimeoutMs: number) => freeLease(store, id, lease, writeTimeoutMs),
    freeLane: (id: string) => freeLane(store, id),
    underWay: (target: string, customer: string) => ordersUnderWay(store, target, customer),
    keyIdsInUse: () => keyIdsInUse(store),
    countByState: () => countByState(store),
  };
}
