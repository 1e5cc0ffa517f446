import {
  generateMissing,
  joinSecrets,
  replaceSecrets,
  splitSecrets,
  type Order,
} from '../../src/orders/model/index.ts';
import type { StandIns } from './stand-ins.ts';

/** The order with stand-ins for its secrets, and for those that would be made up: none gets into a rehearsal. */
export function withStandIns<T extends Order>(order: T, nativeSecrets: readonly string[], standIns: StandIns): T {
  const standIn = (): string => String(standIns.secret());
  const hidden = replaceSecrets(order, nativeSecrets, (secret) =>
    typeof secret === 'number' ? standIns.secret() : standIn(),
  );
  return joinSecrets(hidden, generateMissing(hidden, standIn)) as T;
}

/** For steps that open no secrets. */
export const withoutSecrets = <T extends Order>(order: T, nativeSecrets: readonly string[]): T =>
  splitSecrets(order, nativeSecrets).body as T;
