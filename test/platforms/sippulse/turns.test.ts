import { expect, it } from 'vitest';
import { oneAtATime } from '../../../src/platforms/sippulse/shared/turn.ts';
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
): Promise<string[]> {
  const asked: string[] = [];
  const shared = {
    coalesced: async (_name: string, work: () => Promise<void>) => work(),
    takeTurn: async (name: string) => asked.push(`take ${name}`),
    endTurn: async (name: string) => {
      asked.push(`end ${name}`);
    },
  };
  await act(
    oneAtATime(kind, () => user),
    { intent, shared } as unknown as Context,
  );
  return asked;
}

it('a change takes its turn at the subscriber and ends it', async () => {
  const asked = await turnsOf(null, (step, ctx) => step.do(ctx, { state: 'absent' }));
  expect(asked).toEqual(['take subscriber:ana@sip.example.com', 'end subscriber:ana@sip.example.com']);
});

it('I2 an attempt that finds the work done ends the turn of the one that died with it (chaos, seed 2002)', async () => {
  const find = (step: Kind, ctx: Context) => step.find(ctx);
  expect(await turnsOf({ state: 'absent' }, find)).toEqual(['end subscriber:ana@sip.example.com']);
  expect(await turnsOf(null, find)).toEqual([]);
});
