import type { Request } from 'express';
import { z } from 'zod';
import { TurnupError, type Fault } from '../../errors/index.ts';
import { ORDER_STATES } from '../../orders/states.ts';

const text = z.string().min(1).max(128);
const customer = z.string().min(1).max(255);
export const cursor = z.string().min(1).max(256).optional();
/** Most items of a page, as text. */
export const pageLimit = z
  .string()
  .regex(/^[1-9][0-9]{0,2}$/, { error: 'must be a number from 1 to 200' })
  .transform(Number)
  .refine((count) => count <= 200, { error: 'must be a number from 1 to 200' });

const listQuery = z.strictObject({
  state: z.enum(ORDER_STATES).optional(),
  target: text.optional(),
  customer: customer.optional(),
  externalId: text.optional(),
  limit: pageLimit.default(50),
  cursor,
});

const journalQuery = z.strictObject({ limit: pageLimit.default(100), cursor });

export function faultsOf(error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.slice(0, 100).map((key) => ({ path: [...path, key.slice(0, 128)], message: 'is not known' }));
  });
}

/** @throws TurnupError `TURNUP_INVALID_REQUEST` with every fault */
export function checked<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input, {
    error: ({ code, input: given }) => (code === 'invalid_type' && given === undefined ? 'is required' : undefined),
  });
  if (parsed.success) return parsed.data;
  throw new TurnupError('TURNUP_INVALID_REQUEST', { faults: faultsOf(parsed.error) });
}

export const readListQuery = (req: Request) => checked(listQuery, { ...req.query });
export const readJournalQuery = (req: Request) => checked(journalQuery, { ...req.query });
