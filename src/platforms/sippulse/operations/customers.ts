import type { Finding, Json, StepResult } from '../../port.ts';
import { authenticated, CUSTOMERS } from './passwords.ts';
import { SOUND_CALLS } from '../shared/sound.ts';
import { argsOf, byHand, type Context, type Kind, type OperationSpec } from './spec.ts';
import { customerLogin } from './subscriber-objects.ts';
import { userOf } from '../shared/subscriber-record.ts';

/*
 * Reads that take the customer's own password. They are operations of an order and no reads of the catalogue: a query
 * of a GET lands in logs of every server on its way, while an order's secrets are sealed and opened by the step alone.
 */

function reading(read: (ctx: Context) => Promise<StepResult>): Kind {
  return {
    nature: 'change',
    opensSecrets: true,
    resultShape: byHand({}),
    find: async (ctx): Promise<Finding> => ({ state: 'present', ours: false, result: await read(ctx) }),
    do: read,
    async undo() {},
  };
}

const password = (ctx: Context): string => String(argsOf(ctx)['password']);

export const CUSTOMER_READS: readonly OperationSpec[] = [
  {
    service: CUSTOMERS,
    operation: 'authenticate',
    title: 'Tell whether a customer may log in',
    args: customerLogin,
    class: 'retriable',
    // Result: `{ authenticated, accountCode }`.
    step: reading(async (ctx) => {
      const found = await authenticated(ctx.client, argsOf(ctx), password(ctx));
      return { authenticated: found !== null, accountCode: (found?.['accountCode'] ?? null) as Json };
    }),
    calls: SOUND_CALLS,
  },
  {
    service: CUSTOMERS,
    operation: 'retrieveCustomerCredit',
    title: 'Tell the credit of a customer, as the customer',
    args: customerLogin,
    class: 'retriable',
    // Result: `{ credit }`.
    step: reading(async (ctx) => {
      const args = { ...userOf(argsOf(ctx)), password: password(ctx) };
      const reply = await ctx.client.read(CUSTOMERS, 'retrieveCustomerCredit', args);
      return { credit: (reply?.['return'] ?? null) as Json };
    }),
    calls: [],
  },
];
