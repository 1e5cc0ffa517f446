import type { Finding, StepKind } from '../../port.ts';
import { idOf } from '../lookup.ts';
import { imageIn } from '../shared/image.ts';
import { findCustomer } from '../shared/locate.ts';
import { noWayBack } from '../shared/no-way-back.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import { terminateCustomer } from '../steps/customers.ts';
import type { SipwiseClient } from '../types.ts';

type Ids = { readonly customerId: number; readonly contactId: number };

/**
 * Ends a customer; the platform takes its subscribers along (sipwise-ngcp.md §8.2). One that is gone is as wanted. Result:
 * `{ customerId, contactId }`, null when there was none.
 */
export const terminateCustomerStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: false,
  uses: [],
  resultShape: byHand({ customerId: objectId.nullable().optional(), contactId: objectId.nullable() }),

  async find(ctx): Promise<Finding> {
    const live = await findCustomer(ctx.client, ctx.order.customer.externalId);
    if (live) {
      const ids: Ids = { customerId: idOf(live.customer), contactId: idOf(live.customer, 'contact_id') };
      return { state: 'different', before: ids };
    }
    const ids = ctx.intent?.state === 'different' ? (ctx.intent.before as Ids) : { customerId: null, contactId: null };
    return { state: 'present', ours: ctx.intent !== null, result: ids };
  },

  async do({ client }, finding) {
    const ids = imageIn(finding) as unknown as Ids;
    await terminateCustomer(client, ids.customerId);
    return ids;
  },

  undo: noWayBack('a terminated customer'),
};
