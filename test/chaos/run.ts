import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditObjects } from './audit/objects.ts';
import { auditOrders } from './audit/orders.ts';
import { auditRest } from './audit/redis.ts';
import { auditSecrets, createSecretFinder } from './audit/secrets.ts';
import { auditTurns } from './audit/serial.ts';
import { excerpt, type Evidence } from './audit/evidence.ts';
import { createCrm, type Crm, type EntrySeen } from './crm.ts';
import { createDriver } from './driver.ts';
import { makeLeftovers } from './leftovers.ts';
import { createNemesis } from './nemesis.ts';
import { planOrders } from './orders.ts';
import { createRandom } from './random.ts';
import { createReport } from './report.ts';
import { CLIENT_TOKEN, createWorld, KEY, OPERATOR_TOKEN, type World } from './world.ts';

export interface ChaosOptions {
  seed: number;
  orders: number;
  /** Mean time between two orders, in ms. */
  paceMs: number;
  /** Nothing goes wrong. */
  calm: boolean;
  /** Holds logs, configuration and the files of Redis. */
  dir: string;
}

/** The nemesis goes on that long after the last order came. */
const AFTER_MS = 5_000;
/** Everything must be at rest that long after the last fault, and a little longer for many orders. */
const REST_MS = 90_000;
const REST_PER_ORDER_MS = 200;

/** One run. Prints JSON lines, the summary last; gives the number of violations. */
export async function runChaos({ seed, orders: count, paceMs, dir, calm }: ChaosOptions): Promise<number> {
  const report = createReport();
  const random = createRandom(seed);
  report.say({ event: 'start', seed, orders: count });
  const world = await createWorld(dir);
  try {
    const leftovers = await makeLeftovers(world.hand, { strangers: 8, regulars: 6 });
    const before = await world.hand.state();
    const plan = planOrders(random.fork('orders'), count, leftovers);
    const crm = createCrm(world.apiUrl);
    const driver = createDriver({ crm, hand: world.hand, report, random: random.fork('driver') });
    const nemesis = createNemesis(world, random.fork('nemesis'), report);

    let loaded = false;
    const retries = driver.retryNowAndThen(() => loaded);
    const havoc = calm ? Promise.resolve() : nemesis.run(Math.ceil(count / 200));
    const progress = setInterval(
      () => report.say(progressOf(driver.ledger.entries.length, nemesis.deeds.length)),
      10_000,
    );
    await driver.load(plan.orders, count * paceMs);
    loaded = true;
    await sleep(AFTER_MS);
    nemesis.stop();
    await havoc;
    await retries;
    report.say({ event: 'calm', at: new Date().toISOString() });
    const moving = await driver.settle(REST_MS + count * REST_PER_ORDER_MS);
    clearInterval(progress);
    report.say({ event: 'rest', at: new Date().toISOString(), moving: moving.length });

    const evidence = await collect(world, crm, {
      entries: driver.ledger.entries,
      before,
      leftovers,
      deeds: nemesis.deeds,
    });
    const { journals, credentials: _credentials, ...rest } = evidence;
    writeFileSync(join(dir, 'evidence.json'), JSON.stringify({ ...rest, journals: Object.fromEntries(journals) }));
    for (const order of moving) {
      report.violate(
        'I2 nothing is stuck',
        `${order.externalId} is still ${order.state}`,
        excerpt(evidence.journals.get(order.id)),
      );
    }
    for (const node of [world.api, ...world.workers, world.simulator]) {
      for (const collapse of node.collapses) report.violate('no process ends by itself', collapse);
    }
    auditOrders(evidence, report.violate);
    auditObjects(evidence, report.violate);
    auditTurns(evidence, report.violate);
    const redis = world.redis.client();
    await auditRest(redis, evidence.orders, report.violate);
    const find = createSecretFinder([...plan.secrets, ...sentSecrets(evidence), CLIENT_TOKEN, OPERATOR_TOKEN, KEY]);
    const { redisDir, logFiles } = { redisDir: join(dir, 'redis'), logFiles: world.logFiles };
    const searched = await auditSecrets({ redis, redisDir, logFiles, answers: crm.answers, find }, report.violate);

    const repairs = [...evidence.journals.values()].flat().filter(({ type }) => type === 'repaired');
    if (calm && repairs.length > 0) report.violate('I2 a healthy system repairs nothing', `${repairs.length} repairs`);
    report.say({ event: 'states', ...tally(evidence.orders.map(({ state }) => state)) });
    report.say({
      event: 'deeds',
      ...tally(nemesis.deeds.map(({ what, kind, who }) => (kind === 'kill' ? `kill ${who}` : what))),
    });
    report.say({
      event: 'repairs',
      ...tally(
        repairs.map(({ detail }) => String(detail['what']).replace(/the job of \S+ had/, 'the job of a step had')),
      ),
    });
    report.say({ event: 'searched', ...searched, calls: evidence.tapped.length });
    for (const violation of report.violations) report.say({ event: 'violation', ...violation });
    report.say({
      seed,
      orders: evidence.orders.length,
      faults: nemesis.deeds.filter(({ kind }) => kind === 'fault').length,
      kills: nemesis.deeds.filter(({ kind }) => kind === 'kill').length,
      repairs: repairs.length,
      violations: report.violations.length,
    });
    return report.violations.length;
  } finally {
    await world.close();
  }
}

const progressOf = (placed: number, deeds: number): object => ({ event: 'progress', placed, deeds });

async function collect(
  world: World,
  crm: Crm,
  known: Pick<Evidence, 'entries' | 'before' | 'leftovers' | 'deeds'>,
): Promise<Evidence> {
  const orders = (await crm.orders()).toReversed();
  const journals = new Map<string, EntrySeen[]>();
  const credentials = new Map<string, Record<string, string> | null>();
  for (const { id } of orders) {
    journals.set(id, await crm.journal(id));
    credentials.set(id, await crm.credentials(id));
  }
  return { ...known, orders, journals, credentials, after: await world.hand.state(), tapped: world.tapped };
}

/** Passwords that were made up are known from what was sent to the platform. */
function sentSecrets({ tapped }: Evidence): string[] {
  return tapped.flatMap(({ path, body }) => {
    if (!path.startsWith('/api/subscribers/')) return [];
    const { password, webpassword } = (body ?? {}) as Record<string, unknown>;
    return [password, webpassword].filter((secret) => typeof secret === 'string');
  });
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words.toSorted()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
