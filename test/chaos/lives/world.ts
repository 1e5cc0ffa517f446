/* What the platform should hold of all lives, as far as anybody can know: the auditor's own small model. */

/** Members of a thing as text; null: nobody knows. A member that is not there is not looked at. */
export type Cells = Readonly<Record<string, string | null>>;

/** In digits. */
export interface Numbers {
  readonly number: string | null;
  readonly aliases: readonly string[];
}

/** A subscriber. */
export interface Line {
  readonly customer: string;
  /** Null: nobody knows. */
  readonly numbers: Numbers | null;
  readonly cells: Cells;
}

export interface World {
  /** By the CRM's number. Null: nobody knows whether it is there. */
  readonly customers: Map<string, Cells | null>;
  /** By user name and domain. */
  readonly lines: Map<string, Line | null>;
}

type CellChange = (now: Cells) => Cells;

type CustomerEffect =
  | { readonly customer: string; readonly is: 'made' | 'changed'; readonly cells: CellChange }
  | { readonly customer: string; readonly is: 'gone' };

type LineEffect =
  | {
      readonly line: string;
      readonly of: string;
      readonly is: 'made' | 'changed';
      readonly cells: CellChange;
      readonly numbers?: ((now: Numbers) => Numbers) | undefined;
    }
  | { readonly line: string; readonly is: 'gone' };

interface Move {
  readonly moved: string;
  readonly from: string;
  readonly to: string;
}

/** What a step of an order does to the world. */
export type Effect = CustomerEffect | LineEffect | Move;

export const createWorld = (): World => ({ customers: new Map(), lines: new Map() });

export const copyOf = ({ customers, lines }: World): World => ({
  customers: new Map(customers),
  lines: new Map(lines),
});

const NO_NUMBERS: Numbers = { number: null, aliases: [] };

export const hasNumber = ({ number, aliases }: Numbers, digits: string): boolean =>
  number === digits || aliases.includes(digits);

function withoutNumber({ number, aliases }: Numbers, digits: string): Numbers {
  return { number: number === digits ? null : number, aliases: aliases.filter((alias) => alias !== digits) };
}

/** Names of the lines of a customer. */
export const linesOf = ({ lines }: World, customer: string): string[] =>
  [...lines].filter(([, line]) => line?.customer === customer).map(([name]) => name);

/** The names of what an effect is about. */
export function touchedBy(effect: Effect): string[] {
  if ('moved' in effect) return [effect.from, effect.to];
  return 'line' in effect ? [effect.line] : [effect.customer];
}

/** @param isCertain whether it came to be: if not, nobody knows what the members are that it would have changed */
export function apply(world: World, effect: Effect, isCertain: boolean): void {
  if ('moved' in effect) applyMove(world, effect, isCertain);
  else if ('line' in effect) applyToLine(world, effect, isCertain);
  else applyToCustomer(world, effect, isCertain);
}

function applyMove({ lines }: World, { moved, from, to }: Move, isCertain: boolean): void {
  const giver = lines.get(from);
  const receiver = lines.get(to);
  if (giver) {
    const numbers = isCertain && giver.numbers ? withoutNumber(giver.numbers, moved) : null;
    lines.set(from, { ...giver, numbers });
  }
  if (receiver) {
    const { numbers } = receiver;
    const taken =
      numbers && (hasNumber(numbers, moved) ? numbers : { ...numbers, aliases: [...numbers.aliases, moved] });
    lines.set(to, { ...receiver, numbers: isCertain ? taken : null });
  }
}

function applyToLine({ lines }: World, effect: LineEffect, isCertain: boolean): void {
  const now = lines.get(effect.line);
  if (effect.is === 'gone') {
    if (isCertain) lines.delete(effect.line);
    else if (now !== undefined) lines.set(effect.line, null);
    return;
  }
  if (effect.is === 'made') {
    const numbers = effect.numbers?.(NO_NUMBERS) ?? NO_NUMBERS;
    lines.set(effect.line, isCertain ? { customer: effect.of, numbers, cells: effect.cells({}) } : null);
    return;
  }
  if (!now && !isCertain) return;
  // What is changed is there; of all else nobody knows.
  const line: Line = now ?? { customer: effect.of, numbers: null, cells: {} };
  const cells = { ...line.cells, ...changed(line.cells, effect.cells, isCertain) };
  const numbers = effect.numbers ? isCertain && effect.numbers(line.numbers ?? NO_NUMBERS) : line.numbers;
  lines.set(effect.line, { ...line, cells, numbers: line.numbers && (numbers || null) });
}

function applyToCustomer(world: World, effect: CustomerEffect, isCertain: boolean): void {
  const { customers, lines } = world;
  const { customer } = effect;
  const now = customers.get(customer);
  if (effect.is === 'made') customers.set(customer, isCertain ? effect.cells({}) : null);
  else if (effect.is === 'changed') {
    if (now) customers.set(customer, { ...now, ...changed(now, effect.cells, isCertain) });
  } else if (isCertain) {
    customers.delete(customer);
    for (const name of linesOf(world, customer)) lines.delete(name);
  } else if (now !== undefined) {
    customers.set(customer, null);
    for (const name of linesOf(world, customer)) lines.set(name, null);
  }
}

function changed(now: Cells, change: CellChange, isCertain: boolean): Cells {
  const after = change(now);
  return isCertain ? after : Object.fromEntries(Object.keys(after).map((name) => [name, null]));
}
