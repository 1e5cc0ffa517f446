import { releaseNumbers } from './numbers.ts';
import type { BillingProfileRow, CustomerRow, ResellerRow, SubscriberRow } from './rows.ts';
import { dropSubscriber, type SipwiseState } from './state.ts';

/**
 * Ends a subscriber: preferences, forwards and the voicemail box go, its numbers and user name are free at once
 * (sipwise-ngcp.md §8.3). Without `trace` the row itself goes too, as when its domain is deleted.
 */
export function endSubscriber(state: SipwiseState, subscriber: SubscriberRow, { trace = true } = {}): void {
  releaseNumbers(state, subscriber);
  dropForwards(state, subscriber);
  dropSubscriber(state, subscriber);
  if (!trace) return;
  state.terminatedSubscribers.push({
    id: subscriber.id,
    username: subscriber.username,
    domain: subscriber.domain.domain,
    customer_id: subscriber.customer.id,
    external_id: subscriber.external_id,
  });
}

/** Only what its own mappings and sets name is looked at: a walk over all sets would cost every delete. */
function dropForwards(state: SipwiseState, subscriber: SubscriberRow): void {
  for (const set of subscriber.forwards.destinationSets) state.destinationSets.delete(set.id);
  for (const set of subscriber.forwards.timeSets) state.timeSets.delete(set.id);
}

/** Level 4 of the lock: nothing goes (§8.3). */
export const GLOBAL_LOCK = '4';

/** What a change of a customer's status does to its subscribers (§8.2). */
export function cascadeStatus(state: SipwiseState, customer: CustomerRow, status: string, now: number): void {
  for (const subscriber of customer.subscribers) {
    if (status === 'terminated') {
      endSubscriber(state, subscriber);
    } else if (status === 'locked' || status === 'active') {
      subscriber.status = status;
      subscriber.lock = status === 'locked' ? GLOBAL_LOCK : null;
      subscriber.modified = now;
    }
  }
}

export function endCustomer(state: SipwiseState, customer: CustomerRow, now: number): void {
  if (customer.status === 'terminated') return;
  cascadeStatus(state, customer, 'terminated', now);
  customer.status = 'terminated';
  customer.terminated = now;
  customer.modified = now;
}

/** Terminated: a 404 from now on, its handle and name are free (§8.9). */
export function endBillingProfile(state: SipwiseState, profile: BillingProfileRow): void {
  profile.status = 'terminated';
  state.billingProfiles.delete(profile.id);
  state.terminatedBillingProfiles.set(profile.id, profile);
}

/** Takes everything of the reseller with it (§8.10). */
export function endReseller(state: SipwiseState, reseller: ResellerRow, now: number): void {
  for (const customer of state.customers.values()) {
    if (customer.reseller_id === reseller.id) endCustomer(state, customer, now);
  }
  for (const profile of state.billingProfiles.values()) {
    if (profile.reseller_id === reseller.id) endBillingProfile(state, profile);
  }
  reseller.status = 'terminated';
}
