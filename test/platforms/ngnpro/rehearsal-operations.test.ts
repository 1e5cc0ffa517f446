import { describe, expect, it } from 'vitest';
import { rehearseOrder } from '../../../flows/rehearsal/rehearse.ts';
import type { PlanView } from '../../../flows/rehearsal/view.ts';
import { ngnpro } from '../../../src/platforms/ngnpro/index.ts';
import { kindOf } from '../../../src/platforms/ngnpro/operations/spec.ts';
import { specOf } from '../../../src/platforms/ngnpro/operations/table.ts';
import type { OrderContent } from '../../../src/platforms/port.ts';
import type { RunRecord } from '../driver.ts';
import { settings } from './fixture.ts';
import { CASES, namesOf, wireName } from './operations-cases.ts';
import { nextKey, orderOf, useOperationsLab } from './operations-lab.ts';

const lab = useOperationsLab();

const rehearse = (order: OrderContent): Promise<PlanView> =>
  rehearseOrder({
    platform: ngnpro,
    settings: settings('http://127.0.0.1:9'),
    order: { ...order, onFailure: 'hold' },
  });

/** Names of the calls that change something, of those that the stand-in saw. */
function writesSince(from: number): string[] {
  const seen = lab.simulator.calls().slice(from);
  return seen.flatMap(({ operation }) => (operation && !/^wsdl$|\.get/.test(operation) ? [operation] : []));
}

const namesIn = (plan: PlanView, list: 'calls' | 'undo'): string[] => {
  const steps = list === 'calls' ? plan.steps : plan.steps.toReversed();
  return steps.flatMap((step) => step[list].map(({ service, operation }) => wireName(`${service}.${operation}`)));
};

describe.each(CASES.map((one) => [one.call, one] as const))('%s', (call, one) => {
  it('is planned with the calls that are then made, and those of its undo', async () => {
    const order = orderOf(call, await one.args(lab.client));
    const plan = await rehearse(order);
    const from = lab.simulator.calls().length;
    const key = nextKey();
    const record: RunRecord = await lab.driver.run(order, key);
    expect(plan.steps.map(({ note }) => note)).toEqual(plan.steps.map(() => undefined));
    expect(namesIn(plan, 'calls')).toEqual(writesSince(from));
    expect(plan.pivot).toBe(one.isPivot ? `o1.${kindOf(specOf(...namesOf(call))!)}` : null);
    if (one.isPivot) return;
    const undoFrom = lab.simulator.calls().length;
    await lab.undo(order, key, record);
    expect(namesIn(plan, 'undo')).toEqual(writesSince(undoFrom));
  });
});
