export type { CollectionConfig, CsvConfig } from './collection-schema.ts';
export type { ClientConfig, Config, OperatorConfig, OperatorRole } from './config.ts';
export { withSecretKeys } from './keys-file.ts';
export { loadConfig, parseConfig } from './load.ts';
export { renderConfigReference } from './reference.ts';
export { paceMs } from './schedule.ts';
export type { TargetConfig } from './target-schema.ts';
