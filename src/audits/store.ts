import { v7 as uuidv7 } from 'uuid';
import { TurnupError } from '../errors/index.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { whileStoreIsThere } from '../orders/lua.ts';
import {
  FINDING_STATES,
  type AuditFailure,
  type AuditState,
  type AuditTurn,
  type AuditView,
  type AuditWait,
  type Finding,
  type FindingState,
} from './audit.ts';
import { ADVANCE, BEGIN, CREATE, END, runAuditScript, WAIT, type AuditRedis } from './lua.ts';

export interface NewAudit {
  readonly target: string;
  /** Left out: all that Turnup was told of. */
  readonly customers?: readonly string[] | undefined;
  readonly repair: boolean;
  readonly by: string;
  readonly owner: string;
  /** Not while another one of the target is open. */
  readonly onlyIfNone?: boolean;
}

/** What came of a customer's turn. */
export interface TurnResult {
  readonly findings: readonly Finding[];
  /** An order is at the customer: it is looked at again when all others were, and has not been looked at until then. */
  readonly putOff: boolean;
  /** Orders placed until now, all turns together. */
  readonly orders: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** When the last audit of a whole target ended, and what it found. */
export interface LastAudit {
  readonly target: string;
  readonly atMs: number;
  readonly counts: { readonly [state in FindingState]: number };
}

export interface AuditStoreOptions extends AuditRedis {
  readonly ledger: Pick<Ledger, 'customers' | 'countCustomers'>;
  /** Waits until what was written is as safe as the configuration asks. */
  readonly persist?: () => Promise<void>;
}

export type AuditStore = ReturnType<typeof createAuditStore>;

const iso = (ms: string | undefined): string | null => (ms ? new Date(Number(ms)).toISOString() : null);

const countsIn = (read: (state: FindingState) => string | undefined) =>
  Object.fromEntries(FINDING_STATES.map((state) => [state, Number(read(state) ?? 0)])) as AuditView['counts'];

function namedIn(record: Readonly<Record<string, string>>): string[] | null {
  return record['customers'] ? (JSON.parse(record['customers']) as string[]) : null;
}

function toView(id: string, record: Readonly<Record<string, string>>): AuditView {
  const checked = Number(record['checked'] ?? 0);
  const customers = namedIn(record);
  return {
    id,
    target: record['target'] ?? '',
    customers,
    repair: record['repair'] === '1',
    by: record['by'] ?? '',
    state: record['state'] as AuditState,
    waitsFor: (record['waits'] as AuditWait | undefined) ?? null,
    createdAt: iso(record['created']) ?? '',
    startedAt: iso(record['started']),
    endedAt: iso(record['ended']),
    // Customers may be added while it runs.
    progress: { checked, total: Math.max(checked, Number(record['total'] ?? customers?.length ?? 0)) },
    counts: countsIn((state) => record[`n:${state}`]),
    orders: Number(record['orders'] ?? 0),
    error: record['failure'] ? (JSON.parse(record['failure']) as AuditFailure) : null,
  };
}

function pairs(reply: readonly string[]): Record<string, string> {
  return Object.fromEntries(reply.flatMap((name, at) => (at % 2 === 0 ? [[name, reply[at + 1] ?? '']] : [])));
}

/** How many findings one call looks at before it hands out a cursor, so that a rare state cannot stall Redis. */
const LOOKED_AT = 5_000;
const MOST_AUDITS = 1_000;
const INDEX = /^\d{1,12}$/;

function notACursor(): TurnupError {
  return new TurnupError('TURNUP_INVALID_REQUEST', { faults: [{ path: ['cursor'], message: 'is not a cursor' }] });
}

/** Everything Redis holds of audits. Throws `TURNUP_STORE_UNAVAILABLE` when Redis is away. */
export function createAuditStore({ redis, keys, ledger, persist }: AuditStoreOptions) {
  const at: AuditRedis = { redis, keys };

  async function customerOf(record: Readonly<Record<string, string>>): Promise<Pick<AuditTurn, 'customer' | 'isLast'>> {
    const named = namedIn(record);
    const next = named
      ? named[Number(record['passed'] ?? 0)]
      : (await ledger.customers(record['target']!, record['cursor'] ?? '', 1))[0];
    if (next !== undefined) return { customer: next, isLast: false };
    const [putOff] = await redis.lrange(keys.auditLater(record['id']!), 0, 0);
    return { customer: putOff ?? null, isLast: true };
  }

  /** Null when there is no such audit, or it is no longer kept. */
  async function read(id: string): Promise<AuditView | null> {
    const record = await whileStoreIsThere(() => redis.hgetall(keys.audit(id)));
    return record['state'] ? toView(id, record) : null;
  }

  return {
    /** Gives the id of the new audit; null: another one is open. */
    async create(input: NewAudit, id: string = uuidv7()): Promise<string | null> {
      const { target, customers, repair, by, owner, onlyIfNone = false } = input;
      const fields = ['target', target, 'id', id, 'by', by, 'owner', owner, 'repair', repair ? '1' : '0'];
      if (customers) fields.push('customers', JSON.stringify([...new Set(customers)]));
      const added = await runAuditScript(at, CREATE, id, [onlyIfNone ? '1' : '0', ...fields]);
      if (persist) await whileStoreIsThere(persist);
      return added === 1 ? id : null;
    },
    /** The next customer's turn; `behind`: an earlier audit of the target comes first. */
    async begin(id: string): Promise<AuditTurn | 'over' | 'behind'> {
      const target = await whileStoreIsThere(() => redis.hget(keys.audit(id), 'target'));
      if (!target) return 'over';
      const count = await ledger.countCustomers(target);
      const reply = (await runAuditScript(at, BEGIN, id, [count])) as 'over' | 'behind' | string[];
      if (typeof reply === 'string') return reply;
      const record = pairs(reply);
      return {
        id,
        target,
        repair: record['repair'] === '1',
        by: record['by'] ?? '',
        owner: record['owner'] ?? '',
        isNamed: Boolean(record['customers']),
        ...(await whileStoreIsThere(() => customerOf(record))),
        turn: Number(record['turn']),
        orders: Number(record['orders']),
      };
    },
    /** Ends a turn. False: the audit is over, or somebody else had this turn. */
    async advance({ id, turn, customer, isLast, isNamed }: AuditTurn, result: TurnResult): Promise<boolean> {
      // Of a whole target those that are as they should be are many, and nobody reads them.
      const findings = result.findings.flatMap((finding) => [
        finding.state,
        finding.state === 'same' && !isNamed ? '' : JSON.stringify(finding),
      ]);
      const what = isLast ? 'last' : result.putOff ? 'later' : '';
      return (await runAuditScript(at, ADVANCE, id, [turn, customer ?? '', what, result.orders, ...findings])) === 1;
    },
    /** Says what a running audit waits for; null: for nothing. */
    waits: (id: string, what: AuditWait | null): Promise<unknown> => runAuditScript(at, WAIT, id, [what ?? '']),
    /** False when it was over. */
    async end(id: string, state: 'completed' | 'failed' | 'cancelled', failure?: AuditFailure): Promise<boolean> {
      const ended = await runAuditScript(at, END, id, [state, failure ? JSON.stringify(failure) : '']);
      if (persist) await whileStoreIsThere(persist);
      return ended === 1;
    },
    read,
    /** Newest first. */
    async list(filter: { target?: string; limit: number; cursor?: string }): Promise<Page<AuditView>> {
      const { target, limit, cursor } = filter;
      const ids = await whileStoreIsThere(() =>
        redis.zrevrangebylex(keys.audits(), cursor === undefined ? '+' : `(${cursor}`, '-', 'LIMIT', 0, MOST_AUDITS),
      );
      const items: AuditView[] = [];
      for (const [place, id] of ids.entries()) {
        const audit = await read(id);
        if (audit && (target === undefined || audit.target === target)) items.push(audit);
        if (items.length === limit) return { items, next: place < ids.length - 1 ? id : null };
      }
      return { items, next: null };
    },
    /** In the order in which they were found. */
    async findings(
      id: string,
      { state, limit, cursor = '0' }: { state?: FindingState; limit: number; cursor?: string },
    ): Promise<Page<Finding>> {
      if (!INDEX.test(cursor)) throw notACursor();
      const from = Number(cursor);
      const to = from + (state === undefined ? limit : LOOKED_AT);
      const found = await whileStoreIsThere(() => redis.lrange(keys.auditFindings(id), from, to));
      const items: Finding[] = [];
      for (const [place, text] of found.entries()) {
        if (items.length === limit || place === to - from) return { items, next: String(from + place) };
        const finding = JSON.parse(text) as Finding;
        if (state === undefined || finding.state === state) items.push(finding);
      }
      return { items, next: null };
    },
    /** Ids of a target's audits that are not over, oldest first. */
    open: (target: string): Promise<string[]> => whileStoreIsThere(() => redis.lrange(keys.openAudits(target), 0, -1)),
    /** Of those targets of which a whole audit has ended. */
    async last(targets: readonly string[]): Promise<LastAudit[]> {
      const records = await whileStoreIsThere(() =>
        Promise.all(targets.map((target) => redis.hgetall(keys.lastAudit(target)))),
      );
      return records.flatMap((record, place) =>
        record['at']
          ? [{ target: targets[place]!, atMs: Number(record['at']), counts: countsIn((state) => record[state]) }]
          : [],
      );
    },
  };
}
