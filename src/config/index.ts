export type { ClientConfig, Config, KeyConfig, OperatorConfig, OperatorRole } from './config.ts';
export { withSecretKeys } from './keys-file.ts';
export { loadConfig, parseConfig, type LoadConfigOptions, type ParseConfigOptions } from './load.ts';
export { renderConfigReference } from './reference.ts';
export type { Rate, TargetConfig } from './target-schema.ts';
export { isLoopback } from './warnings.ts';
