import type { CustomerBody, Draft, Secrets, SubscriberBody } from '../../orders.ts';
import type { Random } from '../../random.ts';
import { DOMAIN } from './hand.ts';
import type { Leftovers } from './left.ts';
import { createLines } from './lines.ts';
import { createOperations } from './operations.ts';

type Kind =
  | 'fresh'
  | 'second'
  | 'numberTaken'
  | 'userTaken'
  | 'noContact'
  | 'noDomain'
  | 'noProfile'
  | 'noRatePlan'
  | 'addToRegular'
  | 'changeRegular'
  | 'changeRegularInVain'
  | 'operations'
  | 'failingOperations'
  | 'freshWithOperations';

const KINDS: readonly (readonly [number, Kind])[] = [
  [32, 'fresh'],
  [16, 'second'],
  [6, 'numberTaken'],
  [5, 'userTaken'],
  [3, 'noContact'],
  [2, 'noDomain'],
  [3, 'noProfile'],
  [3, 'noRatePlan'],
  [5, 'addToRegular'],
  [8, 'changeRegular'],
  [4, 'changeRegularInVain'],
  [15, 'operations'],
  [6, 'failingOperations'],
  [2, 'freshWithOperations'],
];

/** Customers whose next orders come while the ones before are still under way. */
const RECENT = 8;

type WithLines = Draft & { readonly customer: CustomerBody; readonly subscribers: readonly SubscriberBody[] };

/** Orders of SIPPulse; customers have the same numbers as those of other targets, where they are others. */
export function createPlanner(random: Random, secrets: Secrets, leftovers: Leftovers): (at: number) => Draft {
  const lines = createLines(random, secrets);
  const operations = createOperations(random, secrets, leftovers);
  const customers: string[] = [];

  const contact = (customer: string) => ({
    firstName: 'Célia',
    lastName: `${customer} & filhos`,
    email: `${customer.toLowerCase()}@example.com`,
    phone: '+551130001000',
    country: 'BR',
    city: 'São Paulo',
  });

  function native(customer: string): Record<string, unknown> {
    const { reseller, manager } = leftovers;
    const name = `of-${customer}`;
    const email = `${customer.toLowerCase()}@reseller.example.com`;
    const made = { name, manager: 'Ana', email, username: name, password: secrets.password('reseller') };
    return {
      ...(random.chance(0.12) && { reseller: random.chance(0.5) ? made : { name: reseller } }),
      ...(random.chance(0.12) && { accountGroup: { accountManager: manager, managerProfile: 'default' } }),
    };
  }

  function fresh(): CustomerBody {
    const externalId = `C-${String(customers.length + 1).padStart(5, '0')}`;
    customers.push(externalId);
    return { externalId, contact: contact(externalId), native: native(externalId) };
  }

  const known = (customer: string): CustomerBody => ({ externalId: customer, contact: contact(customer) });

  /** A number of somebody else: known only when the platform refuses it. */
  function taken(): WithLines {
    const subscribers = lines.some(3);
    const at = random.int(0, subscribers.length - 1);
    const number = `+55${random.pick(random.pick(leftovers.strangers).numbers)}`;
    const customer = fresh();
    // Credits are told apart by the run in which they were given, and an amendment begins another.
    const hasCredit = subscribers.some((one) => one.native?.['credit'] !== undefined);
    return {
      customer,
      subscribers: subscribers.map((one, index) => (index === at ? { ...one, number } : one)),
      ...(!hasCredit && { amendment: { when: 'held', content: { customer, subscribers } } }),
      flaws: [{ code: 'TURNUP_TARGET_REJECTED', step: `s${at + 1}.numbers` }],
      doomed: true,
    };
  }

  /** Something of the target that is named and not there: each new subscriber looks for it. */
  function lacking(subscribers: readonly SubscriberBody[], customer: CustomerBody): WithLines {
    return { customer, subscribers, flaws: [{ code: 'TURNUP_REFERENCE_UNKNOWN' }], doomed: true };
  }

  return function draft(at) {
    switch (random.weigh(KINDS)) {
      case 'fresh':
        return { customer: fresh(), subscribers: lines.some(3) };
      case 'second': {
        const customer = customers.at(-random.int(1, Math.min(RECENT, customers.length)));
        return { customer: customer === undefined ? fresh() : known(customer), subscribers: lines.some(2) };
      }
      case 'numberTaken':
        return taken();
      case 'userTaken': {
        const { username } = random.pick(leftovers.strangers);
        const [first, ...more] = lines.some(2);
        return {
          customer: fresh(),
          subscribers: [{ ...first!, username }, ...more],
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
          doomed: true,
        };
      }
      case 'noDomain': {
        const [first, ...more] = lines.some(3);
        // A reseller belongs to one domain: with subscribers in two it is refused at the door.
        const { native: drawn, ...customer } = fresh();
        const { reseller: _reseller, ...rest } = drawn ?? {};
        return lacking([{ ...first!, domain: `d${at}.example.net` }, ...more], { ...customer, native: rest });
      }
      case 'noProfile': {
        const [first, ...more] = lines.some(2);
        const preferences = { ...first!.preferences, profile: `profile_${at}` };
        return lacking([{ ...first!, preferences }, ...more], fresh());
      }
      case 'noRatePlan': {
        const ratePlan = `tariff_${at}`;
        return { ...lacking(lines.some(2), { ...fresh(), billingProfile: ratePlan }), lacks: { ratePlan } };
      }
      case 'addToRegular':
        return { customer: known(random.pick(leftovers.regulars).customer), subscribers: lines.some(2) };
      case 'changeRegular': {
        const regular = random.pick(leftovers.regulars);
        const more = random.chance(0.5) ? [lines.line()] : [];
        return { customer: known(regular.customer), subscribers: [lines.changed(regular), ...more] };
      }
      case 'changeRegularInVain': {
        const regular = random.pick(leftovers.regulars);
        const { subscribers, flaws } = taken();
        const moved = flaws!.map(({ code, step }) => ({ code, step: step!.replace(/\d+/, (n) => `${Number(n) + 1}`) }));
        return {
          customer: known(regular.customer),
          subscribers: [lines.changed(regular), ...subscribers],
          flaws: moved,
          doomed: true,
          onFailure: 'undo',
        };
      }
      case 'operations':
        return operations.sound();
      case 'failingOperations':
        return operations.failing();
      case 'freshWithOperations':
        return {
          customer: fresh(),
          subscribers: lines.some(2),
          operations: [operations.ratePlan()],
          never: operations.never,
        };
    }
  };
}

/** The rate plan that an order lacks, as a person makes it. */
export const ratePlanNamed = (name: string) => ({
  ratePlan: { name, domain: DOMAIN, rateId: 1, prepaid: false, txConnection: 30, cadency: 6 },
});
