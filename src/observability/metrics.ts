import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { METRICS, type MetricName } from './metric-catalogue.ts';

export type Metrics = ReturnType<typeof createMetrics>;

export type IntakeResult = 'accepted' | 'repeated' | 'duplicate' | 'invalid' | 'refused' | 'limited' | 'unavailable';

/** What the store says at the moment of a scrape. */
export interface StoreSample {
  readonly orders: readonly { readonly target: string; readonly state: string; readonly count: number }[];
  readonly queues: readonly {
    readonly queue: string;
    /** Number of jobs by BullMQ state. */
    readonly jobs: Readonly<Record<string, number>>;
    readonly oldestSeconds: number;
  }[];
  readonly breakers: readonly { readonly target: string; readonly state: 'closed' | 'open' | 'halfOpen' }[];
  /** The last of each target as a whole. */
  readonly audits: readonly {
    readonly target: string;
    readonly atMs: number;
    /** By what was found. */
    readonly counts: Readonly<Record<string, number>>;
  }[];
  readonly workers: number;
  readonly collections: readonly {
    readonly source: string;
    readonly files: Readonly<Record<string, number>>;
    readonly isHeld: boolean;
    /** ms since 1970; 0 = never. */
    readonly goodAtMs: number;
  }[];
  /** When data were last found lost, ms since 1970; 0 = never. */
  readonly lostAtMs: number;
}

export interface MetricsOptions {
  readonly version: string;
  /** Longest wait for the store at a scrape, in ms; default 3,000, well below a scraper's own limit. */
  readonly storeTimeoutMs?: number;
}

const BREAKER_STATES = ['closed', 'open', 'halfOpen'] as const;
// Far above what a configuration holds. A label that comes from outside by mistake must not fill the memory.
const MAX_VALUES = 500;

function statusClass(status: number | null): string {
  return status === null ? 'none' : `${Math.floor(status / 100)}xx`;
}

/** Lets the first values through and calls the rest `other`. */
function createBound() {
  const seen = new Map<string, Set<string>>();
  return (label: string, value: string): string => {
    const values = seen.get(label) ?? new Set();
    seen.set(label, values);
    if (values.has(value)) return value;
    if (values.size >= MAX_VALUES) return 'other';
    values.add(value);
    return value;
  };
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

/** The metrics of one process. */
export function createMetrics(options: MetricsOptions) {
  const registry = new Registry();
  const bound = createBound();
  let sampler: (() => Promise<StoreSample>) | null = null;
  let collecting: Promise<void> | null = null;

  const base = (name: MetricName) => ({
    name,
    help: METRICS[name].help,
    labelNames: METRICS[name].labels,
    registers: [registry],
  });
  const gauge = (name: MetricName) => new Gauge(base(name));
  const counter = (name: MetricName) => new Counter(base(name));
  const histogram = (name: MetricName & `${string}_seconds`) => {
    const entry = METRICS[name];
    return new Histogram({ ...base(name), ...('buckets' in entry && { buckets: [...(entry.buckets ?? [])] }) });
  };

  const orders = gauge('turnup_orders');
  const queueJobs = gauge('turnup_queue_jobs');
  const queueOldest = gauge('turnup_queue_oldest_seconds');
  const breaker = gauge('turnup_breaker_state');
  const auditFindings = gauge('turnup_audit_findings');
  const auditCompleted = gauge('turnup_audit_completed_timestamp_seconds');
  const workers = gauge('turnup_workers');
  const storeUp = gauge('turnup_store_up');
  const storeLost = gauge('turnup_store_lost_timestamp_seconds');
  const orderDuration = histogram('turnup_order_duration_seconds');
  const stepDuration = histogram('turnup_step_duration_seconds');
  const steps = counter('turnup_steps_total');
  const platformCalls = counter('turnup_platform_calls_total');
  const platformCallDuration = histogram('turnup_platform_call_duration_seconds');
  const httpDuration = histogram('turnup_http_request_duration_seconds');
  const intake = counter('turnup_intake_total');
  const repairs = counter('turnup_repairs_total');
  const collectionFiles = gauge('turnup_collection_files');
  const collectionHeld = gauge('turnup_collection_held');
  const collectionGood = gauge('turnup_collection_good_timestamp_seconds');
  const collected = {
    files: counter('turnup_collection_files_total'),
    bytes: counter('turnup_collection_bytes_total'),
    records: counter('turnup_collection_records_total'),
    runs: histogram('turnup_collection_run_duration_seconds'),
  };
  gauge('turnup_build_info').set({ version: options.version, node: process.version }, 1);
  collectDefaultMetrics({ register: registry });
  // A process that does not look at the store says nothing about it, where prom-client would say 0.
  for (const metric of [workers, storeUp, storeLost]) metric.remove();

  function forgetSample(): void {
    const ofAudits = [auditFindings, auditCompleted];
    const ofCollections = [collectionFiles, collectionHeld, collectionGood];
    for (const metric of [orders, queueJobs, queueOldest, breaker, ...ofAudits, ...ofCollections]) metric.reset();
    for (const metric of [workers, storeLost]) metric.remove();
  }

  function keep(sample: StoreSample): void {
    forgetSample();
    for (const { target, state, count } of sample.orders) orders.set({ target: bound('target', target), state }, count);
    for (const { queue, jobs, oldestSeconds } of sample.queues) {
      queueOldest.set({ queue: bound('queue', queue) }, oldestSeconds);
      for (const [state, count] of Object.entries(jobs)) queueJobs.set({ queue: bound('queue', queue), state }, count);
    }
    for (const { target, state: now } of sample.breakers) {
      for (const state of BREAKER_STATES)
        breaker.set({ target: bound('target', target), state }, state === now ? 1 : 0);
    }
    for (const { target: name, atMs, counts } of sample.audits) {
      const target = bound('target', name);
      auditCompleted.set({ target }, atMs / 1000);
      for (const [state, count] of Object.entries(counts)) auditFindings.set({ target, state }, count);
    }
    for (const { source: name, files, isHeld, goodAtMs } of sample.collections) {
      const source = bound('source', name);
      for (const [state, count] of Object.entries(files)) collectionFiles.set({ source, state }, count);
      collectionHeld.set({ source }, isHeld ? 1 : 0);
      collectionGood.set({ source }, goodAtMs / 1000);
    }
    workers.set(sample.workers);
    storeLost.set(sample.lostAtMs / 1000);
    storeUp.set(1);
  }

  async function collect(): Promise<void> {
    if (!sampler) return;
    try {
      keep(await within(sampler(), options.storeTimeoutMs ?? 3_000));
    } catch {
      // Old figures of a store that is away would look like a store that stands still.
      forgetSample();
      storeUp.set(0);
    }
  }

  return {
    registry,
    contentType: registry.contentType,

    /** Where the gauges of the store come from; asked once for each scrape. */
    collectFrom(sample: () => Promise<StoreSample>): void {
      sampler = sample;
    },

    /** The page a scraper reads. Scrapes at the same time share one look at the store. */
    async render(): Promise<string> {
      collecting ??= collect().finally(() => (collecting = null));
      await collecting;
      return registry.metrics();
    },

    stepFinished(step: { target: string; kind: string; direction: string; outcome: string; durationMs: number }): void {
      const labels = {
        target: bound('target', step.target),
        kind: bound('kind', step.kind),
        direction: step.direction,
      };
      stepDuration.observe(labels, step.durationMs / 1000);
      steps.inc({ ...labels, outcome: bound('outcome', step.outcome) });
    },

    orderSettled(order: { target: string; state: string; durationMs: number }): void {
      orderDuration.observe({ target: bound('target', order.target), state: order.state }, order.durationMs / 1000);
    },

    /** @param call `method` is the HTTP method, or the operation where the platform has those. */
    platformCall(target: string, call: { method: string; status: number | null; durationMs: number }): void {
      const labels = { target: bound('target', target), method: bound('method', call.method) };
      platformCalls.inc({ ...labels, status: statusClass(call.status) });
      platformCallDuration.observe(labels, call.durationMs / 1000);
    },

    repaired(what: string): void {
      repairs.inc({ what: bound('what', what) });
    },

    collectionFile(source: string, outcome: string): void {
      collected.files.inc({ source: bound('source', source), outcome });
    },

    collectionBytes(source: string, bytes: number): void {
      collected.bytes.inc({ source: bound('source', source) }, bytes);
    },

    collectionRecords(source: string, result: 'good' | 'rejected', count: number): void {
      collected.records.inc({ source: bound('source', source), result }, count);
    },

    collectionRun(source: string, outcome: string, durationMs: number): void {
      collected.runs.observe({ source: bound('source', source), outcome }, durationMs / 1000);
    },

    /** @param request `route` is the route's pattern, or null when none matched. */
    httpRequest(request: { method: string; route: string | null; status: number; durationMs: number }): void {
      const labels = {
        method: bound('httpMethod', request.method),
        route: bound('route', request.route ?? 'unmatched'),
        status: statusClass(request.status),
      };
      httpDuration.observe(labels, request.durationMs / 1000);
    },

    /** @param client name of the client, null when the token was nobody's. */
    intake(client: string | null, result: IntakeResult): void {
      intake.inc({ client: bound('client', client ?? 'unknown'), result });
    },
  };
}
