import type { CustomerBody, Draft, Flaw, Secrets, SubscriberBody } from '../../orders.ts';
import type { Random } from '../../random.ts';
import type { Leftover, Leftovers } from './left.ts';
import { createLines } from './lines.ts';
import { createOperations } from './operations.ts';

type Kind =
  | 'fresh'
  | 'second'
  | 'aliasTaken'
  | 'numberPublished'
  | 'userTaken'
  | 'loginTaken'
  | 'noContact'
  | 'noDomain'
  | 'ownDomain'
  | 'noRange'
  | 'addToRegular'
  | 'changeRegular'
  | 'changeRegularInVain'
  | 'operations'
  | 'failingOperations'
  | 'voucher'
  | 'freshWithOperations';

const KINDS: readonly (readonly [number, Kind])[] = [
  [30, 'fresh'],
  [15, 'second'],
  [5, 'aliasTaken'],
  [4, 'numberPublished'],
  [4, 'userTaken'],
  [4, 'loginTaken'],
  [3, 'noContact'],
  [3, 'noDomain'],
  [4, 'ownDomain'],
  [4, 'noRange'],
  [5, 'addToRegular'],
  [7, 'changeRegular'],
  [4, 'changeRegularInVain'],
  [24, 'operations'],
  [8, 'failingOperations'],
  [1, 'voucher'],
  [2, 'freshWithOperations'],
];

/** Customers whose next orders come while the ones before are still under way. */
const RECENT = 8;
const PLANS = ['basic', 'flat & fair'];

type WithLines = Draft & { readonly customer: CustomerBody; readonly subscribers: readonly SubscriberBody[] };

/** Orders of NGNPro; customers have the same numbers as those of other targets, where they are others. */
export function createPlanner(random: Random, secrets: Secrets, leftovers: Leftovers): (at: number) => Draft {
  const lines = createLines(random, secrets);
  const operations = createOperations(random, secrets, leftovers);
  const customers: string[] = [];
  const namesakes = [...leftovers.namesakes];

  const contact = (customer: string) => ({
    firstName: 'Zoë',
    lastName: `${customer} & Zn`,
    email: `${customer}@Example.com`,
    phone: '+31205550100',
    country: 'NL',
    city: 'Den Haag',
  });

  const plan = (): Pick<CustomerBody, 'billingProfile'> =>
    random.chance(0.25) ? { billingProfile: random.pick(PLANS) } : {};

  function fresh(): CustomerBody {
    const externalId = `C-${String(customers.length + 1).padStart(5, '0')}`;
    customers.push(externalId);
    const native = random.chance(0.3) ? { native: { language: 'nl', companyCode: externalId } } : {};
    return { externalId, contact: contact(externalId), ...plan(), ...native };
  }

  const known = (customer: string): CustomerBody => ({ externalId: customer, contact: contact(customer), ...plan() });

  /** By its mail address, where nothing else tells whose it is. */
  const regularOf = ({ customer, email }: Leftover): CustomerBody => ({
    externalId: customer,
    contact: { ...contact(customer), email },
    ...plan(),
  });

  /** One subscriber has a number that it cannot have; amended it has its own. */
  function withNumber(number: string, kinds: readonly string[]): WithLines {
    const subscribers = lines.some(3);
    const at = random.int(0, subscribers.length - 1);
    const customer = fresh();
    return {
      customer,
      subscribers: subscribers.map((one, index) => (index === at ? { ...one, number } : one)),
      amendment: { when: 'held', content: { customer, subscribers } },
      flaws: kinds.map((kind) => ({ code: 'TURNUP_NUMBER_TAKEN', step: `s${at + 1}.${kind}` })),
      doomed: true,
    };
  }

  const aliasTaken = (): WithLines =>
    withNumber(`+${random.pick(random.pick(leftovers.strangers).numbers)}`, ['aliases']);

  function changedInVain(): Draft {
    const regular = random.pick(leftovers.regulars);
    const { subscribers, flaws = [] } = aliasTaken();
    const moved: Flaw[] = flaws.map(({ code, step = '' }) => ({
      code,
      step: step.replace(/\d+/, (digits) => String(Number(digits) + 1)),
    }));
    return {
      customer: regularOf(regular),
      subscribers: [lines.changed(regular), ...subscribers],
      flaws: moved,
      doomed: true,
      onFailure: 'undo',
    };
  }

  const lacking = (customer: CustomerBody, subscribers: readonly SubscriberBody[], lacks: Draft['lacks']): Draft => ({
    customer,
    subscribers,
    flaws: [{ code: 'TURNUP_REFERENCE_UNKNOWN' }],
    doomed: true,
    ...(lacks && { lacks }),
  });

  return function draft(at) {
    switch (random.weigh(KINDS)) {
      case 'fresh':
        return { customer: fresh(), subscribers: lines.some(4) };
      case 'second': {
        const customer = customers.at(-random.int(1, Math.min(RECENT, customers.length)));
        if (customer === undefined) return { customer: fresh(), subscribers: lines.some(2) };
        if (random.chance(0.8)) return { customer: known(customer), subscribers: lines.some(2) };
        const flaws = [{ code: 'TURNUP_CONTACT_REQUIRED' }];
        return { customer: { externalId: customer }, subscribers: lines.some(2), flaws };
      }
      case 'aliasTaken':
        return aliasTaken();
      case 'numberPublished':
        // Another such order may have the alias by now.
        return withNumber(`+${random.pick(leftovers.published)}`, ['enumNumbers', 'aliases']);
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
      case 'loginTaken': {
        const namesake = namesakes.shift()?.customer;
        if (namesake === undefined) return aliasTaken();
        return {
          customer: known(namesake),
          subscribers: lines.some(2),
          flaws: [{ code: 'TURNUP_OBJECT_TAKEN', step: 'customer' }],
          doomed: true,
          lacks: { namesake },
        };
      }
      case 'noContact': {
        const { externalId } = fresh();
        return {
          customer: { externalId },
          subscribers: lines.some(2),
          flaws: [{ code: 'TURNUP_CONTACT_REQUIRED' }],
        };
      }
      case 'noDomain': {
        const domain = `d${at}.example.net`;
        const [first, ...more] = lines.some(3);
        return lacking(fresh(), [{ ...first!, domain }, ...more], { domain });
      }
      case 'ownDomain': {
        const domain = `own${at}.example.net`;
        const [first, ...more] = lines.some(3);
        const customer = fresh();
        const domains = [{ domain, match_sip_domain: `*.${domain}` }];
        return {
          customer: { ...customer, native: { ...customer.native, domains } },
          subscribers: [{ ...first!, domain }, ...more],
        };
      }
      case 'noRange': {
        const range = `49${30_000 + at}`;
        const [first, ...more] = lines.some(3);
        return lacking(fresh(), [{ ...first!, number: `+${range}123` }, ...more], { range });
      }
      case 'addToRegular':
        return { customer: regularOf(random.pick(leftovers.regulars)), subscribers: lines.some(2) };
      case 'changeRegular': {
        const regular = random.pick(leftovers.regulars);
        const more = random.chance(0.5) ? [lines.line()] : [];
        return { customer: regularOf(regular), subscribers: [lines.changed(regular), ...more] };
      }
      case 'changeRegularInVain':
        return changedInVain();
      case 'operations':
        return operations.sound();
      case 'failingOperations':
        return operations.failing();
      case 'voucher':
        return operations.voucher();
      case 'freshWithOperations':
        return {
          customer: fresh(),
          subscribers: lines.some(2),
          operations: [operations.carrier()],
          never: operations.never,
        };
    }
  };
}
