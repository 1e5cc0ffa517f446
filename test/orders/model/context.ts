import { parseOrder, type ParseContext } from '../../../src/orders/model/index.ts';
import type { Order } from '../../../src/orders/model/index.ts';

export const CONTEXT: ParseContext = {
  now: new Date('2026-11-22T12:00:00Z'),
  areaCodes: (target) => (target === 'vienna' ? ['+431', '+43720', '+4311'] : undefined),
  maxSubscribers: 10,
};

export function mustParse(input: unknown, context: ParseContext = CONTEXT): Order {
  const parsed = parseOrder(input, context);
  if (!parsed.ok) throw new Error(`refused: ${JSON.stringify(parsed.faults)}`);
  return parsed.order;
}

/** Faults as `path: message`, the path written as in an answer. */
export function faultsOf(input: unknown, context: ParseContext = CONTEXT): { path: string; message: string }[] {
  const parsed = parseOrder(input, context);
  if (parsed.ok) return [];
  return parsed.faults.map(({ path, message }) => ({ path: path.join('.'), message }));
}

export const pathsOf = (input: unknown, context?: ParseContext): string[] =>
  faultsOf(input, context).map(({ path }) => path);
