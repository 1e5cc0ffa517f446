export interface MetricEntry {
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
  /** Upper bounds, in the metric's unit. */
  readonly buckets?: readonly number[];
}

const CALL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const ORDER_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200, 43_200, 86_400];

const RUN_BUCKETS = [0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400];

const gauge = (labels: readonly string[], help: string): MetricEntry => ({ type: 'gauge', labels, help });
const counter = (labels: readonly string[], help: string): MetricEntry => ({ type: 'counter', labels, help });
const histogram = (labels: readonly string[], help: string, buckets: readonly number[]): MetricEntry => ({
  type: 'histogram',
  labels,
  help,
  buckets,
});

/** Every metric of our own; `docs/metrics.md` is kept in step with it by a test. */
export const METRICS = {
  turnup_orders: gauge(['target', 'state'], 'Orders in the store, by target and state.'),
  turnup_queue_jobs: gauge(['queue', 'state'], 'Jobs by queue and BullMQ state.'),
  turnup_queue_oldest_seconds: gauge(
    ['queue'],
    'Age of the job that has waited longest for a worker; 0 when none waits.',
  ),
  turnup_breaker_state: gauge(
    ['target', 'state'],
    '1 for the state the breaker of the target is in, 0 for the others.',
  ),
  turnup_workers: gauge([], 'Worker processes that gave a sign of life lately.'),
  turnup_store_up: gauge([], '1 when Redis answered this scrape; 0 when not, and then what is read from it is absent.'),
  turnup_store_lost_timestamp_seconds: gauge(
    [],
    'When Redis was last found to have lost data, in seconds since 1970; 0 when never.',
  ),
  turnup_audit_findings: gauge(
    ['target', 'state'],
    'What the last audit of the whole target found, by state: same, differs, missing, foreign, unknown.',
  ),
  turnup_audit_completed_timestamp_seconds: gauge(
    ['target'],
    'When the last audit of the whole target was completed, in seconds since 1970; absent when there was none.',
  ),
  turnup_order_duration_seconds: histogram(
    ['target', 'state'],
    'Time from acceptance to a terminal state, by that state.',
    ORDER_BUCKETS,
  ),
  turnup_step_duration_seconds: histogram(
    ['target', 'kind', 'direction'],
    'Time of one attempt at a step, its platform calls included.',
    CALL_BUCKETS,
  ),
  turnup_steps_total: counter(
    ['target', 'kind', 'direction', 'outcome'],
    'Attempts at steps by how they ended: created, adopted, changed, unchanged, undone, or the class of the error.',
  ),
  turnup_platform_calls_total: counter(
    ['target', 'method', 'status'],
    'Calls to platforms by HTTP method or operation and class of the status; `none` when no reply came.',
  ),
  turnup_platform_call_duration_seconds: histogram(
    ['target', 'method'],
    'Time of one call to a platform.',
    CALL_BUCKETS,
  ),
  turnup_http_request_duration_seconds: histogram(
    ['method', 'route', 'status'],
    'Time of one request to the API, by route (the pattern, not the path) and class of the status.',
    CALL_BUCKETS,
  ),
  turnup_intake_total: counter(
    ['client', 'result'],
    'Orders posted by result: accepted, repeated, duplicate, invalid, refused, limited, unavailable.',
  ),
  turnup_repairs_total: counter(
    ['what'],
    'What the reconciler repaired, by kind; where no process died there is nothing to repair.',
  ),
  turnup_collection_files: gauge(['source', 'state'], 'Files of a source, by how far they are.'),
  turnup_collection_held: gauge(
    ['source'],
    '1 while no run of the source begins by itself because a person must look.',
  ),
  turnup_collection_good_timestamp_seconds: gauge(
    ['source'],
    'When a run of the source last did what it was there for, in seconds since 1970; 0 when never.',
  ),
  turnup_collection_files_total: counter(
    ['source', 'outcome'],
    'Files by what became of them: fetched, handedOver, refused, gone.',
  ),
  turnup_collection_bytes_total: counter(['source'], 'Bytes fetched from a source, those that came twice included.'),
  turnup_collection_records_total: counter(
    ['source', 'result'],
    'Lines of fetched files that became records (good) or were put aside with a reason (rejected).',
  ),
  turnup_collection_run_duration_seconds: histogram(
    ['source', 'outcome'],
    'Time of one run: done, more, failed or stopped.',
    RUN_BUCKETS,
  ),
  turnup_build_info: gauge(['version', 'node'], 'Always 1; says what runs.'),
} as const satisfies Record<string, MetricEntry>;

export type MetricName = keyof typeof METRICS;
