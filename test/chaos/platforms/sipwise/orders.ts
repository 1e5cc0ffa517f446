import type { CustomerBody, Draft, Secrets, SubscriberBody } from '../../orders.ts';
import type { Random } from '../../random.ts';
import { createDraws } from './draws.ts';
import type { Leftover, Leftovers } from './left.ts';
import { DOMAIN } from './leftovers.ts';

type Kind =
  | 'fresh'
  | 'second'
  | 'numberTaken'
  | 'userTaken'
  | 'noContact'
  | 'noDomain'
  | 'noProfile'
  | 'addToRegular'
  | 'changeRegular'
  | 'changeRegularInVain';

const KINDS: readonly (readonly [number, Kind])[] = [
  [42, 'fresh'],
  [20, 'second'],
  [7, 'numberTaken'],
  [5, 'userTaken'],
  [3, 'noContact'],
  [4, 'noDomain'],
  [3, 'noProfile'],
  [6, 'addToRegular'],
  [6, 'changeRegular'],
  [4, 'changeRegularInVain'],
];

/** Customers whose next orders come while the ones before are still under way. */
const RECENT = 8;

/** Orders of Sipwise, each subscriber and customer with names of its own. */
export function createPlanner(random: Random, secrets: Secrets, leftovers: Leftovers): (at: number) => Draft {
  const { forwards, preferences } = createDraws(random);
  const customers: string[] = [];
  let lines = 0;

  function line(): SubscriberBody {
    lines += 1;
    const digits = String(lines).padStart(6, '0');
    const wanted = { callForwards: forwards(), preferences: preferences() };
    return {
      username: `line${digits}`,
      domain: DOMAIN,
      ...(random.chance(0.5) && { externalId: `S-${digits}` }),
      ...(random.chance(0.7) && { password: secrets.password('sip') }),
      ...(random.chance(0.3) && { webUsername: `web${digits}`, webPassword: secrets.password('web') }),
      ...(random.chance(0.9) && { number: `+43720${digits}` }),
      ...(random.chance(0.3) && { aliases: [`+43721${digits}`, `+43722${digits}`] }),
      ...(random.chance(0.6) && { callForwards: wanted.callForwards }),
      ...(random.chance(0.6) && { preferences: wanted.preferences }),
      ...(random.chance(0.3) && { voicemail: { pin: secrets.pin(17), email: `box${digits}@example.com` } }),
    };
  }

  const someLines = (most: number): SubscriberBody[] => Array.from({ length: random.int(1, most) }, line);

  /** A change of a line that is there, so that it is adopted and then changed. */
  function changed(regular: Leftover): SubscriberBody {
    const { username, externalId, number } = regular;
    return {
      username,
      domain: DOMAIN,
      externalId,
      number,
      callForwards: { ...forwards(), busy: { destinations: [{ to: 'voicemail', timeout: random.int(10, 99) }] } },
      preferences: { ...preferences(), concurrent_max: random.int(10, 99) },
      ...(random.chance(0.5) && { voicemail: { pin: secrets.pin(17) } }),
    };
  }

  function contact(customer: string) {
    return { firstName: 'Cora', lastName: customer, email: `${customer.toLowerCase()}@example.com`, country: 'AT' };
  }

  function fresh(): CustomerBody {
    const externalId = `C-${String(customers.length + 1).padStart(5, '0')}`;
    customers.push(externalId);
    return { externalId, contact: contact(externalId) };
  }

  /** The faulty one is dropped, or has a number of its own. */
  function amendedLines(subscribers: readonly SubscriberBody[], at: number): SubscriberBody[] {
    const named = subscribers.map((one, index) => ({ id: `s${index + 1}`, ...one }));
    return named.length > 1 && random.chance(0.4) ? named.toSpliced(at, 1) : named;
  }

  function taken(): Draft & { readonly subscribers: readonly SubscriberBody[] } {
    const subscribers = someLines(3);
    const { number } = random.pick(leftovers.strangers);
    const at = random.int(0, subscribers.length - 1);
    const customer = fresh();
    return {
      customer,
      subscribers: subscribers.map((one, index) => (index === at ? { ...one, number } : one)),
      flaws: [{ code: 'TURNUP_NUMBER_TAKEN' }],
      doomed: true,
      amendment: { when: 'held', content: { customer, subscribers: amendedLines(subscribers, at) } },
    };
  }

  function draft(at: number): Draft {
    const kind = random.weigh(KINDS);
    switch (kind) {
      case 'fresh':
        return { customer: fresh(), subscribers: someLines(4) };
      case 'second': {
        const customer = customers.at(-random.int(1, Math.min(RECENT, customers.length)));
        if (customer === undefined) return { customer: fresh(), subscribers: someLines(2) };
        if (random.chance(0.8))
          return { customer: { externalId: customer, contact: contact(customer) }, subscribers: someLines(2) };
        return {
          customer: { externalId: customer },
          subscribers: someLines(2),
          flaws: [{ code: 'TURNUP_CONTACT_REQUIRED' }],
        };
      }
      case 'numberTaken':
        return taken();
      case 'userTaken': {
        const { username } = random.pick(leftovers.strangers);
        const [first, ...more] = someLines(2);
        const mine = { ...first!, username, webUsername: `web-${username}-${at}` };
        return {
          customer: fresh(),
          subscribers: [mine, ...more],
          flaws: [{ code: 'TURNUP_SUBSCRIBER_TAKEN' }],
          doomed: true,
        };
      }
      case 'noContact': {
        const { externalId } = fresh();
        return {
          customer: { externalId },
          subscribers: someLines(2),
          flaws: [{ code: 'TURNUP_CONTACT_REQUIRED' }],
        };
      }
      case 'noDomain': {
        const domain = `d${at}.example.net`;
        const [first, ...more] = someLines(3);
        const subscribers = [{ ...first!, domain }, ...more];
        return {
          customer: fresh(),
          subscribers,
          flaws: [{ code: 'TURNUP_REFERENCE_UNKNOWN' }],
          doomed: true,
          lacks: { domain },
        };
      }
      case 'noProfile': {
        const profile = `rate_${at}`;
        const customer = { ...fresh(), billingProfile: profile };
        return {
          customer,
          subscribers: someLines(2),
          flaws: [{ code: 'TURNUP_REFERENCE_UNKNOWN' }],
          lacks: { profile },
        };
      }
      case 'addToRegular':
        return { customer: { externalId: random.pick(leftovers.regulars).customer }, subscribers: someLines(2) };
      case 'changeRegular': {
        const regular = random.pick(leftovers.regulars);
        return {
          customer: { externalId: regular.customer },
          subscribers: [changed(regular), ...(random.chance(0.5) ? [line()] : [])],
        };
      }
      case 'changeRegularInVain': {
        const regular = random.pick(leftovers.regulars);
        const { subscribers, amendment: _amendment, ...more } = taken();
        return {
          ...more,
          customer: { externalId: regular.customer },
          subscribers: [changed(regular), ...subscribers],
          onFailure: 'undo',
        };
      }
    }
  }

  return draft;
}
