export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { createMetrics, type IntakeResult, type Metrics, type StoreSample } from './metrics.ts';
export { scrubText } from './redact.ts';
export { serveProbes, type ProbesOptions } from './probes.ts';
