import { TurnupError } from '../../../errors/index.ts';
import type { Finding, StepContext, StepKind } from '../../port.ts';
import { idOf, textOrNull } from '../lookup.ts';
import { customerNativeOf } from '../native.ts';
import { billingProfileId, withBillingProfile } from '../references.ts';
import { isRefusal } from '../refusal.ts';
import { imageIn } from '../shared/image.ts';
import { existingCustomer } from '../shared/locate.ts';
import { imageOf, memberOperations, wantedOf, type Members } from '../shared/members.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import type { Item, SipwiseClient } from '../types.ts';

type Context = StepContext<SipwiseClient>;

type Image = { readonly customerId: number; readonly contactId: number; readonly members: Members };

const PROFILE = 'billing_profile_id';

const pathOf = (id: number): string => `/api/customers/${id}`;

/** The customer of a modify order: found, and given the members that the order names. Result: `{ customerId, contactId }`. */
export const modifyCustomerStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: false,
  uses: ['customer.billingProfile', 'customer.native'],
  resultShape: byHand({ customerId: objectId, contactId: objectId }),

  async find(ctx): Promise<Finding> {
    const { customer } = await existingCustomer(ctx.client, ctx.order.customer.externalId);
    const result = { customerId: idOf(customer), contactId: idOf(customer, 'contact_id') };
    const members = imageOf(await wantedMembers(ctx), customer);
    if (Object.keys(members).length === 0) return { state: 'present', ours: ctx.intent !== null, result };
    if (PROFILE in members) refuseSchedule(customer);
    return { state: 'different', before: { ...result, members }, differs: Object.keys(members).map(orderedName) };
  },

  async do(ctx, finding) {
    const { customerId, contactId, members } = imageIn(finding) as unknown as Image;
    const send = async (profile: number | null): Promise<void> => {
      const wanted = wantedOf(members, { ...otherMembers(ctx), ...(profile !== null && { [PROFILE]: profile }) });
      await ctx.client.patch(pathOf(customerId), memberOperations(wanted, 'replace'));
    };
    const { billingProfile } = ctx.order.customer;
    if (PROFILE in members && billingProfile !== undefined) await withBillingProfile(ctx.client, billingProfile, send);
    else await send(null);
    return { customerId, contactId };
  },

  async undo({ client, intent }) {
    if (intent?.state !== 'different') return;
    const { customerId, members } = intent.before as Image;
    try {
      await client.patch(pathOf(customerId), memberOperations(members, 'replace'));
    } catch (error) {
      if (!isRefusal(error, 422, /already terminated and cannot be changed/)) throw error;
    }
  },
};

const orderedName = (member: string): string =>
  member === PROFILE ? 'customer.billingProfile' : `customer.native.${member}`;

/** Those of the order that need no look-up. */
function otherMembers({ order }: Context): Members {
  const { contact: _contact, ...native } = customerNativeOf(order.customer.native);
  return native;
}

async function wantedMembers(ctx: Context): Promise<Members> {
  const { billingProfile } = ctx.order.customer;
  const others = otherMembers(ctx);
  return billingProfile === undefined
    ? others
    : { ...others, [PROFILE]: await billingProfileId(ctx.client, billingProfile) };
}

/** Later changes of a schedule take future entries only, so that undo could not bring it back (sipwise-ngcp.md §8.2). */
function refuseSchedule(customer: Item): void {
  const definition = textOrNull(customer['billing_profile_definition']) ?? 'id';
  if (definition === 'id') return;
  throw new TurnupError('TURNUP_TARGET_REJECTED', {
    detail: `customer ${idOf(customer)} is billed by "${definition}", not by one billing profile: an order can neither change that nor bring it back`,
  });
}
