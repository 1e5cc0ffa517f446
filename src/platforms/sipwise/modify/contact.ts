import type { Finding, StepContext, StepKind } from '../../port.ts';
import { CONTACT_FIELDS, contactMembers } from '../contact-fields.ts';
import { customerNativeOf } from '../native.ts';
import { isGone } from '../refusal.ts';
import { clears } from '../shared/cleared.ts';
import { imageIn } from '../shared/image.ts';
import { imageOf, memberOperations, wantedOf, type Members } from '../shared/members.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import { neededStep, resultId } from '../steps/needed.ts';
import type { SipwiseClient } from '../types.ts';

type Context = StepContext<SipwiseClient>;

type Image = { readonly contactId: number; readonly members: Members };

const pathOf = (id: number): string => `/api/customercontacts/${id}`;

/** The members of the customer's contact that a modify order names. Result: `{ contactId }`. */
export const modifyContactStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: false,
  uses: ['customer.contact', 'customer.native.contact'],
  resultShape: byHand({ contactId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    const contactId = resultId(neededStep(ctx, 'customer'), 'contactId');
    const members = imageOf(wantedMembers(ctx), await ctx.client.get(pathOf(contactId)));
    if (Object.keys(members).length === 0)
      return { state: 'present', ours: ctx.intent !== null, result: { contactId } };
    return { state: 'different', before: { contactId, members }, differs: Object.keys(members).map(orderedName) };
  },

  async do(ctx, finding) {
    const { contactId, members } = imageIn(finding) as unknown as Image;
    await ctx.client.patch(pathOf(contactId), memberOperations(wantedOf(members, wantedMembers(ctx)), 'replace'));
    return { contactId };
  },

  async undo({ client, intent }) {
    if (intent?.state !== 'different') return;
    const { contactId, members } = intent.before as Image;
    try {
      await client.patch(pathOf(contactId), memberOperations(members, 'replace'));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
};

function orderedName(member: string): string {
  const known = CONTACT_FIELDS.find(([, name]) => name === member);
  return known ? `customer.contact.${known[0]}` : `customer.native.contact.${member}`;
}

function wantedMembers({ order }: Context): Members {
  const { contact = {}, native } = order.customer;
  const cleared = CONTACT_FIELDS.filter(([member]) => clears(order, `customer.contact.${member}`));
  return {
    ...Object.fromEntries(cleared.map(([, name]) => [name, null])),
    ...((customerNativeOf(native).contact ?? {}) as Members),
    ...contactMembers(contact),
  };
}
