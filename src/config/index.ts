export { paceMs } from './audit-schema.ts';
export type { ClientConfig, Config, OperatorConfig, OperatorRole } from './config.ts';
export { withSecretKeys } from './keys-file.ts';
export { loadConfig, parseConfig } from './load.ts';
export { renderConfigReference } from './reference.ts';
export type { TargetConfig } from './target-schema.ts';
