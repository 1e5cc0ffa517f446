import { moveOf, nameOf, subscriberOf, wantedDigits, type Case } from '../audit/evidence.ts';
import type { SubscriberBody } from '../orders.ts';
import type { StepSeen } from '../seen.ts';
import type { LifeWords } from './words.ts';
import { linesOf, type Cells, type Effect, type Numbers, type World } from './world.ts';

/** What a subscriber's numbers are after an order that says this of them. */
function renumbered({ number, aliases }: SubscriberBody, now: Numbers): Numbers {
  const own = number === undefined ? now.number : number && wantedDigits(number);
  const others = aliases === undefined ? now.aliases : (aliases ?? []).map(wantedDigits);
  return { number: own, aliases: others.filter((alias) => alias !== own) };
}

/** What a step that is done has done to the world. @param password of a subscriber that the step made */
export function effectsOf(
  world: World,
  one: Case,
  step: StepSeen,
  words: LifeWords,
  password: string | null,
): Effect[] {
  const { body } = one.entry;
  const { action = 'provision', customer } = body;
  const { customerStep = 'customer' } = words;
  const of = customer?.externalId ?? '';
  const move = moveOf(one, step.item);
  if (move)
    return step.kind === 'numberMove'
      ? [{ moved: wantedDigits(move.number), from: nameOf(move.from), to: nameOf(move.to) }]
      : [];
  const subscriber = subscriberOf(one, step.item);
  if (!subscriber) return customer ? ofCustomer() : [];
  const beside = words.besideLine?.(body, subscriber, step.kind) ?? null;
  if (beside) return [{ customer: of, is: 'changed', cells: () => beside }];
  const line = nameOf(subscriber);
  const isNumbering = step.kind === words.numbersStep;
  const numbers = isNumbering ? (now: Numbers) => renumbered(subscriber, now) : undefined;
  const cells = (now: Cells) => words.lineCells(body, subscriber, step.kind, now);
  switch (action) {
    case 'provision':
      // One that was there is left as it was.
      if (step.kind === 'subscriber')
        return step.outcome === 'adopted'
          ? []
          : [{ line, of, is: 'made', cells: () => words.newLine(body, subscriber, password), numbers }];
      return [{ line, of, is: 'changed', cells, numbers }];
    case 'modify':
      return [{ line, of, is: 'changed', cells, numbers }];
    case 'suspend':
    case 'resume':
      return step.kind === 'subscriber'
        ? [{ line, of, is: 'changed', cells: (now) => words.locked(action, now, false) }]
        : [];
    case 'terminate': {
      // Somebody else's of that name may have come since it was seen that there is none.
      const isOther = step.outcome === 'unchanged' && world.lines.get(line)?.customer !== of;
      return step.kind === 'subscriber' && !isOther ? [{ line, is: 'gone' }] : [];
    }
  }

  function ofAllLines(change: (now: Cells) => Cells): Effect[] {
    return linesOf(world, of).map((name) => ({ line: name, of, is: 'changed', cells: change }));
  }

  function ofCustomer(): Effect[] {
    switch (action) {
      case 'provision':
        if (step.kind !== customerStep || step.outcome === 'adopted') return [];
        return [{ customer: of, is: 'made', cells: () => words.newCustomer(customer!) }];
      case 'modify':
        return [
          { customer: of, is: 'changed', cells: () => words.customerCells(customer!, step.kind) },
          ...ofAllLines(() => words.ofAllLines?.(customer!, step.kind) ?? {}),
        ];
      case 'suspend':
      case 'resume':
        return [
          { customer: of, is: 'changed', cells: () => words.lockedCustomer[action] },
          ...ofAllLines((now) => words.locked(action, now, true)),
        ];
      case 'terminate':
        return step.kind === customerStep ? [{ customer: of, is: 'gone' }] : [];
    }
  }
}
