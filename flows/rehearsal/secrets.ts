import { generateMissing, joinSecrets, replaceSecrets, type Order } from '../../src/orders/model/index.ts';
import type { StandIns } from './stand-ins.ts';

/** The order with stand-ins for its secrets, and for those that would be made up: none gets into a rehearsal. */
export function withoutSecrets<T extends Order>(order: T, nativeSecrets: readonly string[], standIns: StandIns): T {
  const standIn = (): string => String(standIns.secret());
  const hidden = replaceSecrets(order, nativeSecrets, (secret) =>
    typeof secret === 'number' ? standIns.secret() : standIn(),
  );
  return joinSecrets(hidden, generateMissing(hidden, standIn)) as T;
}
