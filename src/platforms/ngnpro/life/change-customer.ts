import { byHand } from '../../operations/spec.ts';
import type { Finding } from '../../port.ts';
import { during } from '../../turns.ts';
import { CUSTOMER_MEMBERS } from '../native.ts';
import { changed } from '../operations/values.ts';
import { customerId } from '../shared/by-hand.ts';
import { BLANKS, contactMembers, CONTACT_NAMES, idOf } from '../shared/customers.ts';
import type { Context, Kind } from '../shared/kinds.ts';
import { isEmpty, otherThan, type Members } from '../shared/members.ts';
import type { Item, NgnproClient } from '../types.ts';
import { itemOf } from '../shared/read.ts';
import { locateCustomer } from './locate.ts';

/** Sent back they would be taken for new ones, or are the platform's own. */
const NOT_SENT_BACK: ReadonlySet<string> = new Set(['password', 'changeDate']);

/** An update of a customer sends all of it: read, change, send back. */
async function update(client: NgnproClient, found: Item, changes: Members): Promise<void> {
  const kept = Object.fromEntries(Object.entries(found).filter(([member]) => !NOT_SENT_BACK.has(member)));
  await client.call('CustomerPort', 'updateAccount', { account: { ...changed(kept, changes) } });
}

/** A step that changes members of the customer. Result: `{ customerId }`. */
function changeStep(
  uses: readonly string[],
  wantedOf: (ctx: Context) => Members,
  /** Members of the order that stand for one of the platform's. */
  namesOf: (ctx: Context, member: string) => readonly string[],
): Kind {
  /** As the customer is read now: the member list of `getCustomers` may be shorter. */
  async function look(ctx: Context): Promise<Item> {
    const id = idOf(await locateCustomer(ctx));
    return itemOf(await ctx.client.call('CustomerPort', 'getAccount', { id })) ?? { id };
  }

  const bringTo = async (ctx: Context, members: Members): Promise<number> => {
    const id = idOf(await locateCustomer(ctx));
    const name = `customer ${id}`;
    await during(ctx, { at: name, name }, async () => {
      const found = await look(ctx);
      if (!isEmpty(otherThan(members, found))) await update(ctx.client, found, members);
    });
    return id;
  };

  return {
    nature: 'change',
    opensSecrets: false,
    uses,
    resultShape: byHand({ customerId }),

    async find(ctx): Promise<Finding> {
      const wanted = wantedOf(ctx);
      const found = isEmpty(wanted) ? await locateCustomer(ctx) : await look(ctx);
      const id = idOf(found);
      const before = otherThan(wanted, found);
      if (!isEmpty(before)) {
        const differs = Object.keys(before).flatMap((member) => namesOf(ctx, member));
        return { state: 'different', before, differs };
      }
      // The attempt that did it may have died with its turn in hand.
      if (ctx.intent) await ctx.shared.endTurn(`customer ${id}`);
      return { state: 'present', ours: ctx.intent !== null, result: { customerId: id } };
    },

    do: async (ctx) => ({ customerId: await bringTo(ctx, wantedOf(ctx)) }),

    async undo(ctx) {
      if (ctx.intent?.state === 'different') await bringTo(ctx, ctx.intent.before as Members);
    },
  };
}

/** The customer, and its own members that the order names; null clears one. */
export const changeCustomerStep = changeStep(
  ['customer.externalId', 'customer.native'],
  ({ order }) =>
    Object.fromEntries(
      Object.entries(order.customer.native).filter(
        ([name, value]) => CUSTOMER_MEMBERS.includes(name) && value !== undefined,
      ),
    ) as Members,
  (_ctx, member) => [`customer.native.${member}`],
);

const clearedOf = ({ order }: Context): readonly string[] =>
  (order.cleared ?? [])
    .filter((path) => path.startsWith('customer.contact.'))
    .map((path) => path.slice('customer.contact.'.length));

/** The contact, which is members of the customer; what the order clears gets what stands for nothing. */
export const changeContactStep = changeStep(
  ['customer.contact'],
  (ctx) => {
    const cleared = clearedOf(ctx);
    const members = Object.entries(CONTACT_NAMES)
      .filter(([, names]) => names.some((name) => cleared.includes(name)))
      .map(([member]) => [member, BLANKS[member as keyof typeof BLANKS] ?? null]);
    return { ...(Object.fromEntries(members) as Members), ...contactMembers(ctx.order.customer.contact ?? {}) };
  },
  (ctx, member) => {
    const named = new Set([...Object.keys(ctx.order.customer.contact ?? {}), ...clearedOf(ctx)]);
    return (CONTACT_NAMES[member] ?? []).filter((name) => named.has(name)).map((name) => `customer.contact.${name}`);
  },
);
