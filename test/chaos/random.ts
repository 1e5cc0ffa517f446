/** Every decision of a run is drawn from one of these, so that the seed tells the run. */
export interface Random {
  /** From `least` to `most`, both possible. */
  int(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** By the weights. */
  weigh<T>(list: readonly (readonly [weight: number, value: T])[]): T;
  /** A generator of its own, so that what happens at the same time elsewhere does not change these draws. */
  fork(label: string): Random;
}

/** Mulberry32: the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  const random: Random = {
    int: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    weigh(list) {
      let left = next() * list.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      return list.at(-1)![1];
    },
    fork: (label) =>
      createRandom(
        Array.from(label).reduce((hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193), seed ^ 0x811c9dc5),
      ),
  };
  return random;
}
