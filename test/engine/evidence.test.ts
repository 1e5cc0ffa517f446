import { Writable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { TurnupError, withEvidence, type ErrorCode, type FaultRule } from '../../src/errors/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { evidencePlace } from '../../src/orders/evidence.ts';
import { createKeyRing } from '../../src/secrets/index.ts';
import type { Engine } from '../../workers/engine.ts';
import { leaksIn, storedIn } from '../e2e/support/leaks.ts';
import { useRedis } from '../setup/redis.ts';
import { placeTestOrder, TEST_KEY, testEngine, untilState, type TestOrder } from './harness.ts';
import { createWorld, toyPlatform } from './toy.ts';

/* What a target answers and nobody understands is kept for a person, sealed. */

const redis = useRedis();
const engines: Engine[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

const ANSWER = 'an answer about Ann Example';
const SENT = 'who is Ann Example';

const answered = (code: ErrorCode, text = ANSWER, status = 418): TurnupError =>
  withEvidence(
    new TurnupError(code, { detail: 'odd', answer: { status, text: '' } }),
    { method: 'POST', object: '/people?name=Ann', body: SENT, status, headers: {}, text },
    [],
  );

async function start(error: TurnupError, faults: readonly FaultRule[] = []) {
  const world = createWorld();
  world.trouble = ({ thing, at }) => {
    if (thing.startsWith('customer') && at === 'before') throw error;
  };
  const logged: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString());
      done();
    },
  });
  const platform = toyPlatform(world);
  const connection = redis.client();
  const log = createLogger({ level: 'trace', destination });
  const engine = testEngine({ redis: connection, platform, log, faults });
  engines.push(engine);
  await engine.start();
  const place = (wanted: TestOrder) => placeTestOrder(engine, platform, wanted);
  return { world, engine, connection, logged, place };
}

function opened(id: string, step: string, sealed: string): Record<string, unknown> {
  return JSON.parse(createKeyRing([TEST_KEY]).open(sealed, evidencePlace(id, step))) as Record<string, unknown>;
}

describe('an answer that nobody understands', () => {
  test('I8 is kept with the order, and nowhere in clear', async () => {
    const { engine, connection, logged, place } = await start(answered('TURNUP_TARGET_UNEXPECTED'));
    const id = await place({ usernames: ['ann'] });
    const order = await untilState(engine, id, 'held');
    expect(order.error).toMatchObject({ code: 'TURNUP_TARGET_UNEXPECTED', class: 'bug', step: 'customer' });
    const places = [...(await storedIn(connection)), ['log', logged.join('\n')] as const];
    expect(logged.join('\n')).toContain('step failed');
    expect(leaksIn(places, [ANSWER, SENT, 'Ann Example'])).toEqual([]);

    const [kept, ...more] = (await engine.store.evidence(id, 'operator:olga'))!;
    expect(more).toEqual([]);
    expect(kept).toMatchObject({ step: 'customer', run: 1, attempt: 3 });
    expect(opened(id, 'customer', kept!.sealed)).toEqual({
      method: 'POST',
      object: '/people?name=Ann',
      sent: { text: SENT, characters: SENT.length },
      status: 418,
      contentType: null,
      answered: { text: ANSWER, characters: ANSWER.length },
    });
  });

  test('I8 opens at its own order and step only', async () => {
    const { engine, place } = await start(answered('TURNUP_TARGET_UNEXPECTED'));
    const id = await place({ usernames: ['ann'] });
    await untilState(engine, id, 'held');
    const [kept] = (await engine.store.evidence(id, 'operator:olga'))!;
    for (const [order, step] of [
      [id, 's1.subscriber'],
      ['another', 'customer'],
    ] as const) {
      expect(() => opened(order, step, kept!.sealed)).toThrow(TurnupError);
    }
    expect(() => createKeyRing([TEST_KEY]).open(kept!.sealed, id)).toThrow(TurnupError);
  });

  test('I8 what looks like a secret that no platform knows is taken out', async () => {
    const text = '{"user":"Ann","portalPassword":"hunter22","note":"Bearer abcdefgh12"}';
    const { engine, place } = await start(answered('TURNUP_TARGET_UNEXPECTED', text));
    const id = await place({ usernames: ['ann'] });
    await untilState(engine, id, 'held');
    const [kept] = (await engine.store.evidence(id, 'operator:olga'))!;
    const { answered: seen } = opened(id, 'customer', kept!.sealed) as { answered: { text: string } };
    expect(seen.text).toContain('"user":"Ann"');
    expect(seen.text).not.toMatch(/hunter22|abcdefgh12/);
  });

  test('is kept whatever rule takes it for a fault, and not where a rule tells what it means', async () => {
    const asBug = await start(answered('TURNUP_TARGET_REJECTED'), [{ status: 418, class: 'bug' }]);
    const kept = await asBug.place({ usernames: ['ann'] });
    await untilState(asBug.engine, kept, 'held');
    expect(await asBug.engine.store.evidenceSteps(kept)).toEqual(['customer']);
    const understood = await start(answered('TURNUP_TARGET_UNEXPECTED'), [{ status: 418, class: 'rejected' }]);
    await Promise.all(engines.splice(0, 1).map((engine) => engine.close()));
    const other = await understood.place({ usernames: ['bob'] });
    await untilState(understood.engine, other, 'held');
    expect(await understood.engine.store.evidenceSteps(other)).toEqual([]);
  });

  test('of an undo is kept too', async () => {
    const { engine, world, place } = await start(answered('TURNUP_TARGET_UNEXPECTED'));
    world.trouble = ({ thing, at, verb }) => {
      if (verb === 'write' && thing.startsWith('subscriber') && at === 'before')
        throw new TurnupError('TURNUP_TARGET_REJECTED');
      if (thing.startsWith('customer') && at === 'before' && verb === 'write' && world.things.size > 0)
        throw answered('TURNUP_TARGET_UNEXPECTED');
    };
    const id = await place({ usernames: ['ann'], onFailure: 'undo' });
    const order = await untilState(engine, id, 'held');
    expect(order).toMatchObject({ direction: 'undo', error: { step: 'customer', class: 'bug' } });
    expect(await engine.store.evidence(id, 'operator:olga')).toMatchObject([{ step: 'customer' }]);
  });
});
