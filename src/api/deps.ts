import type { Redis } from 'ioredis';
import type { Motor } from '../../flows/motor.ts';
import type { AuditStore } from '../audits/store.ts';
import type { Collections } from '../collector/read.ts';
import type { Config } from '../config/index.ts';
import type { Logger, Metrics } from '../observability/index.ts';
import type { OrderStore } from '../orders/store.ts';
import type { KeyScheme } from '../redis/keys.ts';
import type { KeyRing } from '../secrets/index.ts';
import type { Targets } from '../targets/targets.ts';

/** What the API stands on. It closes none of it. */
export interface ApiDeps {
  /** With at least one secret key. */
  readonly config: Config;
  /** Fails soon when Redis is away, instead of waiting for it. */
  readonly redis: Redis;
  readonly keys: KeyScheme;
  readonly store: OrderStore;
  readonly audits: AuditStore;
  readonly motor: Motor;
  readonly targets: Targets;
  readonly collections: Collections;
  readonly keyRing: KeyRing;
  readonly log: Logger;
  readonly metrics: Metrics;
}
