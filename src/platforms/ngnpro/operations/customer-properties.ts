import { z } from 'zod';
import { unknownReference } from '../../operations/items.ts';
import type { Finding, Json } from '../../port.ts';
import { oneAtATime } from '../../turns.ts';
import { isFault } from '../fault.ts';
import { itemsIn } from './listing.ts';
import { customerProperty } from './objects.ts';
import { customerId } from './scalars.ts';
import { argsOf, byHand, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';
import { satisfies } from './values.ts';

const given = (ctx: Context): Item[] => argsOf(ctx)['properties'] as Item[];

const nameIn = (all: readonly Item[], name: unknown): Item | undefined => all.find((one) => one['name'] === name);

async function propertiesOf(ctx: Context): Promise<Item[]> {
  const { customer } = argsOf(ctx);
  try {
    return itemsIn(await ctx.client.call('CustomerPort', 'getProperties', { customer }));
  } catch (error) {
    if (!isFault(error, 'customerUnknown')) throw error;
    throw unknownReference(`the platform has no customer ${String(customer)}`);
  }
}

/**
 * All of them, since it is assumed only that those which are left out are kept (ngnpro.md, "Rules worth coding").
 */
async function write(ctx: Context, found: readonly Item[], changes: readonly Item[]): Promise<void> {
  const others = found.filter(({ name }) => !nameIn(changes, name));
  const properties = [...others, ...changes];
  await ctx.client.call('CustomerPort', 'setProperties', { customer: argsOf(ctx)['customer'], properties });
}

/** Before-image: the properties that change; without a value where they were not there. Result: `{}`. */
const step: Kind = oneAtATime(
  {
    nature: 'change',
    opensSecrets: false,
    resultShape: byHand({}),
    async find(ctx): Promise<Finding> {
      const found = await propertiesOf(ctx);
      const changes = given(ctx).filter((one) => !satisfies(one, nameIn(found, one['name'])));
      if (changes.length === 0) return { state: 'present', ours: ctx.intent !== null, result: {} };
      const before = changes.map(({ name }) => nameIn(found, name) ?? { name, value: '' });
      return { state: 'different', before: before as Json };
    },
    async do(ctx) {
      const found = await propertiesOf(ctx);
      const wanted = given(ctx).map((one) => ({ ...nameIn(found, one['name']), ...one }));
      await write(ctx, found, wanted);
      return {};
    },
    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const found = await propertiesOf(ctx);
      const back = (ctx.intent.before as unknown as Item[]).filter(
        (one) =>
          !satisfies({ ...one, value: one['value'] ?? null }, nameIn(found, one['name']) ?? { name: one['name'] }),
      );
      if (back.length > 0) await write(ctx, found, back);
    },
  },
  (ctx) => {
    const name = `customer ${String(argsOf(ctx)['customer'])}`;
    return { name, at: name };
  },
);

export const CUSTOMER_PROPERTIES: OperationSpec = {
  service: 'CustomerPort',
  operation: 'setProperties',
  title: 'Set properties of a customer; the others stay',
  args: z.strictObject({
    customer: customerId,
    properties: z
      .array(customerProperty)
      .min(1, 'must not be empty')
      .max(200, 'must have at most 200 entries')
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'must have each name once'),
  }),
  class: 'compensatable',
  step,
  liesIn: ['customer'],
  calls: ['CustomerPort.getProperties'],
};
