import type { CustomerBody, Draft, Flaw, Secrets, SubscriberBody } from '../../orders.ts';
import type { Random } from '../../random.ts';
import type { Dialect } from './dialect.ts';
import type { Leftovers } from './left.ts';
import { createLines } from './lines.ts';
import { createOperations } from './operations.ts';

type Kind =
  | 'fresh'
  | 'second'
  | 'numberTaken'
  | 'aliasTaken'
  | 'portedOut'
  | 'nameTaken'
  | 'otherwise'
  | 'noContact'
  | 'addToRegular'
  | 'changeRegular'
  | 'changeRegularInVain'
  | 'operations'
  | 'failingOperations';

const KINDS: readonly (readonly [number, Kind])[] = [
  [36, 'fresh'],
  [22, 'second'],
  [6, 'numberTaken'],
  [4, 'aliasTaken'],
  [5, 'portedOut'],
  [4, 'nameTaken'],
  [3, 'otherwise'],
  [6, 'noContact'],
  [7, 'addToRegular'],
  [8, 'changeRegular'],
  [5, 'changeRegularInVain'],
  [10, 'operations'],
  [5, 'failingOperations'],
];

/** Customers whose next orders come while the ones before are still under way. */
const RECENT = 8;

type WithLines = Draft & { readonly customer: CustomerBody; readonly subscribers: readonly SubscriberBody[] };

/** Orders of the portal, each subscriber and customer with names and numbers of its own. */
export function createPlanner(
  random: Random,
  secrets: Secrets,
  leftovers: Leftovers,
  dialect: Dialect,
): (at: number) => Draft {
  const lines = createLines(random, secrets, dialect);
  const operations = createOperations(random, secrets, leftovers, dialect);
  const customers: string[] = [];

  function contact(customer: string): Record<string, string> {
    const serial = customer.replaceAll(/\D/g, '').padStart(10, '0');
    const isPrivate = dialect.has('company', 'taxCode') && random.chance(0.3);
    const name: Record<string, string> = isPrivate
      ? { firstName: 'Ada', lastName: `${customer} d'Este` }
      : { company: `${customer} & Figli` };
    return {
      ...name,
      taxId: isPrivate ? `RSSMRA80A01H${serial.slice(-3)}U` : `IT1${serial}`,
      email: `${customer.toLowerCase()}@example.com`,
      phone: `+39067${serial.slice(-6)}`,
      street: 'Via Appia',
      houseNumber: '7/b',
      postcode: '00179',
      city: 'Roma',
      state: 'RM',
      country: 'IT',
    };
  }

  function fresh(): CustomerBody {
    const externalId = `C-${String(customers.length + 1).padStart(5, '0')}`;
    customers.push(externalId);
    return {
      externalId,
      contact: contact(externalId),
      ...(random.chance(0.3) && { billingProfile: random.pick(['retail', 'company']) }),
      ...(dialect.has('company', 'salesAgent') && random.chance(0.3) && { native: { salesAgent: 'Agente 7' } }),
    };
  }

  /** A fault in one of several subscribers, found only when the portal is asked. */
  function faulty(change: (body: SubscriberBody) => SubscriberBody, codes: readonly string[]): WithLines {
    const subscribers = lines.some(3).map((one, at): SubscriberBody => ({ id: `s${at + 1}`, ...one }));
    const at = random.int(0, subscribers.length - 1);
    const customer = fresh();
    const isDropped = subscribers.length > 1 && random.chance(0.4);
    const sound = isDropped ? subscribers.toSpliced(at, 1) : subscribers;
    return {
      customer,
      subscribers: subscribers.map((one, index) => (index === at ? change(one) : one)),
      flaws: codes.map((code): Flaw => ({ code, step: `s${at + 1}.subscriber` })),
      doomed: true,
      amendment: { when: 'held', content: { customer, subscribers: sound } },
    };
  }

  /** What a user is called by is its number where the portal has no names. */
  const renumbered = (body: SubscriberBody, number: string): SubscriberBody => ({
    ...body,
    number,
    ...(!dialect.has('user', 'username') && { username: number.slice(1) }),
  });

  const numberTaken = (): WithLines =>
    faulty((one) => renumbered(one, random.pick(leftovers.strangers).number), ['TURNUP_NUMBER_TAKEN']);

  function portedOut(): WithLines {
    const number = random.pick(leftovers.portedOut);
    const isAsked = dialect.variant === 'status';
    if (isAsked && random.chance(0.3)) return faulty((one) => ({ ...one, aliases: [number] }), ['TURNUP_NUMBER_TAKEN']);
    // Where nobody can ask, the portal refuses it.
    return faulty((one) => renumbered(one, number), [isAsked ? 'TURNUP_NUMBER_TAKEN' : 'TURNUP_TARGET_REJECTED']);
  }

  return function draft() {
    const kind = random.weigh(KINDS);
    switch (kind) {
      case 'fresh':
        return { customer: fresh(), subscribers: lines.some(4) };
      case 'second': {
        const customer = customers.at(-random.int(1, Math.min(RECENT, customers.length)));
        if (customer === undefined) return { customer: fresh(), subscribers: lines.some(2) };
        if (random.chance(0.8))
          return { customer: { externalId: customer, contact: contact(customer) }, subscribers: lines.some(2) };
        return {
          customer: { externalId: customer },
          subscribers: lines.some(2),
          flaws: [{ code: 'TURNUP_CONTACT_REQUIRED' }],
        };
      }
      case 'numberTaken':
        return numberTaken();
      case 'aliasTaken':
        if (!dialect.has('user', 'aliases')) return numberTaken();
        return faulty(
          (one) => ({ ...one, aliases: [random.pick(leftovers.strangers).number] }),
          ['TURNUP_NUMBER_TAKEN'],
        );
      case 'portedOut':
        return portedOut();
      case 'nameTaken': {
        // Where numbers are names there is no other name to take.
        if (!dialect.has('user', 'username')) return numberTaken();
        const { username } = random.pick(leftovers.strangers);
        return faulty((one) => ({ ...one, username }), ['TURNUP_SUBSCRIBER_TAKEN']);
      }
      case 'otherwise': {
        if (!dialect.has('user', 'username')) return numberTaken();
        const regular = random.pick(leftovers.regulars);
        const other = random.chance(0.5) ? { externalId: 'another' } : { username: `${regular.username}.new` };
        return {
          customer: { externalId: regular.customer },
          subscribers: [{ ...lines.known(regular), ...other }, ...lines.some(2)],
          flaws: [{ code: 'TURNUP_SUBSCRIBER_TAKEN', step: 's1.subscriber' }],
          doomed: true,
        };
      }
      case 'noContact': {
        const { externalId } = fresh();
        return {
          customer: { externalId },
          subscribers: lines.some(2),
          flaws: [{ code: 'TURNUP_CONTACT_REQUIRED' }],
          lacks: { company: externalId },
        };
      }
      case 'addToRegular': {
        const regular = random.pick(leftovers.regulars);
        const [first, ...more] = lines.some(2);
        const inOffice = random.chance(0.5) ? { ...first!, native: { office: regular.office.toUpperCase() } } : first!;
        return { customer: { externalId: regular.customer }, subscribers: [inOffice, ...more] };
      }
      case 'changeRegular': {
        const regular = random.pick(leftovers.regulars);
        const more = random.chance(0.5) ? [lines.line()] : [];
        return { customer: { externalId: regular.customer }, subscribers: [lines.changed(regular), ...more] };
      }
      case 'changeRegularInVain': {
        const regular = random.pick(leftovers.regulars);
        const { subscribers, flaws } = numberTaken();
        return {
          customer: { externalId: regular.customer },
          subscribers: [{ id: 's9', ...lines.changed(regular) }, ...subscribers],
          ...(flaws && { flaws }),
          doomed: true,
          onFailure: 'undo',
        };
      }
      case 'operations':
        return operations.sound();
      case 'failingOperations':
        return operations.failing();
    }
  };
}
