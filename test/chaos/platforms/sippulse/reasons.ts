import { stepOf, subscriberOf, type Case } from '../../audit/evidence.ts';
import { isFlaw } from '../../orders.ts';
import { isDoubtfulCredit } from './credits.ts';
import type { SippulseEvidence } from './hand.ts';
import { accountOf } from './things.ts';
import { numbersOf } from './wanted.ts';

/** Whether the reason of a held order is so on the platform as it is. */
export function isReal(one: Case, evidence: SippulseEvidence): boolean {
  const { order, entry } = one;
  const { error } = order;
  if (isDoubtfulCredit(one)) return true;
  if (!isFlaw(entry.planned, error)) return false;
  const body = subscriberOf(one, stepOf(one, error?.step)?.item ?? null);
  const { subscribers, dids } = evidence.after;
  const account = body && accountOf({ ...body });
  const found = subscribers.find((row) => accountOf(row) === account);
  switch (error?.code) {
    case 'TURNUP_TARGET_REJECTED':
      return (
        !body ||
        dids.some((did) => did['accountCode'] !== account && numbersOf(body).includes(String(did['aliasUsername'])))
      );
    case 'TURNUP_SUBSCRIBER_TAKEN':
      return found !== undefined && found['contractNumber'] !== entry.body.customer?.externalId;
    case 'TURNUP_CONTACT_REQUIRED':
      return found === undefined && entry.body.customer?.contact === undefined;
    default:
      return !entry.mended;
  }
}
