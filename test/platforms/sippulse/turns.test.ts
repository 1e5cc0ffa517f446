import { expect, it } from 'vitest';
import { inTurns, oneAtATime } from '../../../src/platforms/sippulse/shared/turn.ts';
import type { Context, Kind } from '../../../src/platforms/sippulse/shared/kinds.ts';

const user = { username: 'Ana', domain: 'sip.example.com' };
const kind = {
  nature: 'change',
  opensSecrets: false,
  find: async () => ({ state: 'present', ours: true, result: {} }),
  do: async () => ({}),
  undo: async () => undefined,
} as const satisfies Kind;

/** What a step asks of the turns, in order. */
async function turnsOf(
  intent: Context['intent'],
  act: (step: Kind, ctx: Context) => Promise<unknown>,
  wrap: (step: Kind) => Kind = forOne,
): Promise<string[]> {
  const asked: string[] = [];
  const shared = {
    coalesced: async (_name: string, work: () => Promise<void>) => work(),
    takeTurn: async (name: string) => asked.push(`take ${name}`),
    endTurn: async (name: string) => {
      asked.push(`end ${name}`);
    },
  };
  await act(wrap(kind), { intent, shared } as unknown as Context);
  return asked;
}

const forOne = (step: Kind): Kind => oneAtATime(step, () => user);

it('a change takes its turn at the subscriber and ends it', async () => {
  const asked = await turnsOf(null, (step, ctx) => step.do(ctx, { state: 'absent' }));
  expect(asked).toEqual(['take subscriber:ana@sip.example.com', 'end subscriber:ana@sip.example.com']);
});

it('I2 an attempt that finds the work done ends the turn of the one that died with it (chaos, seed 2002)', async () => {
  const find = (step: Kind, ctx: Context) => step.find(ctx);
  expect(await turnsOf({ state: 'absent' }, find)).toEqual(['end subscriber:ana@sip.example.com']);
  expect(await turnsOf(null, find)).toEqual([]);
});

it('I2 a change of two subscribers takes their turns in the same order, whoever comes first', async () => {
  const zoe = { username: 'zoe', domain: 'sip.example.com' };
  const [ana, z] = ['subscriber:ana@sip.example.com', 'subscriber:zoe@sip.example.com'];
  for (const users of [
    [user, zoe],
    [zoe, user],
  ]) {
    const wrap = (step: Kind) => inTurns(step, () => users);
    const asked = await turnsOf(null, (step, ctx) => step.do(ctx, { state: 'absent' }), wrap);
    expect(asked).toEqual([`take ${ana}`, `take ${z}`, `end ${z}`, `end ${ana}`]);
  }
  const twice = await turnsOf(
    null,
    (step, ctx) => step.do(ctx, { state: 'absent' }),
    (step) => inTurns(step, () => [user, user]),
  );
  expect(twice).toEqual([`take ${ana}`, `end ${ana}`]);
});
