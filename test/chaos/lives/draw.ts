import type { Draft, Secrets } from '../orders.ts';
import type { Random } from '../random.ts';
import { createActs } from './acts.ts';
import type { Believed, Life } from './life.ts';
import type { Palette } from './palette.ts';

type Kind = keyof ReturnType<typeof createActs>;

/** Lives at the same time. */
const SLOTS = 4;
const NAMES = 4;
const NUMBERS = 8;

type Weights = readonly (readonly [number, Kind])[];

const WITH_LINES: Weights = [
  [12, 'provision'],
  [32, 'modify'],
  [8, 'suspend'],
  [8, 'resume'],
  [10, 'moveWithin'],
  [10, 'moveBetween'],
  [7, 'modifyMissing'],
  [7, 'takeNumber'],
  [7, 'moveForeign'],
  [4, 'terminateForeign'],
];

const WITH_ENDS: Weights = [...WITH_LINES, [14, 'terminate']];

/** So many of the last orders end nothing: what is gone shows nothing of what went wrong before. */
const LAST = 5;

/**
 * Draws the orders of lives: customers whose subscribers are made, changed, locked, moved, ended and made again. What is
 * drawn goes by what the CRM believes after the orders before, all of which may have ended otherwise.
 */
export function createLives(random: Random, secrets: Secrets, palette: Palette): () => Draft {
  let begun = 0;

  function begin(): Life {
    begun += 1;
    const life = begun;
    const serial = String(life).padStart(4, '0');
    const customer = `L-${serial}`;
    return {
      customer,
      names: Array.from({ length: NAMES }, (_, at) => palette.username?.(life, at) ?? `life${serial}${'abcd'[at]}`),
      nobody: palette.username?.(life, NAMES) ?? `nobody.${customer}`,
      numbers: Array.from({ length: NUMBERS }, (_, at) => palette.number(begun * 10 + at)),
      lines: new Map<string, Believed>(),
      left: random.int(LAST + 3, LAST + 9),
    };
  }

  const slots = Array.from({ length: SLOTS }, begin);
  const acts = createActs({ random, secrets, palette, lives: () => slots });

  return function draft() {
    const at = random.int(0, SLOTS - 1);
    if (slots[at]!.left === 0) slots[at] = begin();
    const life = slots[at]!;
    life.left -= 1;
    const weights = life.left < LAST ? WITH_LINES : WITH_ENDS;
    const kind = life.lines.size === 0 ? 'provision' : random.weigh(weights);
    const drawn = acts[kind](life) ?? acts.modify(life);
    // What is held holds up all that follows; after a release nobody could tell what it should be like.
    return { ...drawn, never: random.chance(0.9) ? ['release', 'leave'] : ['release'] };
  };
}
