import { moveOf, nameOf, subscriberOf, wantedDigits, type Case } from '../audit/evidence.ts';
import type { SubscriberBody } from '../orders.ts';
import type { StepSeen } from '../seen.ts';
import type { LifeWords, Reason } from './words.ts';
import { hasNumber, type World } from './world.ts';

/** Nobody knows enough to tell. */
type Verdict = Reason | 'maybe';

/** Why a step cannot be done in such a world; empty: it can. */
export function refusalsOf(world: World, one: Case, step: StepSeen, words: LifeWords): Verdict[] {
  const { action = 'provision' } = one.entry.body;
  if (step.kind === 'numberMove') return refusalsOfMove(world, one, step);
  const subscriber = subscriberOf(one, step.item);
  const customer = one.entry.body.customer?.externalId ?? '';
  if (!subscriber) {
    const isNeeded =
      step.kind === (words.customerStep ?? 'customer') && ['modify', 'suspend', 'resume'].includes(action);
    return isNeeded ? ifMissing(world.customers.get(customer)) : [];
  }
  const numbers = step.kind === words.numbersStep ? refusalsOfNumbers(world, subscriber, action) : [];
  if (step.kind !== 'subscriber' && step.kind !== 'ownership') return numbers;
  const line = world.lines.get(nameOf(subscriber));
  if (action === 'provision')
    return line === undefined ? numbers : [...taken(line, customer), ...adopted(world, subscriber)];
  const absent = action === 'terminate' ? [] : ifMissing(line);
  return [...absent, ...taken(line, customer), ...numbers];
}

const ifMissing = (thing: object | null | undefined): Verdict[] =>
  thing === undefined ? ['missing'] : thing === null ? ['maybe'] : [];

function taken(line: { readonly customer: string } | null | undefined, customer: string): Verdict[] {
  if (line === null) return ['maybe'];
  return line && line.customer !== customer ? ['lineTaken'] : [];
}

/** One that is there is taken for the order's only with the very same numbers, and the CRM's number is compared too. */
const adopted = (world: World, subscriber: SubscriberBody): Verdict[] =>
  world.lines.has(nameOf(subscriber)) ? ['lineTaken'] : [];

function ownersOf({ lines }: World, digits: string): string[] {
  return [...lines].filter(([, line]) => line?.numbers && hasNumber(line.numbers, digits)).map(([name]) => name);
}

/** Somebody may have any number. */
const isUncertain = ({ lines }: World): boolean => [...lines.values()].some((line) => !line?.numbers);

function refusalsOfNumbers(world: World, subscriber: SubscriberBody, action: string): Verdict[] {
  const { number, aliases } = subscriber;
  const name = nameOf(subscriber);
  const wanted = [...(number ? [number] : []), ...(aliases ?? [])].map(wantedDigits);
  const isTaken = wanted.some((digits) => ownersOf(world, digits).some((owner) => owner !== name));
  const own = number === undefined ? world.lines.get(name)?.numbers?.number : null;
  const isTwice = action === 'modify' && (aliases ?? []).some((alias) => wantedDigits(alias) === own);
  return [
    ...(isTaken ? (['numberTaken'] as const) : []),
    ...(isTwice ? (['numberTwice'] as const) : []),
    ...(wanted.length > 0 && isUncertain(world) ? (['maybe'] as const) : []),
  ];
}

function refusalsOfMove(world: World, one: Case, step: StepSeen): Verdict[] {
  const move = moveOf(one, step.item)!;
  const [giver, receiver] = [world.lines.get(nameOf(move.from)), world.lines.get(nameOf(move.to))];
  const owners = ownersOf(world, wantedDigits(move.number));
  const isTheirs = owners.includes(nameOf(move.from)) || owners.includes(nameOf(move.to));
  return [
    ...ifMissing(receiver),
    ...taken(receiver, one.entry.body.customer?.externalId ?? ''),
    ...taken(giver, move.from.customer.externalId),
    ...(owners.includes(nameOf(move.to)) ? [] : ifMissing(giver)),
    ...(isTheirs ? [] : [owners.length > 0 ? ('movedTaken' as const) : ('movedNowhere' as const)]),
    ...(isUncertain(world) ? (['maybe'] as const) : []),
  ];
}

/** Codes that a step may be refused with in such a world; null: any. */
export function codesOf(verdicts: readonly Verdict[], { codes }: LifeWords): string[] | null {
  if (verdicts.includes('maybe')) return null;
  return verdicts.flatMap((verdict) => codes[verdict as Reason]);
}
