export { createLogger, type Logger, type LoggerOptions, type LogLevel } from './logger.ts';
export { createMetrics, type IntakeResult, type Metrics, type MetricsOptions, type StoreSample } from './metrics.ts';
export { serveProbes, type ProbesOptions, type Readiness } from './probes.ts';
