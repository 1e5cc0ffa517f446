import { stepOf, subscriberOf, type Case } from '../../audit/evidence.ts';
import { isFlaw } from '../../orders.ts';
import type { SubscriberBody } from '../../orders.ts';
import type { PortalEvidence, User } from './hand.ts';
import { ownersIn } from './things.ts';
import { numberOf } from './wanted.ts';
import { companyMadeIn } from './writes.ts';

const wantedNumbers = (body: SubscriberBody): string[] => [numberOf(body), ...(body.aliases ?? [])];

/** Whether the reason of a held order is so on the platform as it is. */
export function isReal(one: Case, { after, journals, tapped, dialect }: PortalEvidence): boolean {
  const { order, entry } = one;
  const { error } = order;
  const customer = entry.body.customer?.externalId ?? '';
  const body = subscriberOf(one, stepOf(one, error?.step)?.item ?? null);
  const owners = ownersIn(after, dialect);
  const hasWanted = ({ numbers }: User): boolean =>
    body !== null && wantedNumbers(body).some((number) => numbers.includes(number));
  switch (error?.code) {
    case 'TURNUP_NUMBER_TAKEN': {
      const isGone = body !== null && wantedNumbers(body).some((number) => after.portedOut.includes(number));
      return isGone || after.users.some((user) => hasWanted(user) && owners.ofOffice(user.parent) !== customer);
    }
    case 'TURNUP_SUBSCRIBER_TAKEN':
      return isFlaw(entry.planned, error) && after.users.some((user) => isOther(user, body, dialect.cells));
    case 'TURNUP_TARGET_REJECTED':
      return isFlaw(entry.planned, error) && body !== null && after.portedOut.includes(numberOf(body));
    case 'TURNUP_CONTACT_REQUIRED': {
      const failedAt = Date.parse(journals.get(order.id)?.findLast(({ type }) => type === 'stepFailed')?.at ?? '');
      // An order that was let past may have made the company since.
      const isMadeSince = tapped.some((call) => call.at > failedAt && companyMadeIn(call) === customer);
      const isThere = after.companies.some(({ id }) => owners.ofCompany(id) === customer);
      return !entry.body.customer?.contact && (!isThere || isMadeSince);
    }
    case 'TURNUP_OBJECT_MISSING':
    case 'TURNUP_OBJECT_TAKEN':
      return isFlaw(entry.planned, error);
    default:
      return false;
  }
}

/** One of the same number or name that is otherwise not the same. */
function isOther(user: User, body: SubscriberBody | null, cells: PortalEvidence['dialect']['cells']): boolean {
  if (!body) return false;
  const row = cells('user', user.document);
  const [sameNumber, sameName] = [user.numbers[0] === numberOf(body), row['username'] === body.username];
  return sameNumber !== sameName || (sameNumber && row['externalId'] !== (body.externalId ?? ''));
}

/** The one reason an undo may have to stop: another order, let past, has built on what is to be taken away. */
export function undoIsBlocked({ order, entry }: Case, { after, entries }: PortalEvidence): boolean {
  if (!entry.remedies.includes('release')) return false;
  const made = new Set(order.steps.flatMap(({ result }) => Object.values(result ?? {})).map(String));
  const children = [...after.offices, ...after.users].filter(
    ({ id, parent }) => made.has(parent ?? '') && !made.has(id),
  );
  const customer = entry.body.customer?.externalId;
  return (
    children.length > 0 && entries.some(({ id, body }) => id !== order.id && body.customer?.externalId === customer)
  );
}
