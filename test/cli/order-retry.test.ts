import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseFaultPlan } from '../../src/simulators/index.ts';
import { TOKENS } from '../api/harness.ts';
import { startLab, type Lab } from '../api/lab.ts';
import { useRedis } from '../setup/redis.ts';
import { turnup, type Ended } from './support.ts';

/* Bulk retries against a running API, workers and the stand-in of a platform. */

const redis = useRedis({ flush: 'never' });
let lab: Lab;
/** A customer name of its own keeps the orders of one test apart from those of the others. */
let customer = '';
let tests = 0;

beforeAll(async () => {
  lab = await startLab(redis);
});
beforeEach(() => {
  lab.simulator.setFaults({ rules: [] });
  tests += 1;
  customer = `LR-${tests}`;
});
afterAll(() => lab?.close());

const retry = (...args: string[]): Promise<Ended> =>
  turnup(['order', 'retry', ...args, '--url', lab.api.url], { env: { TURNUP_TOKEN: TOKENS.olga } });

const lines = ({ stdout }: Ended) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Orders of the customer, all held: each but the last was released so that the next could come. */
async function holdSome(usernames: readonly string[]): Promise<string[]> {
  lab.simulator.setFaults(
    parseFaultPlan({
      rules: [{ match: { method: 'POST', path: '/api/subscribers/*' }, fault: 'status', status: 422 }],
    }),
  );
  const ids: string[] = [];
  for (const username of usernames) {
    const contact = { firstName: 'Ann', email: `${username}@example.com` };
    const order = lab.order({ customer: { externalId: `${customer}-${username}`, contact } }, { username });
    ids.push(await lab.place(order));
    await lab.until(ids.at(-1)!, 'held');
  }
  lab.simulator.setFaults({ rules: [] });
  return ids;
}

const of = (username: string) => ['--customer', `${customer}-${username}`];

describe('turnup order retry, of many', () => {
  test('tells what became of each after its steps have run, and exits 0 when all are fixed', async () => {
    const ids = await holdSome(['a1', 'b1', 'c1']);
    const ended = await retry('--state', 'held', '--target', 'lab', '--rate', '50', '--json');
    expect(ended.code).toBe(0);
    const told = lines(ended);
    expect(told.at(-1)).toEqual({ orders: 3, fixed: 3 });
    expect(
      told
        .slice(0, -1)
        .map(({ order }) => String(order))
        .toSorted(),
    ).toEqual(ids.toSorted());
    for (const id of ids) {
      expect((await lab.read(id)).state).toBe('completed');
      expect((await lab.journal(id)).filter(({ type }) => type === 'retried')).toMatchObject([{ by: 'operator:olga' }]);
    }
  });

  test('accepted is not fixed: exit code 1 and the reason when one is held again', async () => {
    const [id] = await holdSome(['a2']);
    lab.simulator.setFaults(
      parseFaultPlan({
        rules: [{ match: { method: 'POST', path: '/api/subscribers/*' }, fault: 'status', status: 422 }],
      }),
    );
    const ended = await retry(...of('a2'));
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain(`held again`);
    expect(ended.stdout).toContain(id);
    expect(ended.stdout).toContain('TURNUP_TARGET_REJECTED');
    expect(ended.stdout).toContain('1 held again');
  });

  test('stops after so many failures and leaves the others as they are', async () => {
    const ids = await holdSome(['a3', 'b3', 'c3', 'd3']);
    lab.simulator.setFaults(
      parseFaultPlan({
        rules: [{ match: { method: 'POST', path: '/api/subscribers/*' }, fault: 'status', status: 422 }],
      }),
    );
    const ended = await retry(
      '--code',
      'TURNUP_TARGET_REJECTED',
      '--max-failures',
      '2',
      '--rate',
      '100',
      '--limit',
      '4',
      '--json',
    );
    expect(ended.code).toBe(1);
    const told = lines(ended);
    expect(told.at(-1)).toEqual({ orders: 4, heldAgain: 2, notTried: 2 });
    const retried = [];
    for (const id of ids) retried.push((await lab.journal(id)).filter(({ type }) => type === 'retried').length);
    // Oldest first.
    expect(retried).toEqual([1, 1, 0, 0]);
  });

  test('--dry-run says which and touches none; --code and --limit choose', async () => {
    const [id] = await holdSome(['a4', 'b4']);
    const ended = await retry(...of('a4'), '--dry-run');
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain(`${id}  `);
    expect(ended.stdout).toContain('TURNUP_TARGET_REJECTED at s1.subscriber');
    expect(ended.stdout).toContain('1 would be retried');
    expect((await lab.read(id!)).state).toBe('held');
    const none = await retry(...of('a4'), '--code', 'TURNUP_QUOTA_EXCEEDED', '--dry-run');
    expect(none.stdout).toContain('0 would be retried');
    const limited = await retry('--state', 'held', '--limit', '1', '--dry-run', '--json');
    expect(lines(limited)).toHaveLength(1);
    expect(limited.stderr).toContain('More orders match');
    expect(await retry(...of('nobody'))).toMatchObject({ code: 0, stdout: 'no orders match\n' });
  });

  test('an undo that had stopped and is complete now counts as done', async () => {
    const [id] = await holdSome(['a5']);
    const rules = [{ match: { method: 'DELETE', path: '/api/customercontacts/*' }, fault: 'status', status: 422 }];
    lab.simulator.setFaults(parseFaultPlan({ rules }));
    await lab.act(id!, 'undo');
    await lab.until(id!, 'held');
    lab.simulator.setFaults({ rules: [] });
    const ended = await retry(...of('a5'), '--json');
    expect(ended.code).toBe(0);
    expect(lines(ended)).toMatchObject([{ result: 'undone', state: 'failed' }, { undone: 1 }]);
    const again = await retry('--state', 'failed', ...of('a5'), '--json');
    expect(again.code).toBe(0);
    expect(lines(again)).toMatchObject([{ result: 'fixed', state: 'completed' }, { fixed: 1 }]);
  });

  test.each([
    [[], 'which order?'],
    [['some-id', '--state', 'held'], 'not both'],
    [['some-id', '--dry-run'], 'not both'],
    [['--state', 'completed'], 'only held and failed'],
    [['--state', 'held', '--rate', '0'], '--rate'],
    [['--state', 'held', '--limit', '1.5'], '--limit'],
    [['--state', 'held', '--max-failures', 'x'], '--max-failures'],
    [['--state', 'held', '--timeout', '-1'], '--timeout'],
  ])('%j is a wrong command line', async (args, words) => {
    const ended = await retry(...args);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(words);
  });
});
