import type { NumberParts } from '../numbers.ts';
import { invalid } from '../refusal.ts';
import type { CustomerRow, PbxSettings, SubscriberRow } from '../rows.ts';
import type { SubscriberInput } from './subscriber-input.ts';

function pilotOf(customer: CustomerRow): SubscriberRow | undefined {
  for (const subscriber of customer.subscribers) if (subscriber.pbx?.pilot) return subscriber;
  return undefined;
}

/**
 * The PBX part of a subscriber: the first of a pbxaccount customer is the pilot, the others need an extension
 * (sipwise-ngcp.md §8.3). Null for sipaccount customers, where all of it is dropped in silence.
 */
export function readPbx(input: SubscriberInput, customer: CustomerRow, self: SubscriberRow | null): PbxSettings | null {
  if (customer.type !== 'pbxaccount') return null;
  const { values } = input;
  const pilot = pilotOf(customer);
  const wantsPilot = values['is_pbx_pilot'] === true;
  if (pilot && pilot !== self && wantsPilot) throw invalid('Customer already has a pbx pilot subscriber.');
  if ((!pilot || pilot === self) && !wantsPilot) {
    throw invalid('Customer has no pbx pilot subscriber yet and is_pbx_pilot is not set.');
  }
  const extension = values['pbx_extension'] ? String(values['pbx_extension']) : null;
  if (pilot && pilot !== self) {
    if (extension === null) {
      throw invalid('A pbx_extension is required if customer is PBX and pilot subscriber exists.');
    }
    for (const other of customer.subscribers) {
      if (other !== self && other.pbx?.extension === extension) {
        throw invalid('The pbx_extension already exists for this customer.');
      }
    }
  }
  const text = (name: string): string | null => (values[name] ? String(values[name]) : null);
  const timeout = values['pbx_hunt_timeout'];
  return {
    pilot: wantsPilot,
    group: values['is_pbx_group'] === true,
    extension,
    huntPolicy: text('pbx_hunt_policy'),
    huntTimeout: timeout === undefined || timeout === null ? null : Number(timeout),
    huntCancelMode: text('pbx_hunt_cancel_mode'),
  };
}

/** The number an extension gets: the pilot's with the extension behind it. Null when it is not derived. */
export function pbxNumber(
  pbx: PbxSettings | null,
  customer: CustomerRow,
  self: SubscriberRow | null,
): NumberParts | null {
  if (!pbx || pbx.pilot || pbx.extension === null) return null;
  const pilot = pilotOf(customer);
  if (!pilot || pilot === self || !pilot.primary) return null;
  const { cc, ac, sn } = pilot.primary;
  return { cc, ac, sn: `${sn}${pbx.extension}` };
}

/** A pilot goes last. */
export function isNeededPilot(subscriber: SubscriberRow): boolean {
  return subscriber.pbx?.pilot === true && subscriber.customer.subscribers.size > 1;
}
