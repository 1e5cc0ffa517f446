import type { ForwardOrder, SubscriberBody } from '../../orders.ts';
import type { Forward, Forwards, State, Subscriber } from './hand.ts';
import { wantedDigits } from '../../audit/evidence.ts';

export const TYPES: Readonly<Record<string, string>> = {
  unconditional: 'cfu',
  busy: 'cfb',
  noAnswer: 'cft',
  unregistered: 'cfna',
};

/** What hangs on one subscriber. */
export interface Line {
  readonly subscriber: Subscriber;
  readonly forwards: Forwards;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly voicebox: { readonly pin: string; readonly email: string };
}

export function linesOf(state: State): Map<number, Line> {
  const preferences = new Map(state.subscriberpreferences.map((one) => [one.id, one]));
  const boxes = new Map(state.voicemailsettings.map((one) => [one.id, one]));
  return new Map(
    state.subscribers.map((subscriber, at) => {
      const { id } = subscriber;
      return [
        id,
        { subscriber, forwards: state.callforwards[at]!, preferences: preferences.get(id)!, voicebox: boxes.get(id)! },
      ];
    }),
  );
}

/** A forward as a person reads it: who rings how long, when. */
export function read(forward: Forward | null | undefined): string {
  if (!forward?.destinations?.length) return 'unset';
  const destinations = forward.destinations.map(({ destination, timeout }) => [destination, timeout]);
  return JSON.stringify([destinations, forward.ringtimeout ?? null, (forward.times?.length ?? 0) > 0]);
}

export function wanted(forward: ForwardOrder | null, domain: string): string {
  if (!forward) return 'unset';
  const destinations = forward.destinations.map(({ to, timeout }) => {
    if (to === 'voicemail') return ['voicebox', timeout];
    return [to.startsWith('+') ? `sip:${to.slice(1)}@${domain}` : to, timeout];
  });
  return JSON.stringify([destinations, forward.ringTimeout ?? null, forward.times !== undefined]);
}

export function forwardFaults(body: SubscriberBody, line: Line): string[] {
  return Object.entries(body.callForwards ?? {}).flatMap(([type, forward]) => {
    const [should, is] = [wanted(forward, body.domain), read(line.forwards[TYPES[type]!])];
    return should === is ? [] : [`forward ${type} is ${is}, ordered was ${should}`];
  });
}

export const plain = (value: unknown): string => {
  if (Array.isArray(value)) return JSON.stringify(value.map(plain).toSorted());
  return String(value === true ? 1 : value === false ? 0 : value);
};

export function preferenceFaults(body: SubscriberBody, line: Line): string[] {
  return Object.entries(body.preferences ?? {}).flatMap(([name, value]) => {
    const is = line.preferences[name];
    // A preference that is off may be shown as not set.
    if (value === false && is === undefined) return [];
    return plain(value) === plain(is) ? [] : [`preference ${name} is ${plain(is)}, ordered was ${plain(value)}`];
  });
}

export function voicemailFaults(body: SubscriberBody, { voicebox }: Line): string[] {
  const { pin, email } = body.voicemail ?? {};
  return [
    ...(pin !== undefined && pin !== voicebox.pin ? ['the PIN of the voicebox is another'] : []),
    ...(email !== undefined && email !== voicebox.email ? [`the voicebox mails to ${voicebox.email}`] : []),
  ];
}

/** What only the creation sets. */
export function memberFaults(body: SubscriberBody, { subscriber }: Line): string[] {
  const faults: string[] = [];
  const expect = (what: string, should: unknown, is: unknown): void => {
    if (JSON.stringify(should) !== JSON.stringify(is))
      faults.push(`${what} is ${JSON.stringify(is)}, ordered was ${JSON.stringify(should)}`);
  };
  const primary = subscriber.primary_number;
  expect(
    'number',
    body.number ? wantedDigits(body.number) : null,
    primary ? `${primary.cc}${primary.ac}${primary.sn}` : null,
  );
  expect(
    'aliases',
    (body.aliases ?? []).map(wantedDigits).toSorted(),
    subscriber.alias_numbers.map(({ cc, ac, sn }) => `${cc}${ac}${sn}`).toSorted(),
  );
  expect('external_id', body.externalId ?? null, subscriber.external_id);
  if (body.webUsername !== undefined) expect('webusername', body.webUsername, subscriber.webusername);
  if (body.password !== undefined && body.password !== subscriber.password) faults.push('the password is another');
  return faults;
}

/** Everything of a line that must not change, without what a change that was taken back leaves: a time, and ids of sets. */
export function imageOf(line: Line): string {
  const forwards = Object.fromEntries(Object.entries(line.forwards).map(([type, forward]) => [type, read(forward)]));
  const { subscriber: all, preferences, voicebox } = line;
  const subscriber = { ...all, modify_timestamp: null };
  const set = Object.entries(preferences).filter(([, value]) => value !== false && value !== undefined);
  return JSON.stringify({
    subscriber,
    forwards,
    preferences: set
      .map(([name, value]) => [name, plain(value)])
      .toSorted(([a], [b]) => String(a).localeCompare(String(b))),
    voicebox,
  });
}
