import type { Finding, StepKind } from '../../port.ts';
import { list, numberOrNull } from '../lookup.ts';
import { isGone, isRefusal } from '../refusal.ts';
import { exists } from '../shared/exists.ts';
import { imageIn } from '../shared/image.ts';
import { noWayBack } from '../shared/no-way-back.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import { neededStep } from '../steps/needed.ts';
import type { SipwiseClient } from '../types.ts';

const pathOf = (id: number): string => `/api/customercontacts/${id}`;

/**
 * The contact of a customer that is gone goes too, unless something else uses it. Result: `{ contactId, kept? }`; null
 * when there was none.
 */
export const terminateContactStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: false,
  uses: [],
  resultShape: byHand({ contactId: objectId.nullable().optional() }),

  async find({ client, needs, intent }): Promise<Finding> {
    const { result } = neededStep({ needs }, 'customer');
    const contactId = numberOrNull(result['contactId']);
    const done = (kept: boolean): Finding => ({
      state: 'present',
      ours: intent !== null,
      result: { contactId, ...(kept && { kept }) },
    });
    if (contactId === null || !(await exists(client, pathOf(contactId)))) return done(false);
    return (await isShared(client, contactId, numberOrNull(result['customerId'])))
      ? done(true)
      : { state: 'different', before: { contactId } };
  },

  async do({ client }, finding) {
    const { contactId } = imageIn(finding) as unknown as { contactId: number };
    try {
      await client.remove(pathOf(contactId));
    } catch (error) {
      if (isRefusal(error, 423)) return { contactId, kept: true };
      if (!isGone(error)) throw error;
    }
    return { contactId };
  },

  undo: noWayBack('a removed contact'),
};

/** Several customers may be on one contact. */
async function isShared(client: SipwiseClient, contactId: number, ended: number | null): Promise<boolean> {
  const customers = await list(client, {
    collection: 'customers',
    filter: { contact_id: contactId, not_status: 'terminated' },
  });
  return customers.some(
    (one) =>
      numberOrNull(one['contact_id']) === contactId &&
      one['status'] !== 'terminated' &&
      numberOrNull(one['id']) !== ended,
  );
}
