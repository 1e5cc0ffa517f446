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

/** Null clears, in a modify order. */
export interface SubscriberBody {
  /** Left out: `s` and its position, from 1. */
  readonly id?: string;
  readonly externalId?: string;
  readonly username: string;
  readonly domain: string;
  readonly password?: string;
  readonly webUsername?: string;
  readonly webPassword?: string;
  readonly number?: string | SplitNumber | null;
  readonly aliases?: readonly string[] | null;
  readonly callForwards?: Readonly<Record<string, ForwardOrder | null>> | null;
  readonly preferences?: Readonly<Record<string, unknown>>;
  readonly voicemail?: { readonly pin?: string; readonly email?: string | null } | null;
  readonly native?: Readonly<Record<string, unknown>>;
}

export interface MoveBody {
  /** In digits, with a plus. */
  readonly number: string;
  readonly from: { readonly customer: { readonly externalId: string } } & SubscriberName;
  readonly to: SubscriberName;
}

export interface SubscriberName {
  readonly username: string;
  readonly domain: string;
}

export interface OperationBody {
  readonly service: string;
  readonly operation: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface CustomerBody {
  readonly externalId: string;
  readonly contact?: Readonly<Record<string, string | null>>;
  readonly billingProfile?: string;
  readonly native?: Readonly<Record<string, unknown>>;
}

export type Action = 'provision' | 'modify' | 'suspend' | 'resume' | 'terminate';

export interface OrderBody {
  readonly externalId: string;
  readonly target: string;
  /** Left out: provision. */
  readonly action?: Action;
  readonly onFailure: 'hold' | 'undo';
  readonly notBefore?: string;
  readonly deadline?: string;
  readonly customer?: CustomerBody;
  readonly subscribers?: readonly SubscriberBody[];
  readonly operations?: readonly OperationBody[];
  readonly moves?: readonly MoveBody[];
}

/** What is done about the order if it is found held for a reason of its own. */
export type Remedy = 'leave' | 'retry' | 'undo' | 'cancel' | 'close' | 'release' | 'mend' | 'amend';

/** What an amendment replaces: all of these, those that are left out are gone. */
export type Content = Pick<OrderBody, 'customer' | 'subscribers' | 'moves'>;

/** How an order may fail for good, because of what is ordered. */
export interface Flaw {
  readonly code: string;
  /** Id of the step at which it must be; left out: any. */
  readonly step?: string;
}

/** What a platform's planner draws. */
export interface Draft extends Content, Pick<OrderBody, 'action' | 'operations'> {
  /** One of many of the same customer, after which the platform is judged as a whole (lives/). */
  readonly ofLife?: true;
  /** None: it has to succeed. */
  readonly flaws?: readonly Flaw[];
  /** It cannot succeed unless a person mends the platform. */
  readonly doomed?: boolean;
  /** What a person could add to the platform, by the platform's own words. */
  readonly lacks?: Readonly<Record<string, string>>;
  readonly onFailure?: 'undo';
  /** What it should have been: `held` takes its fault away, `waiting` is as good as the first. */
  readonly amendment?: { readonly when: 'held' | 'waiting'; readonly content: Content };
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
  readonly amendAfterMs: number | null;
  /** Of a life: whether it may be placed before those that were drawn before. */
  readonly overtakes: boolean;
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

/** What is ordered of one target. */
export interface Planners {
  draft(random: Random, secrets: Secrets): (at: number) => Draft;
  lives(random: Random, secrets: Secrets): () => Draft;
}

export interface PlanOptions {
  readonly count: number;
  /** Probability that an order is one of a life. */
  readonly lives: number;
  /** By target. */
  readonly planners: ReadonlyMap<string, Planners>;
}

export function planOrders(random: Random, { count, lives, planners }: PlanOptions): Plan {
  const secrets = createSecrets(random.fork('secrets'));
  const targets = [...planners.keys()];
  const drafts = new Map(
    [...planners].map(([target, plan]) => [
      target,
      {
        one: plan.draft(random.fork(target), secrets),
        ofLife: plan.lives(random.fork(`lives of ${target}`), secrets),
      },
    ]),
  );
  const orders = Array.from({ length: count }, (_, at): Planned => {
    const target = random.pick(targets);
    const { one, ofLife } = drafts.get(target)!;
    return decorate(random, at, target, random.chance(lives) ? { ...ofLife(), ofLife: true } : one(at));
  });
  return { orders, secrets: secrets.all };
}

function decorate(random: Random, at: number, target: string, draft: Draft): Planned {
  const { customer, subscribers, operations, moves, action } = draft;
  const { flaws = [], doomed = false, lacks, onFailure, never = [], amendment } = draft;
  const deadlineMs = random.chance(0.05) ? random.int(7_000, 20_000) : null;
  const remedies = REMEDIES.filter(([, remedy]) => !never.includes(remedy));
  const mends = lacks && random.chance(0.6);
  const amends = amendment?.when === 'held' && random.chance(0.5);
  // A life that does not begin has nothing to go on with.
  const begins = draft.ofLife === true && !action;
  const waits = amendment?.when === 'waiting' && random.chance(0.7);
  return {
    draft,
    body: {
      externalId: `CHAOS-${String(at + 1).padStart(5, '0')}`,
      target,
      ...(action && { action }),
      onFailure: onFailure ?? (random.chance(0.35) ? 'undo' : 'hold'),
      ...(customer && { customer }),
      ...(subscribers && { subscribers }),
      ...(operations && { operations }),
      ...(moves && { moves }),
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
    notBeforeMs: random.chance(0.05) && !begins ? random.int(500, 6_000) : null,
    cancelAfterMs: random.chance(begins ? 0.05 : 0.15) ? random.int(0, 6_000) : null,
    overtakes: random.chance(0.1),
    amendAfterMs: waits ? random.int(0, 2_500) : null,
    remedy: mends ? 'mend' : amends ? 'amend' : random.weigh(remedies),
  };
}

/** The order as it should have been; a deadline may be over by now. */
export function amended({ deadline: _deadline, ...body }: OrderBody, content: Content): OrderBody {
  const { customer: _customer, subscribers: _subscribers, moves: _moves, ...rest } = body;
  return { ...rest, ...content };
}

/** Whether the order was bound to fail like this. */
export const isFlaw = ({ flaws }: Planned, error: { code: string; step: string | null } | null): boolean =>
  flaws.some(({ code, step }) => code === error?.code && (step === undefined || step === error.step));
