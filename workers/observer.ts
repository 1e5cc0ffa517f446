import type { Metrics } from '../src/observability/index.ts';

/** What the engine tells while it works; the metrics take it, tests may. */
export type EngineObserver = Pick<Metrics, 'stepFinished' | 'orderSettled' | 'platformCall' | 'repaired'>;
