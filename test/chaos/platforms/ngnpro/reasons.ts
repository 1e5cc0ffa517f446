import { stepOf, subscriberOf, type Case } from '../../audit/evidence.ts';
import { isFlaw } from '../../orders.ts';
import { isDoubtfulCredit } from './credits.ts';
import type { NgnproEvidence, State } from './hand.ts';
import { accountOf } from './things.ts';
import { customerIdOf, digitsOf } from './wanted.ts';

/** Whether the reason of a held order is so on the platform as it is. */
export function isReal(one: Case, evidence: NgnproEvidence): boolean {
  const { order, entry } = one;
  const { error } = order;
  if (isDoubtfulCredit(one)) return true;
  if (!isFlaw(entry.planned, error)) return false;
  const { after } = evidence;
  const body = subscriberOf(one, stepOf(one, error?.step)?.item ?? null);
  switch (error?.code) {
    case 'TURNUP_NUMBER_TAKEN':
      return !body || othersHave(after, accountOf({ ...body }), digitsOf(body));
    case 'TURNUP_SUBSCRIBER_TAKEN': {
      const found = body && after.accounts.find((row) => accountOf(row) === accountOf({ ...body }));
      return found !== undefined && found?.owner !== customerIdOf(one);
    }
    case 'TURNUP_CONTACT_REQUIRED':
      return !entry.body.customer?.contact && !isCustomerThere(one, evidence);
    default:
      return !entry.mended;
  }
}

function othersHave({ aliases, numbers }: State, account: string, digits: readonly string[]): boolean {
  return (
    aliases.some((row) => digits.includes(row.username) && row.target !== account) ||
    numbers.some(
      ({ number, mappings }) =>
        digits.includes(number) && mappings.every(({ mapto }) => String(mapto) !== `sip:${account}`),
    )
  );
}

/** An order that was let past may have made the customer since. */
function isCustomerThere({ order, entry }: Case, { after, journals, entries, orders }: NgnproEvidence): boolean {
  const externalId = entry.body.customer?.externalId ?? '';
  const isThere = after.customers.some(({ username }) => username === externalId.toLowerCase());
  if (!isThere) return false;
  const failedAt = journals.get(order.id)?.findLast(({ type }) => type === 'stepFailed')?.at ?? '';
  const makers = orders.filter((other) =>
    other.steps.some(
      ({ kind, outcome, finishedAt }) => kind === 'customer' && outcome === 'created' && (finishedAt ?? '') > failedAt,
    ),
  );
  return !makers.some(({ id }) => entries.some((one) => one.id === id && one.body.customer?.externalId === externalId));
}

/** Reasons an undo may have to stop: money that nobody can tell of, or another order, let past, has built on it. */
export function undoMayHold(one: Case, { after, entries }: NgnproEvidence): boolean {
  if (isDoubtfulCredit(one)) return true;
  const { order, entry } = one;
  if (!entry.remedies.includes('release')) return false;
  const made = customerIdOf(one);
  const isUsed = [...after.accounts, ...after.aliases, ...after.numbers].some(({ owner }) => owner === made);
  const externalId = entry.body.customer?.externalId;
  return isUsed && entries.some(({ id, body }) => id !== order.id && body.customer?.externalId === externalId);
}
