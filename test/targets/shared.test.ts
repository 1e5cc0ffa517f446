import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Redis } from 'ioredis';
import { createKeys } from '../../src/redis/keys.ts';
import { coalesced } from '../../src/targets/coalesced.ts';
import { createSharedWork } from '../../src/targets/shared.ts';
import { takeTurn } from '../../src/targets/turns.ts';
import { useRedis, waitFor } from '../setup/redis.ts';

const server = useRedis();
const keys = createKeys();
const { signal } = new AbortController();
let ours: Redis;
let theirs: Redis;

beforeAll(() => {
  ours = server.client();
  theirs = server.client();
});

/** Work that goes on until it is told to end; `begun` says how often it was begun. */
function work() {
  const runs: PromiseWithResolvers<void>[] = [];
  return {
    runs,
    async run(): Promise<void> {
      const end = Promise.withResolvers<void>();
      runs.push(end);
      await end.promise;
    },
    begun: (times: number) => waitFor(async () => runs.length >= times, { what: `begun ${times} times` }),
  };
}

const stepOf = (order: string, more: { run?: number; step?: string } = {}) => ({ order, run: 1, step: 'a', ...more });

describe('coalesced work', () => {
  const reload = (redis: Redis, run: () => Promise<void>, order = 'o1') =>
    createSharedWork(redis, keys, 'vienna')(stepOf(order), signal).coalesced('reload', run);

  test('runs for one that asks alone, and again when it asks again', async () => {
    let runs = 0;
    const run = async () => void (runs += 1);
    await reload(ours, run);
    await reload(ours, run);
    expect(runs).toBe(2);
  });

  test('I3 serves all that asked before it began, over all workers, and none that asked later', async () => {
    const shared = work();
    const first = reload(ours, shared.run);
    await shared.begun(1);
    const settled: number[] = [];
    const late = Array.from({ length: 20 }, async (_, at) => {
      await reload(at % 2 ? ours : theirs, shared.run);
      settled.push(at);
    });
    // All of them have drawn their ticket by now, and the run that is under way began before that.
    await waitFor(async () => (await ours.hget(keys.coalesced('vienna', 'reload'), 'tickets')) !== null, { what: '' });
    await waitFor(
      async () => {
        const [tickets, covers] = await ours.hmget(keys.coalesced('vienna', 'reload'), 'tickets', 'covers');
        return Number(tickets) - Number(covers) === 20;
      },
      { what: '20 more tickets' },
    );
    shared.runs[0]!.resolve();
    await first;
    await shared.begun(2);
    expect(settled).toEqual([]);
    shared.runs[1]!.resolve();
    await Promise.all(late);
    expect(settled).toHaveLength(20);
    expect(shared.runs).toHaveLength(2);
  });

  test('one name has nothing to do with another, nor one target with another', async () => {
    const shared = work();
    const target = (name: string) => createSharedWork(ours, keys, name)(stepOf('o1'), signal);
    const all = [
      target('vienna').coalesced('a', shared.run),
      target('vienna').coalesced('b', shared.run),
      target('graz').coalesced('a', shared.run),
    ];
    await shared.begun(3);
    for (const run of shared.runs) run.resolve();
    await Promise.all(all);
    expect(shared.runs).toHaveLength(3);
  });

  test('a failure is that of the step whose run it was; the others have theirs', async () => {
    const shared = work();
    const first = reload(ours, shared.run).catch((error: Error) => error.message);
    await shared.begun(1);
    const second = reload(theirs, shared.run);
    await waitFor(async () => Number(await ours.hget(keys.coalesced('vienna', 'reload'), 'covers')) > 0, { what: '' });
    shared.runs[0]!.reject(new Error('refused'));
    expect(await first).toBe('refused');
    await shared.begun(2);
    shared.runs[1]!.resolve();
    await second;
  });

  test('I2 a run whose process died holds nobody up for long', async () => {
    const key = keys.coalesced('vienna', 'dead');
    const gone = work();
    // A process that shows no sign of life: its connection is cut while it works.
    const dead = server.client();
    void coalesced({ redis: dead, key, signal, believedMs: 300 }, gone.run).catch(() => undefined);
    await gone.begun(1);
    dead.disconnect();
    let runs = 0;
    await coalesced({ redis: ours, key, signal, believedMs: 300 }, async () => void (runs += 1));
    expect(runs).toBe(1);
    gone.runs[0]!.resolve();
  });

  test('a long run stays believed while its process lives', async () => {
    const key = keys.coalesced('vienna', 'long');
    const shared = work();
    const options = { key, signal, believedMs: 150 };
    const first = coalesced({ redis: ours, ...options }, shared.run);
    await shared.begun(1);
    const second = coalesced({ redis: theirs, ...options }, shared.run);
    await sleep(600);
    expect(shared.runs).toHaveLength(1);
    shared.runs[0]!.resolve();
    await first;
    await shared.begun(2);
    shared.runs[1]!.resolve();
    await second;
  });

  test('who is stopped waits no longer', async () => {
    const shared = work();
    const first = reload(ours, shared.run);
    await shared.begun(1);
    const stop = new AbortController();
    const waiting = createSharedWork(theirs, keys, 'vienna')(stepOf('o2'), stop.signal).coalesced('reload', shared.run);
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    shared.runs[0]!.resolve();
    await first;
  });
});

describe('turns', () => {
  const at = (redis: Redis, step: ReturnType<typeof stepOf>) => createSharedWork(redis, keys, 'vienna')(step, signal);

  test('are had by one step at a time, which keeps its own over its attempts', async () => {
    const mine = at(ours, stepOf('o1'));
    const number = await mine.takeTurn('credit 1');
    expect(number).toEqual(expect.any(Number));
    expect(await at(theirs, stepOf('o2')).takeTurn('credit 1')).toBeNull();
    expect(await at(theirs, stepOf('o1', { step: 'b' })).takeTurn('credit 1')).toBeNull();
    expect(await at(theirs, stepOf('o1', { run: 2 })).takeTurn('credit 1')).toBeNull();
    expect(await at(theirs, stepOf('o2')).takeTurn('credit 2')).not.toBeNull();
    expect(await at(theirs, stepOf('o1')).takeTurn('credit 1')).toBe(number);
  });

  test('go to the next one when they are ended, with a higher number', async () => {
    const [mine, other] = [at(ours, stepOf('o1')), at(theirs, stepOf('o2'))];
    const first = await mine.takeTurn('t');
    await other.endTurn('t');
    expect(await other.takeTurn('t')).toBeNull();
    await mine.endTurn('t');
    const second = await other.takeTurn('t');
    expect(second).toBeGreaterThan(first!);
    await other.endTurn('t');
    expect(await mine.takeTurn('t')).toBeGreaterThan(second!);
  });

  test('I3 one that ran out tells whether somebody had one in between', async () => {
    const key = keys.turn('vienna', 'out');
    const first = await takeTurn(ours, key, 'a', 50);
    await sleep(80);
    expect(await takeTurn(ours, key, 'a', 50)).toBe(first);
    await sleep(80);
    const second = await takeTurn(theirs, key, 'b', 50);
    expect(second).toBeGreaterThan(first!);
    expect(await takeTurn(ours, key, 'a', 50)).toBeNull();
    await sleep(80);
    expect(await takeTurn(ours, key, 'a', 50)).toBeGreaterThan(second!);
  });

  test('I3 no number comes twice, also when the last one was forgotten', async () => {
    const key = keys.turn('vienna', 'gone');
    let last = 0;
    for (const owner of ['a', 'b', 'a']) {
      last = (await takeTurn(ours, key, owner, 1))!;
      await sleep(5);
    }
    await ours.del(key);
    expect(await takeTurn(theirs, key, 'b', 1)).toBeGreaterThan(last);
  });

  test('leave nothing behind for ever', async () => {
    await at(ours, stepOf('o1')).takeTurn('t');
    await at(ours, stepOf('o1')).coalesced('c', async () => {});
    expect(await ours.pttl(keys.turn('vienna', 't'))).toBeGreaterThan(600_000);
    expect(await ours.pttl(keys.coalesced('vienna', 'c'))).toBeGreaterThan(0);
  });
});
