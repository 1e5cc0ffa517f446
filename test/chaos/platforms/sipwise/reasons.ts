import { nameOf, stepOf, subscriberOf, wantedDigits, type Case } from '../../audit/evidence.ts';
import { numbersOf, type SipwiseEvidence } from './hand.ts';

/** Whether the reason of a held order is so on the platform as it is. */
export function isReal(one: Case, { after, journals, tapped }: SipwiseEvidence): boolean {
  const { order, entry } = one;
  const { error } = order;
  const { customer } = entry.body;
  const body = subscriberOf(one, stepOf(one, error?.step)?.item ?? null);
  switch (error?.code) {
    case 'TURNUP_NUMBER_TAKEN': {
      if (!body) return false;
      const wanted = [...(body.number ? [body.number] : []), ...(body.aliases ?? [])].map(wantedDigits);
      return after.subscribers.some(
        (other) => nameOf(other) !== nameOf(body) && numbersOf(other).some((digits) => wanted.includes(digits)),
      );
    }
    case 'TURNUP_SUBSCRIBER_TAKEN': {
      const found = body && after.subscribers.find((other) => nameOf(other) === nameOf(body));
      const owner = after.customers.find(({ id }) => id === found?.customer_id);
      return owner !== undefined && owner.external_id !== customer?.externalId;
    }
    case 'TURNUP_CONTACT_REQUIRED': {
      const failedAt = Date.parse(journals.get(order.id)?.findLast(({ type }) => type === 'stepFailed')?.at ?? '');
      // An order that was let past may have made the customer since.
      const isMadeSince = tapped.some(
        ({ method, path, body: sent, at }) =>
          method === 'POST' &&
          path === '/api/customers/' &&
          at > failedAt &&
          (JSON.parse(sent) as { external_id?: unknown }).external_id === customer?.externalId,
      );
      const isThere = after.customers.some(
        ({ external_id: id, status }) => id === customer?.externalId && status !== 'terminated',
      );
      return !customer?.contact && (!isThere || isMadeSince);
    }
    case 'TURNUP_REFERENCE_UNKNOWN':
      return !entry.mended && entry.planned.draft.lacks !== undefined;
    default:
      return false;
  }
}

/** The one reason an undo may have to stop: another order, let past, has built on what is to be taken away. */
export function undoIsBlocked({ order, entry }: Case, { after, entries }: SipwiseEvidence): boolean {
  if (!entry.remedies.includes('release')) return false;
  const made = order.steps.find(({ kind }) => kind === 'customer')?.result?.['customerId'];
  const others = after.subscribers.filter(({ customer_id: id }) => id === made).map(nameOf);
  return (
    others.length > 0 &&
    entries.some(({ id, body }) => id !== order.id && body.customer?.externalId === entry.body.customer?.externalId)
  );
}
