import { afterEach, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/audits/audit.ts';
import { TERMINAL_STATES } from '../../src/orders/states.ts';
import { startLab, type Lab } from '../api/lab.ts';
import { CHAOS_PLATFORMS } from '../chaos/platforms/index.ts';
import { createRandom } from '../chaos/random.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { audit } from './support.ts';

/* Orders of all kinds, drawn as the chaos suite draws them: whatever they left is as it was told. */

const ORDERS = 60;
const SEED = 20_261_122;

const redis = useRedis();
let lab: Lab;
afterEach(() => lab.close());

describe.each(CHAOS_PLATFORMS)('of $name', (platform) => {
  test('an audit of what orders left finds nothing to be otherwise', { timeout: 120_000 }, async () => {
    lab = await startLab(redis, platform.name as Parameters<typeof startLab>[1], { auditPerSecond: 1_000 });
    const bench = await platform.open(lab.simulator.url);
    await bench.prepare();
    const secrets: string[] = [];
    const keep = (made: string): string => {
      secrets.push(made);
      return made;
    };
    const draft = bench.plan(createRandom(SEED), {
      password: (kind) => keep(`Zq${secrets.length + 10_000_000}-${kind}!x`),
      pin: (digits) => keep(`5550${secrets.length + 10_000_000}`.padEnd(digits, '7')),
    });
    const sound = Array.from({ length: ORDERS }, (_, at) => draft(at)).filter(({ doomed, flaws }) => !doomed && !flaws);
    const ids: string[] = [];
    for (const [at, { never: _never, ...order }] of sound.entries())
      ids.push(await lab.place({ externalId: `W-${at}`, target: 'lab', onFailure: 'hold', ...order }));
    for (const id of ids)
      await waitFor(
        async () => {
          const { state, error } = await lab.read(id);
          if (state === 'held') throw new Error(`order ${id} is held: ${JSON.stringify(error)}`);
          return TERMINAL_STATES.includes(state);
        },
        { what: `order ${id} has ended`, timeoutMs: 60_000 },
      );
    const before = lab.simulator.state();
    const over = await audit(lab);
    expect(over.findings.items.filter((one) => one.state !== 'foreign' && !isOfBefore(one))).toEqual([]);
    expect(over.counts.same).toBeGreaterThan(ORDERS / 2);
    expect(over).toMatchObject({ state: 'completed', orders: 0 });
    expect(lab.simulator.state()).toEqual(before);

    // I8: what the ledger and the audits hold is kept for long.
    const kept = await everythingIn('ledger:*', 'audit*');
    expect(kept).toContain('username');
    expect(secrets.filter((secret) => kept.includes(secret))).toEqual([]);
  });
});

/**
 * What was there before the first order: a subscriber whose calls show another number than the one it has, and a customer
 * that only the mail address of its order told. Orders without one, as an audit asks for its subscribers, do not know it.
 */
const isOfBefore = ({ customer, state, members, why }: Finding): boolean =>
  customer.startsWith('regular-') &&
  (members.join() === 'number' || (state === 'unknown' && /has the user name .* and is not/.test(why ?? '')));

async function everythingIn(...patterns: string[]): Promise<string> {
  const client = redis.client();
  const found: string[] = [];
  for (const pattern of patterns) {
    for (const key of await client.keys(`*:t:${pattern}`)) {
      const type = await client.type(key);
      if (type === 'hash') found.push(JSON.stringify(await client.hgetall(key)));
      else if (type === 'list') found.push(JSON.stringify(await client.lrange(key, 0, -1)));
    }
  }
  return found.join('\n');
}
