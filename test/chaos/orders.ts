import type { Random } from './random.ts';

/* What is ordered, drawn before the run begins: the same seed places the same orders. */

export interface ForwardOrder {
  readonly destinations: readonly { readonly to: string; readonly timeout?: number }[];
  readonly ringTimeout?: number;
  readonly times?: readonly object[];
}

export interface SplitNumber {
  readonly cc: string;
  readonly ac: string;
  readonly sn: string;
}

export interface SubscriberBody {
  readonly externalId?: string;
  readonly username: string;
  readonly domain: string;
  readonly password?: string;
  readonly webUsername?: string;
  readonly webPassword?: string;
  readonly number?: string | SplitNumber;
  readonly aliases?: readonly string[];
  readonly callForwards?: Readonly<Record<string, ForwardOrder>>;
  readonly preferences?: Readonly<Record<string, unknown>>;
  readonly voicemail?: { readonly pin?: string; readonly email?: string };
  readonly native?: Readonly<Record<string, unknown>>;
}

export interface OperationBody {
  readonly service: string;
  readonly operation: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface CustomerBody {
  readonly externalId: string;
  readonly contact?: Readonly<Record<string, string>>;
  readonly billingProfile?: string;
  readonly native?: Readonly<Record<string, unknown>>;
}

export interface OrderBody {
  readonly externalId: string;
  readonly target: string;
  readonly onFailure: 'hold' | 'undo';
  readonly notBefore?: string;
  readonly deadline?: string;
  readonly customer?: CustomerBody;
  readonly subscribers?: readonly SubscriberBody[];
  readonly operations?: readonly OperationBody[];
}

/** What is done about the order if it is found held for a reason of its own. */
export type Remedy = 'leave' | 'retry' | 'undo' | 'cancel' | 'close' | 'release' | 'mend';

/** How an order may fail for good, because of what is ordered. */
export interface Flaw {
  readonly code: string;
  /** Id of the step at which it must be; left out: any. */
  readonly step?: string;
}

/** What a platform's planner draws. */
export interface Draft extends Pick<OrderBody, 'customer' | 'subscribers' | 'operations'> {
  /** None: it has to succeed. */
  readonly flaws?: readonly Flaw[];
  /** It cannot succeed unless a person mends the platform. */
  readonly doomed?: boolean;
  /** What a person could add to the platform, by the platform's own words. */
  readonly lacks?: Readonly<Record<string, string>>;
  readonly onFailure?: 'undo';
  /** Remedies that would make it impossible to say what should be there. */
  readonly never?: readonly Remedy[];
}

export interface Planned {
  readonly draft: Draft;
  readonly body: OrderBody;
  readonly flaws: readonly Flaw[];
  readonly doomed: boolean;
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

const REMEDIES: readonly (readonly [number, Remedy])[] = [
  [30, 'leave'],
  [20, 'undo'],
  [15, 'cancel'],
  [10, 'close'],
  [10, 'retry'],
  [8, 'release'],
];

/** Makes secrets that occur nowhere else, and remembers them. */
export interface Secrets {
  password(kind: string): string;
  /** Digits, the first no 0. */
  pin(digits: number): string;
}

function createSecrets(random: Random): Secrets & { readonly all: string[] } {
  const all: string[] = [];
  const keep = (made: string): string => {
    all.push(made);
    return made;
  };
  return {
    all,
    password: (kind) => keep(`Zq${random.int(10_000_000, 99_999_999)}-${kind}${all.length}!x`),
    pin: (digits) => keep(`5550${random.int(10_000_000, 99_999_999)}`.padEnd(digits - 3, '7') + serial(all.length)),
  };
}

const serial = (at: number): string => String(at % 1000).padStart(3, '0');

/** @param planners by target */
export function planOrders(
  random: Random,
  count: number,
  planners: ReadonlyMap<string, (random: Random, secrets: Secrets) => (at: number) => Draft>,
): Plan {
  const secrets = createSecrets(random.fork('secrets'));
  const targets = [...planners.keys()];
  const drafts = new Map([...planners].map(([target, plan]) => [target, plan(random.fork(target), secrets)]));
  const orders = Array.from({ length: count }, (_, at): Planned => {
    const target = random.pick(targets);
    return decorate(random, at, target, drafts.get(target)!(at));
  });
  return { orders, secrets: secrets.all };
}

function decorate(random: Random, at: number, target: string, draft: Draft): Planned {
  const { customer, subscribers, operations, flaws = [], doomed = false, lacks, onFailure, never = [] } = draft;
  const deadlineMs = random.chance(0.05) ? random.int(7_000, 20_000) : null;
  const remedies = REMEDIES.filter(([, remedy]) => !never.includes(remedy));
  return {
    draft,
    body: {
      externalId: `CHAOS-${String(at + 1).padStart(5, '0')}`,
      target,
      onFailure: onFailure ?? (random.chance(0.35) ? 'undo' : 'hold'),
      ...(customer && { customer }),
      ...(subscribers && { subscribers }),
      ...(operations && { operations }),
    },
    flaws: deadlineMs === null ? flaws : [...flaws, { code: 'TURNUP_DEADLINE_PASSED' }],
    doomed,
    deadlineMs,
    copies: random.weigh([
      [80, 1],
      [15, 2],
      [5, 3],
    ]),
    abused: random.chance(0.05),
    notBeforeMs: random.chance(0.05) ? random.int(500, 6_000) : null,
    cancelAfterMs: random.chance(0.15) ? random.int(0, 6_000) : null,
    remedy: lacks && random.chance(0.6) ? 'mend' : random.weigh(remedies),
  };
}

/** Whether the order was bound to fail like this. */
export const isFlaw = ({ flaws }: Planned, error: { code: string; step: string | null } | null): boolean =>
  flaws.some(({ code, step }) => code === error?.code && (step === undefined || step === error.step));
