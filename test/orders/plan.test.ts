import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ancestors, planOrder } from '../../flows/plan.ts';
import type { OrderContent, PlannedStep, Platform } from '../../src/platforms/port.ts';

const NO_ORDER = {} as OrderContent;

function step(id: string, needs: string[] = [], line?: string): PlannedStep {
  const [item, kind] = id.includes('.') ? (id.split('.') as [string, string]) : [null, id];
  return { id, kind, item, needs, class: 'compensatable', title: id, ...(line !== undefined && { line }) };
}

const planned = (...steps: PlannedStep[]) => planOrder({ plan: () => steps } as unknown as Platform, NO_ORDER);

describe('a plan', () => {
  test("puts the customer's steps into one line and each subscriber's behind it", () => {
    const plan = planned(
      step('contact'),
      step('customer', ['contact']),
      step('s1.a'),
      step('s2.a'),
      step('s1.b', ['s1.a']),
    );
    expect(plan.map(({ id, after }) => [id, after])).toEqual([
      ['contact', null],
      ['customer', 'contact'],
      ['s1.a', 'customer'],
      ['s1.b', 's1.a'],
      ['s2.a', 'customer'],
    ]);
    expect(ancestors(plan, plan[3]!)).toEqual(['s1.a', 'customer', 'contact']);
  });

  test('puts steps of one line one after the other, whose ever they are', () => {
    const plan = planned(
      step('customer'),
      step('o1.make', [], 'prices'),
      step('s1.a'),
      step('o2.make', ['o1.make'], 'prices'),
      step('o3.make'),
      step('o4.make', ['s1.a'], 's1'),
    );
    expect(plan.map(({ id, after }) => [id, after])).toEqual([
      ['customer', null],
      ['o1.make', 'customer'],
      ['o2.make', 'o1.make'],
      ['s1.a', 'customer'],
      ['o4.make', 's1.a'],
      ['o3.make', 'customer'],
    ]);
  });

  test('of subscribers alone, and of nothing', () => {
    expect(planned(step('s1.a'), step('s2.a')).map((one) => one.after)).toEqual([null, null]);
    expect(planned()).toEqual([]);
  });

  test.each([
    ['before what it needs', [step('s1.a', ['customer']), step('customer')]],
    ['that needs what is not planned', [step('s1.a', ['customer'])]],
    ['that needs itself', [step('customer', ['customer'])]],
    ['twice', [step('customer'), step('customer')]],
    ['that needs one of another subscriber', [step('s1.a'), step('s2.a', ['s1.a'])]],
    ['of the customer that needs one of a subscriber', [step('customer'), step('s1.a'), step('reload', ['s1.a'])]],
  ])('with a step %s is a fault of the platform', (_, steps) => {
    expect(() => planned(...steps)).toThrow(/^step /);
  });

  test('I11 whatever a platform plans, a step waits for all it needs', () => {
    const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 's1.a', 's1.b', 's1.c', 's2.a', 's2.b'), {
      minLength: 1,
    });
    const plans = ids.chain((all) =>
      fc
        .tuple(...all.map((_, at) => fc.subarray(all.slice(0, at))))
        .map((needs) => all.map((id, at) => step(id, needs[at]))),
    );
    fc.assert(
      fc.property(plans, (steps) => {
        let plan;
        try {
          plan = planned(...steps);
        } catch {
          return;
        }
        expect(plan.map((one) => one.id).toSorted()).toEqual(steps.map((one) => one.id).toSorted());
        for (const one of plan) expect(ancestors(plan, one)).toEqual(expect.arrayContaining([...one.needs]));
      }),
    );
  });
});
