import { TurnupError } from '../../../errors/index.ts';
import type { Finding, OrderContent, StepContext, StepKind, StepResult } from '../../port.ts';
import type { SipwiseClient } from '../client.ts';
import { idOf, list, numberOrNull } from '../lookup.ts';
import { customerNativeOf } from '../native.ts';
import { billingProfileId, DEFAULT_BILLING_PROFILE, withBillingProfile } from '../references.ts';
import { byHand, objectId } from './by-hand.ts';
import { liveCustomers, terminateCustomer } from './customers.ts';
import { neededStep, resultId } from './needed.ts';

type Context = StepContext<SipwiseClient>;

/**
 * The body that creates the customer. Templates that are left out are attached by themselves, and the subscriber's
 * creation then sends mail: null keeps the platform silent (sipwise-ngcp.md §8.2).
 */
export function customerBody(order: OrderContent, ids: { contact: number | string; profile: number | string | null }) {
  const { contact: _contact, ...native } = customerNativeOf(order.customer.native);
  return {
    status: 'active',
    type: 'sipaccount',
    subscriber_email_template_id: null,
    passreset_email_template_id: null,
    invoice_email_template_id: null,
    invoice_template_id: null,
    ...native,
    ...(ids.profile === null ? { billing_profile_definition: 'package' } : { billing_profile_id: ids.profile }),
    contact_id: ids.contact,
    external_id: order.customer.externalId,
  };
}

/** The customer. Result: `{ customerId, contactId }`. */
export const customerStep: StepKind<SipwiseClient> = {
  nature: 'create',
  opensSecrets: false,
  uses: ['customer.billingProfile', 'customer.native'],
  resultShape: byHand({ customerId: objectId, contactId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    const contact = neededStep(ctx, 'contact');
    const contactId = resultId(contact, 'contactId');
    const adopted = numberOrNull(contact.result['customerId']);
    if (adopted !== null) {
      const differs = (await hasOtherProfile(ctx, contact.result)) ? ['customer.billingProfile'] : [];
      return {
        state: 'present',
        ours: false,
        result: { customerId: adopted, contactId },
        ...(differs.length > 0 ? { differs } : {}),
      };
    }
    const customers = await liveCustomers(ctx.client, ctx.order.customer.externalId);
    const ids = customers
      .filter(({ customer }) => numberOrNull(customer['contact_id']) === contactId)
      .map(({ customer }) => idOf(customer));
    const [oldest, ...extras] = ids.toSorted((a, b) => a - b);
    if (oldest === undefined && customers.length === 0) return { state: 'absent' };
    if (oldest === undefined) {
      throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
        detail: `customer ${customers.map(({ customer }) => idOf(customer)).join(', ')} came to bear external_id "${ctx.order.customer.externalId}" with another contact`,
      });
    }
    // The contact was made by this order, so are all customers on it (DESIGN §5.6).
    const ours = contact.outcome === 'created';
    if (ours) for (const extra of extras) await terminateCustomer(ctx.client, extra);
    return { state: 'present', ours, result: { customerId: oldest, contactId } };
  },

  async do(ctx) {
    const { client, order } = ctx;
    const contactId = resultId(neededStep(ctx, 'contact'), 'contactId');
    const create = async (profile: number | null): Promise<StepResult> => {
      const customerId = await client.create('customers', customerBody(order, { contact: contactId, profile }));
      return { customerId, contactId };
    };
    if (customerNativeOf(order.customer.native).profile_package_id !== undefined) return create(null);
    return withBillingProfile(client, order.customer.billingProfile ?? DEFAULT_BILLING_PROFILE, create);
  },

  async undo({ client, done }) {
    if (done.outcome !== 'created') return;
    const customerId = Number(done.result['customerId']);
    const subscribers = await list(client, { collection: 'subscribers', filter: { customer_id: customerId } });
    const other = subscribers.find((subscriber) => numberOrNull(subscriber['customer_id']) === customerId);
    // Terminating a customer takes all its subscribers along; those of this order are gone by now.
    if (other) {
      throw new TurnupError('TURNUP_UNDO_FAILED', {
        class: 'conflict',
        detail: `customer ${customerId} has subscriber ${idOf(other)}, which this order did not make`,
      });
    }
    await terminateCustomer(client, customerId);
  },

  async tidy({ client, order, key }, recorded) {
    const extras = (await liveCustomers(client, order.customer.externalId))
      .filter(({ contact, customer }) => contact?.['gpp0'] === key && idOf(customer) !== recorded?.['customerId'])
      .map(({ customer }) => idOf(customer));
    for (const extra of extras) await terminateCustomer(client, extra);
    return extras.length;
  },

  async discard({ client }, made, recorded) {
    if (made['customerId'] !== recorded?.['customerId']) await terminateCustomer(client, Number(made['customerId']));
  },
};

async function hasOtherProfile({ client, order }: Context, found: StepResult): Promise<boolean> {
  const { billingProfile } = order.customer;
  if (billingProfile === undefined) return false;
  try {
    return (await billingProfileId(client, billingProfile)) !== numberOrNull(found['billingProfileId']);
  } catch (error) {
    if (error instanceof TurnupError && error.code === 'TURNUP_REFERENCE_UNKNOWN') return true;
    throw error;
  }
}
