import { DOMAIN, type Leftover, type Leftovers } from './leftovers.ts';
import type { Random } from './random.ts';
import { TARGET } from './world.ts';

/* What is ordered, drawn before the run begins: the same seed places the same orders. */

export interface ForwardOrder {
  readonly destinations: readonly { readonly to: string; readonly timeout: number }[];
  readonly ringTimeout?: number;
  readonly times?: readonly object[];
}

export interface SubscriberBody {
  readonly externalId?: string;
  readonly username: string;
  readonly domain: string;
  readonly password?: string;
  readonly webUsername?: string;
  readonly webPassword?: string;
  readonly number?: string | Leftover['number'];
  readonly aliases?: readonly string[];
  readonly callForwards?: Readonly<Record<string, ForwardOrder>>;
  readonly preferences?: Readonly<Record<string, unknown>>;
  readonly voicemail?: { readonly pin?: string; readonly email?: string };
}

export interface OrderBody {
  readonly externalId: string;
  readonly target: string;
  readonly onFailure: 'hold' | 'undo';
  readonly notBefore?: string;
  readonly deadline?: string;
  readonly customer: {
    readonly externalId: string;
    readonly contact?: {
      readonly firstName: string;
      readonly lastName: string;
      readonly email: string;
      readonly country: string;
    };
    readonly billingProfile?: string;
  };
  readonly subscribers: readonly SubscriberBody[];
}

/** What is done about the order if it is found held for a reason of its own. */
export type Remedy = 'leave' | 'retry' | 'undo' | 'cancel' | 'close' | 'release' | 'mend';

export interface Planned {
  readonly body: OrderBody;
  /** Codes with which it may fail for good, because of what is ordered. Empty: it has to succeed. */
  readonly flaws: readonly string[];
  /** It cannot succeed unless a person mends the platform. */
  readonly doomed: boolean;
  /** What a person would add to the platform. */
  readonly lacks: { readonly domain?: string; readonly profile?: string };
  /** How often the same order is posted, at the same time. */
  readonly copies: number;
  /** Whether the same externalId is used again with other content. */
  readonly abused: boolean;
  readonly notBeforeMs: number | null;
  readonly deadlineMs: number | null;
  readonly cancelAfterMs: number | null;
  readonly remedy: Remedy;
}

export interface Plan {
  readonly orders: readonly Planned[];
  /** Passwords and PINs that are sent. */
  readonly secrets: readonly string[];
}

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

const REMEDIES: readonly (readonly [number, Remedy])[] = [
  [30, 'leave'],
  [20, 'undo'],
  [15, 'cancel'],
  [10, 'close'],
  [10, 'retry'],
  [8, 'release'],
];

/** Customers whose next orders come while the ones before are still under way. */
const RECENT = 8;

export function planOrders(random: Random, count: number, leftovers: Leftovers): Plan {
  const secrets: string[] = [];
  const customers: string[] = [];
  let lines = 0;

  function secret(kind: string): string {
    const made = `Zq${random.int(10_000_000, 99_999_999)}-${kind}${secrets.length}!x`;
    secrets.push(made);
    return made;
  }

  function pin(): string {
    const made = `5550${random.int(10_000_000, 99_999_999)}${String(secrets.length).padStart(5, '0')}`;
    secrets.push(made);
    return made;
  }

  function forwards(): Record<string, ForwardOrder> {
    const voicemail = { to: 'voicemail', timeout: random.int(100, 300) };
    const number = { to: `+43664${random.int(1_000_000, 9_999_999)}`, timeout: random.int(5, 60) };
    const all: Record<string, ForwardOrder> = {
      unconditional: { destinations: [voicemail] },
      busy: { destinations: [number, voicemail] },
      noAnswer: { ringTimeout: random.int(5, 60), destinations: [{ to: 'sip:desk@other.example.com', timeout: 30 }] },
      unregistered: { destinations: [number], times: [{ days: ['mon', 'fri'], from: '08:00', to: '17:30' }] },
    };
    return Object.fromEntries(Object.entries(all).filter(() => random.chance(0.45)));
  }

  function preferences(): Record<string, unknown> {
    const all = {
      block_in_clir: random.chance(0.5),
      block_in_list: [`4366${random.int(1000, 9999)}`, '431*'],
      block_out_list: [`4390${random.int(1000, 9999)}`],
      concurrent_max: random.int(1, 9),
    };
    return Object.fromEntries(Object.entries(all).filter(() => random.chance(0.5)));
  }

  function line(): SubscriberBody {
    lines += 1;
    const digits = String(lines).padStart(6, '0');
    const wanted = { callForwards: forwards(), preferences: preferences() };
    return {
      username: `line${digits}`,
      domain: DOMAIN,
      ...(random.chance(0.5) && { externalId: `S-${digits}` }),
      ...(random.chance(0.7) && { password: secret('sip') }),
      ...(random.chance(0.3) && { webUsername: `web${digits}`, webPassword: secret('web') }),
      ...(random.chance(0.9) && { number: `+43720${digits}` }),
      ...(random.chance(0.3) && { aliases: [`+43721${digits}`, `+43722${digits}`] }),
      ...(random.chance(0.6) && { callForwards: wanted.callForwards }),
      ...(random.chance(0.6) && { preferences: wanted.preferences }),
      ...(random.chance(0.3) && { voicemail: { pin: pin(), email: `box${digits}@example.com` } }),
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
      ...(random.chance(0.5) && { voicemail: { pin: pin() } }),
    };
  }

  function contact(customer: string) {
    return { firstName: 'Cora', lastName: customer, email: `${customer.toLowerCase()}@example.com`, country: 'AT' };
  }

  function fresh(): { externalId: string; contact: ReturnType<typeof contact> } {
    const externalId = `C-${String(customers.length + 1).padStart(5, '0')}`;
    customers.push(externalId);
    return { externalId, contact: contact(externalId) };
  }

  type Draft = Pick<OrderBody, 'customer' | 'subscribers'> &
    Partial<Pick<Planned, 'flaws' | 'doomed' | 'lacks'>> & { onFailure?: 'undo' };

  function taken(): Draft {
    const subscribers = someLines(3);
    const { number } = random.pick(leftovers.strangers);
    const at = random.int(0, subscribers.length - 1);
    return {
      customer: fresh(),
      subscribers: subscribers.map((one, index) => (index === at ? { ...one, number } : one)),
      flaws: ['TURNUP_NUMBER_TAKEN'],
      doomed: true,
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
        return { customer: { externalId: customer }, subscribers: someLines(2), flaws: ['TURNUP_CONTACT_REQUIRED'] };
      }
      case 'numberTaken':
        return taken();
      case 'userTaken': {
        const { username } = random.pick(leftovers.strangers);
        const [first, ...more] = someLines(2);
        const mine = { ...first!, username, webUsername: `web-${username}-${at}` };
        return { customer: fresh(), subscribers: [mine, ...more], flaws: ['TURNUP_SUBSCRIBER_TAKEN'], doomed: true };
      }
      case 'noContact': {
        const { externalId } = fresh();
        return {
          customer: { externalId },
          subscribers: someLines(2),
          flaws: ['TURNUP_CONTACT_REQUIRED'],
        };
      }
      case 'noDomain': {
        const domain = `d${at}.example.net`;
        const [first, ...more] = someLines(3);
        const subscribers = [{ ...first!, domain }, ...more];
        return { customer: fresh(), subscribers, flaws: ['TURNUP_REFERENCE_UNKNOWN'], doomed: true, lacks: { domain } };
      }
      case 'noProfile': {
        const profile = `rate_${at}`;
        const customer = { ...fresh(), billingProfile: profile };
        return {
          customer,
          subscribers: someLines(2),
          flaws: ['TURNUP_REFERENCE_UNKNOWN'],
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
        const { subscribers, ...more } = taken();
        return {
          ...more,
          customer: { externalId: regular.customer },
          subscribers: [changed(regular), ...subscribers],
          onFailure: 'undo',
        };
      }
    }
  }

  const orders = Array.from({ length: count }, (_, at): Planned => {
    const { customer, subscribers, flaws = [], doomed = false, lacks = {}, onFailure } = draft(at);
    const deadlineMs = random.chance(0.05) ? random.int(7_000, 20_000) : null;
    const canMend = lacks.domain !== undefined || lacks.profile !== undefined;
    return {
      body: {
        externalId: `CHAOS-${String(at + 1).padStart(5, '0')}`,
        target: TARGET,
        onFailure: onFailure ?? (random.chance(0.35) ? 'undo' : 'hold'),
        customer,
        subscribers,
      },
      flaws: deadlineMs === null ? flaws : [...flaws, 'TURNUP_DEADLINE_PASSED'],
      doomed,
      lacks,
      deadlineMs,
      copies: random.weigh([
        [80, 1],
        [15, 2],
        [5, 3],
      ]),
      abused: random.chance(0.05),
      notBeforeMs: random.chance(0.05) ? random.int(500, 6_000) : null,
      cancelAfterMs: random.chance(0.15) ? random.int(0, 6_000) : null,
      remedy: canMend && random.chance(0.6) ? 'mend' : random.weigh(REMEDIES),
    };
  });
  return { orders, secrets };
}
