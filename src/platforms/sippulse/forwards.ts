import type { CallForwards } from '../port.ts';
import { platformDigits } from './numbers.ts';
import type { SubscriberDefaults } from './types.ts';

/** The order's names and the platform's members (sippulse.md, subscriberClassVDTO). */
export const FORWARD_MEMBERS = { unconditional: 'callFwd', busy: 'fwdBusy', noAnswer: 'noAnswer' } as const;

/** The type of forward that a member is of; how long a phone rings is of "no answer". */
export const forwardType = (member: string): string =>
  Object.entries(FORWARD_MEMBERS).find(([, name]) => name === member)?.[0] ?? 'noAnswer';

/** None of any type. */
export const NO_FORWARDS: CallForwards = { unconditional: null, busy: null, noAnswer: null };

type Format = Pick<SubscriberDefaults, 'countryCode' | 'numberFormat'>;

/** A destination as the platform has it: a SIP URI. */
function forwardUri(to: string, domain: string, format: Format): string {
  return to.startsWith('+') ? `sip:${platformDigits(to, format)}@${domain}` : to;
}

/** What an order wants of forwards, and of how long a phone rings before "no answer", which is the subscriber's own. */
export function wantedForwards(forwards: CallForwards, domain: string, format: Format) {
  const classV: { [member: string]: string | null } = {};
  for (const [type, member] of Object.entries(FORWARD_MEMBERS)) {
    const forward = forwards[type as keyof typeof FORWARD_MEMBERS];
    if (forward === undefined) continue;
    const to = forward?.destinations[0]?.to;
    classV[member] = to === undefined ? null : forwardUri(to, domain, format);
  }
  const rings = forwards.noAnswer?.ringTimeout;
  const subscriber: { [member: string]: number } = rings === undefined ? {} : { rings };
  return { classV, subscriber };
}
