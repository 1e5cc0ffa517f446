import { TurnupError } from '../../../errors/index.ts';
import type { Finding, OrderContent, StepContext, StepKind } from '../../port.ts';
import type { Item, SipwiseClient } from '../client.ts';
import { contactDifferences, contactMembers } from '../contact-fields.ts';
import { idOf, list, literal, numberOrNull, textOrNull } from '../lookup.ts';
import { customerNativeOf, type CustomerNative } from '../native.ts';
import { domainId } from '../references.ts';
import { isGone } from '../refusal.ts';
import { byHand, objectId } from './by-hand.ts';
import { liveCustomers, type LiveCustomer } from './customers.ts';

type Context = StepContext<SipwiseClient>;

/** Contacts with one mail address; a shared address of a reseller may have thousands. */
const MOST_CONTACTS = 20_000;

/** The body that creates the contact; `gpp0` is what it is known by again: nothing else of it is unique (§7). */
function contactBody(order: OrderContent, key: string, resellerId: number): Record<string, unknown> {
  const contact = order.customer.contact ?? {};
  const native = customerNativeOf(order.customer.native).contact ?? {};
  return { ...native, ...contactMembers(contact), reseller_id: resellerId, gpp0: key };
}

/**
 * The customer's contact. Looks for the customer first: one that is there is adopted with its contact.
 * Result: `{ contactId, customerId, billingProfileId? }`; `customerId` is null when there is no customer yet.
 */
export const contactStep: StepKind<SipwiseClient> = {
  nature: 'create',
  opensSecrets: false,
  uses: ['customer.contact', 'customer.native.contact'],
  resultShape: byHand({ contactId: objectId, customerId: objectId.nullable().optional() }),

  async find(ctx): Promise<Finding> {
    if (ctx.intent) {
      const mine = await keepOne(ctx);
      if (mine !== null) return { state: 'present', ours: true, result: { contactId: mine, customerId: null } };
    } else await checkDomains(ctx);
    const customer = await liveCustomer(ctx);
    if (customer) return adopt(ctx.order, customer);
    if (!ctx.order.customer.contact) {
      throw new TurnupError('TURNUP_CONTACT_REQUIRED', {
        detail: `there is no customer with external_id "${ctx.order.customer.externalId}"; the order needs customer.contact`,
      });
    }
    return { state: 'absent' };
  },

  async do({ client, order, key }) {
    const contactId = await client.create('customercontacts', contactBody(order, key, client.resellerId));
    return { contactId, customerId: null };
  },

  async undo({ client, done }) {
    if (done.outcome === 'created') await removeContact(client, Number(done.result['contactId']));
  },

  async tidy(ctx, recorded) {
    const extras = (await ownContacts(ctx)).filter((id) => id !== recorded?.['contactId']);
    for (const extra of extras) await removeContact(ctx.client, extra);
    return extras.length;
  },

  async discard({ client }, made, recorded) {
    if (made['contactId'] !== recorded?.['contactId']) await removeContact(client, Number(made['contactId']));
  },
};

/** An order with a domain that is not there would else be found out when half of it is made. */
async function checkDomains({ client, order }: Context): Promise<void> {
  for (const domain of order.domains ?? []) await domainId(client, domain);
}

async function removeContact(client: SipwiseClient, id: number): Promise<void> {
  try {
    await client.remove(`/api/customercontacts/${id}`);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Of the contacts that bear our key the oldest stays, others that lost replies left behind go (DESIGN §5.6). */
async function keepOne(ctx: Context): Promise<number | null> {
  const [oldest, ...extras] = await ownContacts(ctx);
  for (const extra of extras) await removeContact(ctx.client, extra);
  return oldest ?? null;
}

/** Ids of the contacts that bear our key, oldest first. */
async function ownContacts({ client, order, key }: Context): Promise<number[]> {
  const email = order.customer.contact?.email;
  if (email === undefined) return [];
  const hits = await list(client, {
    collection: 'customercontacts',
    filter: { email: literal(email) },
    newestFirst: true,
    limit: MOST_CONTACTS,
  });
  return hits
    .filter((hit) => hit['gpp0'] === key)
    .map((hit) => idOf(hit))
    .toSorted((a, b) => a - b);
}

async function liveCustomer(ctx: Context): Promise<LiveCustomer | null> {
  const { externalId } = ctx.order.customer;
  const live = await liveCustomers(ctx.client, externalId);
  if (live.length < 2) return live[0] ?? null;
  const ours = live.filter(({ contact }) => contact?.['gpp0'] === ctx.key);
  const [only] = ours;
  if (only && ours.length === 1) return only;
  const ids = live.map(({ customer }) => idOf(customer)).join(', ');
  throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
    detail: `${live.length} live customers have external_id "${externalId}": ${ids}`,
  });
}

function adopt(order: OrderContent, { customer, contact: found }: LiveCustomer): Finding {
  const { contact, native } = order.customer;
  const differs = [
    ...(contact ? contactDifferences(contact, found ?? {}) : []).map((member) => `customer.contact.${member}`),
    ...nativeDifferences(customerNativeOf(native), customer, found ?? {}),
  ];
  const result = {
    contactId: idOf(customer, 'contact_id'),
    customerId: idOf(customer),
    billingProfileId: numberOrNull(customer['billing_profile_id']),
  };
  return { state: 'present', ours: false, result, ...(differs.length > 0 ? { differs } : {}) };
}

function nativeDifferences({ contact = {}, ...customer }: CustomerNative, found: Item, foundContact: Item): string[] {
  const differing = (wanted: object, there: Item, path: string): string[] =>
    Object.entries(wanted)
      .filter(([member, value]) => value !== undefined && textOrNull(value) !== textOrNull(there[member]))
      .map(([member]) => `${path}.${member}`);
  return [
    ...differing(customer, found, 'customer.native'),
    ...differing(contact, foundContact, 'customer.native.contact'),
  ];
}
