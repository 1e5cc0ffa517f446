/** One hash tag for every key, so that all of an order lives in one Redis Cluster slot (DESIGN §4). */
export const DEFAULT_PREFIX = '{turnup}';

export type KeyScheme = ReturnType<typeof createKeys>;

/**
 * The one place where Redis keys are named. BullMQ's own keys live beside these under the same prefix
 * (`<prefix>:<queue>:…`); ours start with `<prefix>:t:` so that no queue name can meet them.
 */
export function createKeys(prefix: string = DEFAULT_PREFIX) {
  const own = `${prefix}:t`;
  return {
    prefix,
    own,
    /** Hash: the order record. */
    order: (id: string) => `${own}:order:${id}`,
    /** Stream: the order's journal. */
    journal: (id: string) => `${own}:journal:${id}`,
    /** Hash: what the order's target answered and nobody understood, sealed, by step. */
    evidence: (id: string) => `${own}:evidence:${id}`,
    /** String: what is left of a settled order, compressed. */
    archive: (id: string) => `${own}:archive:${id}`,
    /** String, with expiry once the order has ended: the order an idempotency key belongs to. `kind` is `e` (externalId) or `k` (Idempotency-Key). */
    idempotency: (client: string, kind: 'e' | 'k', value: string) => `${own}:idem:${client}:${kind}:${value}`,
    /** Zset (score 0, member order id): all orders, or those of one facet. Ids sort by time, so this sorts by time. */
    index: (facet: 'all' | 'state' | 'target' | 'customer' | 'client', value = '') => `${own}:ix:${facet}:${value}`,
    /** Zset (score = ms of the next look): orders that have not reached a terminal state. The reconciler's list. */
    live: () => `${own}:live`,
    /** Zset (score = ms when due): orders whose notBefore lies ahead. */
    scheduled: () => `${own}:scheduled`,
    /** Zset (score = the deadline in ms): orders that have one and were not stopped by it yet. */
    deadlines: () => `${own}:deadlines`,
    /** Zset (score = ms when due): settled orders that wait for archiving. */
    settled: () => `${own}:settled`,
    /** Zset (score = ms when their time is over): archived orders. */
    archived: () => `${own}:archived`,
    /** List: order ids of one customer on one target, head first; customer '' is the target's own. */
    mailbox: (target: string, customer: string) => `${own}:mailbox:${target}:${customer}`,
    /** List: ids of orders that ended well and are not in the ledger yet, oldest first. */
    unfolded: () => `${own}:unfolded`,
    /** Hash: what Turnup was told to have of one customer on one target. */
    ledger: (target: string, customer: string) => `${own}:ledger:${target}:${customer}`,
    /** Zset (score 0, member customer): customers of one target that are in the ledger. */
    ledgerCustomers: (target: string) => `${own}:ledger-customers:${target}`,
    /** Hash: an audit. */
    audit: (id: string) => `${own}:audit:${id}`,
    /** List (JSON): what an audit found. */
    auditFindings: (id: string) => `${own}:audit-findings:${id}`,
    /** List: customers that an audit looks at once more, since an order was at them. */
    auditLater: (id: string) => `${own}:audit-later:${id}`,
    /** Zset (score 0, member audit id): all audits. Ids sort by time. */
    audits: () => `${own}:audits`,
    /** List: audits of one target that are not over; the first one is at work. */
    openAudits: (target: string) => `${own}:open-audits:${target}`,
    /** Hash: what the last audit of a whole target found. */
    lastAudit: (target: string) => `${own}:last-audit:${target}`,
    /** Hash: number of orders by `<target> <state>`. */
    counts: () => `${own}:counts`,
    /** Hash: breaker of one target. */
    breaker: (target: string) => `${own}:breaker:${target}`,
    /** List (JSON, newest first): when the breaker of one target opened and closed, by whom and why. */
    breakerLog: (target: string) => `${own}:breaker-log:${target}`,
    /** String with expiry: until when (ms) one target asked for no calls. */
    throttle: (target: string) => `${own}:throttle:${target}`,
    /** List: times of the last calls to one target. */
    bucket: (target: string) => `${own}:bucket:${target}`,
    /** String with expiry: definitions of one target as its platform gave them. */
    definitions: (target: string) => `${own}:definitions:${target}`,
    /** Sorted set: steps of which an attempt that lost its lease may have left something, by when to look (ms). */
    leftovers: () => `${own}:leftovers`,
    /** Hash with expiry: what steps of one target do together under one name: tickets, and who is at work. */
    coalesced: (target: string, name: string) => `${own}:coalesced:${target}:${name}`,
    /** Hash with expiry: whose turn it is at one thing of a target. */
    turn: (target: string, name: string) => `${own}:turn:${target}:${name}`,
    /** Hash: how things stand with one source of files: what runs, what ran last, whether it is held, counts. */
    collection: (source: string) => `${own}:collection:${source}`,
    /**
     * What belongs to one source: `files` (hash: file id → JSON), `order` (zset: file ids by the order of their
     * discovery), `open` (set: ids of files that are not handed over), `names` (hash: local name → file id), `contents`
     * (hash: digest and path → file id), `unsettled` (hash: path → size and time of a file not known to be whole),
     * `runs` (list: ended runs, newest first).
     */
    collectionPart: (source: string, part: 'files' | 'order' | 'open' | 'names' | 'contents' | 'unsettled' | 'runs') =>
      `${own}:collection-${part}:${source}`,
    /** Zset (score = ms when it runs out): who may hold a connection to one server. */
    collectionLeases: (server: string) => `${own}:collection-leases:${server}`,
    /** Hash: key ids in use (key id → number of sealed things of live orders: their secrets, amendments, evidence). */
    sealedWith: () => `${own}:sealed-with`,
    /** Hash: what this store is known by, and the last time that its data were found lost. */
    marker: () => `${own}:marker`,
    /** String: written before waiting for the disk, so that the wait covers all that was written before it. */
    durable: () => `${own}:durable`,
    /** Prefix for the HTTP rate limiter. */
    httpLimit: () => `${own}:http-limit`,
    /** String with expiry: a dashboard session that was logged out. */
    endedSession: (id: string) => `${own}:ended-session:${id}`,
    /** Hash with expiry per worker process: name, since, queues. Zset of last signs of life. */
    workers: () => `${own}:workers`,
  };
}
