import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKeys } from '../../src/redis/keys.ts';
import { ordersOn, useOrders } from './harness.ts';
import { protocol, type Happening } from './protocol.ts';

const shared = useOrders();
const CHAIN = ['customer', 's1.subscriber', 's1.preferences'];
const VERBS: [Happening['verb'], number][] = [
  ['start', 6],
  ['go on', 10],
  ['lose reply', 2],
  ['vanish', 2],
  ['freeze', 2],
  ['awake', 2],
];

function happenings(...more: [Happening['verb'], number][]): fc.Arbitrary<Happening[]> {
  const verb = fc.oneof(...[...VERBS, ...more].map(([one, weight]) => ({ arbitrary: fc.constant(one), weight })));
  return fc.array(fc.record({ verb, at: fc.nat({ max: 12 }) }), { maxLength: 60, size: 'max' });
}

let run = 0;
async function play(events: readonly Happening[]) {
  run += 1;
  const on = ordersOn(shared.server, shared.redis, createKeys(`{once${run}}`));
  const order = await on.accept({ steps: CHAIN });
  const played = protocol(on, order);
  for (const event of events) await played.happen(event);
  const state = await played.finish();
  return { state, objects: CHAIN.map((step) => played.objects.get(step)!.length) };
}

describe('whatever happens to attempts', () => {
  test('I3 each object exists exactly once in the end', async () => {
    await fc.assert(
      fc.asyncProperty(happenings(), async (events) => {
        expect(await play(events)).toEqual({ state: 'completed', objects: [1, 1, 1] });
      }),
      { numRuns: 150 },
    );
  });

  test('I4 of an order that is cancelled at any moment nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(happenings(['cancel', 3]), async (events) => {
        const { state, objects } = await play(events);
        expect({ state, objects }).toEqual(
          state === 'completed' ? { state, objects: [1, 1, 1] } : { state: 'cancelled', objects: [0, 0, 0] },
        );
      }),
      { numRuns: 150 },
    );
  });
});
