import { describe, expect, test } from 'vitest';
import { amendPlan } from '../../flows/amendment.ts';
import type { StoredStep } from '../../src/orders/plan.ts';

/** One line of steps, each after the one before. */
const line = (...ids: string[]): StoredStep[] =>
  ids.map((id, at) => ({
    id,
    kind: id,
    item: null,
    needs: [],
    class: 'compensatable',
    title: id,
    after: ids[at - 1] ?? null,
  }));

const done = (plan: readonly StoredStep[]) => ({
  plan,
  steps: Object.fromEntries(plan.map(({ id }) => [id, { state: 'done' as const, toUndo: true }])),
});

const changesOf = (before: StoredStep[], after: StoredStep[], other: readonly string[] = []) =>
  Object.fromEntries(amendPlan(done(before), after, ({ id }) => other.includes(id)).changes);

describe('the difference of two plans', () => {
  test('keeps what is the same', () => {
    expect(changesOf(line('a', 'b'), line('a', 'b', 'c'))).toEqual({ a: 'keep', b: 'keep', c: 'add' });
  });

  test('does anew what comes after something that is other', () => {
    expect(changesOf(line('a', 'b', 'c'), line('a', 'b', 'c'), ['b'])).toEqual({ a: 'keep', b: 'redo', c: 'redo' });
  });

  test('does anew what comes after something new, such as a reload (chaos, seed 43)', () => {
    expect(changesOf(line('a', 'reload'), line('a', 'new', 'reload'))).toEqual({
      a: 'keep',
      new: 'add',
      reload: 'redo',
    });
  });

  test('tells what is gone and has done something', () => {
    const [a, b] = line('a', 'b');
    expect(amendPlan(done([a!, b!]), [a!], () => false).undo.map(({ id }) => id)).toEqual(['b']);
  });
});
