import type { Entry, EntrySeen } from './seen.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditLives } from './audit/lives.ts';
import { auditOrders } from './audit/orders.ts';
import { auditRest } from './audit/redis.ts';
import { auditSecrets, createSecretFinder } from './audit/secrets.ts';
import { auditTurns } from './audit/serial.ts';
import { evidenceOf, excerpt, isOfLife, type Evidence } from './audit/evidence.ts';
import { createCrm, type Crm } from './crm.ts';
import { createDriver } from './driver.ts';
import { createLives } from './lives/draw.ts';
import { createNemesis } from './nemesis.ts';
import { planOrders, type Planners } from './orders.ts';
import type { Bench, ChaosPlatform } from './platforms/platform.ts';
import { createRandom, type Random } from './random.ts';
import { createReport, type Report } from './report.ts';
import { CLIENT_TOKEN, createWorld, KEY, OPERATOR_TOKEN, type World } from './world.ts';

export interface ChaosOptions {
  seed: number;
  orders: number;
  /** Each is a target of its own. */
  platforms: readonly ChaosPlatform[];
  /** Mean time between two orders, in ms. */
  paceMs: number;
  /** Probability that an order is one of a life. */
  lives: number;
  /** Nothing goes wrong. */
  calm: boolean;
  /** Holds logs, configuration and the files of Redis. */
  dir: string;
}

/** The nemesis goes on that long after the last order came. */
const AFTER_MS = 5_000;
/**
 * Everything must be at rest that long after the last fault, and a little longer for many orders: an undo that met with
 * trouble time and again waits for minutes before its next attempt.
 */
const REST_MS = 180_000;
const LOOKED_AGAIN_MS = 60_000;
const REST_PER_ORDER_MS = 200;

/** One run. Prints JSON lines, the summary last; gives the number of violations. */
export async function runChaos(options: ChaosOptions): Promise<number> {
  const { seed, orders: count, paceMs, dir, lives, calm } = options;
  const report = createReport();
  const random = createRandom(seed);
  const platforms = options.platforms.map((one) => one.drawn?.(random.fork(`variant of ${one.name}`)) ?? one);
  const variants = platforms.flatMap(({ name, variant }) => (variant === undefined ? [] : [[name, variant]]));
  const targets = platforms.map(({ name }) => name);
  report.say({
    event: 'start',
    seed,
    orders: count,
    targets,
    ...(variants.length > 0 && { variants: Object.fromEntries(variants) as object }),
  });
  const world = await createWorld(dir, platforms);
  try {
    const benches = new Map(world.sites.map(({ platform, bench }) => [platform.name, bench]));
    for (const bench of benches.values()) await bench.prepare();
    const planners = new Map([...benches].map(([target, bench]) => [target, plannersOf(bench)]));
    const plan = planOrders(random.fork('orders'), { count, lives, planners });
    const crm = createCrm(world.apiUrl);
    const driver = createDriver({ crm, benches, report, random: random.fork('driver') });
    const nemesis = createNemesis(world, random.fork('nemesis'), report);

    let loaded = false;
    const retries = driver.retryNowAndThen(() => loaded);
    const others = disturb([...benches.values()], random.fork('others'), () => loaded);
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
    await others;
    report.say({ event: 'calm', at: new Date().toISOString() });
    const moving = await driver.settle(REST_MS + count * REST_PER_ORDER_MS);
    await lookedAgain(world);
    clearInterval(progress);
    report.say({ event: 'rest', at: new Date().toISOString(), moving: moving.length });

    for (const bench of benches.values()) await bench.finish();
    const evidence = await collect(world, crm, { entries: driver.ledger.entries, deeds: nemesis.deeds });
    keep(dir, evidence, benches);
    for (const order of moving) {
      report.violate(
        'I2 nothing is stuck',
        `${order.externalId} is still ${order.state}`,
        excerpt(evidence.journals.get(order.id)),
      );
    }
    for (const node of [world.api, ...world.workers, ...world.sites.map(({ simulator }) => simulator)]) {
      for (const collapse of node.collapses) report.violate('no process ends by itself', collapse);
    }
    auditOrders(evidence, benches, report.violate);
    for (const [target, bench] of benches) {
      const own = evidenceOf(evidence, target);
      bench.audit({ ...own, entries: own.entries.filter((entry) => !isOfLife({ entry })) }, report.violate);
      auditLives(own, bench.lives.words, bench.lives.seen(), report.violate);
    }
    auditTurns(evidence, benches, report.violate);
    const redis = world.redis.client();
    await auditRest(redis, evidence.orders, report.violate);
    const sent = [...benches].flatMap(([name, bench]) => bench.sentSecrets(evidenceOf(evidence, name).tapped));
    const find = createSecretFinder([...plan.secrets, ...sent, CLIENT_TOKEN, OPERATOR_TOKEN, KEY]);
    const { redisDir, logFiles } = { redisDir: join(dir, 'redis'), logFiles: world.logFiles };
    const searched = await auditSecrets({ redis, redisDir, logFiles, answers: crm.answers, find }, report.violate);

    const repairs = [...evidence.journals.values()].flat().filter(({ type }) => type === 'repaired');
    if (calm && repairs.length > 0) report.violate('I2 a healthy system repairs nothing', `${repairs.length} repairs`);
    for (const { name } of platforms) sayStates(report, name, evidenceOf(evidence, name));
    sayActions(report, evidence);
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

const plannersOf = ({ plan, lives }: Bench): Planners => ({
  draft: plan,
  lives(random, secrets) {
    const draft = createLives(random, secrets, lives.palette(random.fork('palette'), secrets));
    // Which of them it may be depends on the orders before.
    const flaws = Object.values(lives.words.codes).flatMap((codes) => codes.map((code) => ({ code })));
    return () => ({ ...draft(), flaws });
  },
});

/** Where an attempt was taken over somebody looks once more a little later: that belongs to the run. */
async function lookedAgain({ redis }: World): Promise<void> {
  const until = Date.now() + LOOKED_AGAIN_MS;
  while (Date.now() < until && (await redis.client().zcard('{turnup}:t:leftovers')) > 0) await sleep(500);
}

const progressOf = (placed: number, deeds: number): object => ({ event: 'progress', placed, deeds });

/** The platforms have other users than the orders. */
async function disturb(benches: readonly Bench[], random: Random, until: () => boolean): Promise<void> {
  while (!until()) {
    await sleep(random.int(100, 600));
    for (const bench of benches) await bench.disturb?.(random);
  }
}

async function collect(world: World, crm: Crm, known: Pick<Evidence, 'entries' | 'deeds'>): Promise<Evidence> {
  const orders = (await crm.orders()).toReversed();
  const journals = new Map<string, EntrySeen[]>();
  const credentials = new Map<string, Record<string, string> | null>();
  for (const { id } of orders) {
    journals.set(id, await crm.journal(id));
    credentials.set(id, await crm.credentials(id));
  }
  const entries = known.entries.map((entry) => judged(entry, journals.get(entry.id ?? '') ?? []));
  return { ...known, entries, orders, journals, credentials, tapped: world.tapped };
}

/** An order is judged by what it was amended to, if that came to be. */
function judged(entry: Entry, journal: readonly EntrySeen[]): Entry {
  if (!entry.amended || !journal.some(({ type }) => type === 'amended')) return entry;
  // An order of a life may still fail for what others did.
  const flaws = isOfLife({ entry }) ? entry.planned.flaws : [];
  return { ...entry, body: entry.amended, planned: { ...entry.planned, flaws, doomed: false } };
}

/** For whoever looks into a violation. */
function keep(dir: string, evidence: Evidence, benches: ReadonlyMap<string, { seen(): object }>): void {
  const { journals, credentials: _credentials, ...rest } = evidence;
  const platforms = Object.fromEntries([...benches].map(([name, bench]) => [name, bench.seen()]));
  const all = { ...rest, journals: Object.fromEntries(journals), platforms };
  writeFileSync(join(dir, 'evidence.json'), JSON.stringify(all));
}

function sayStates(report: Report, target: string, { orders }: Evidence): void {
  report.say({ event: 'states', target, ...tally(orders.map(({ state }) => state)) });
  const reasons = orders.flatMap(({ state, error }) => (state === 'held' && error ? [error.code] : []));
  if (reasons.length > 0) report.say({ event: 'held', target, ...tally(reasons) });
}

/** What became of the orders of lives. */
function sayActions(report: Report, { entries, orders, journals }: Evidence): void {
  const states = new Map(orders.map(({ id, state }) => [id, state]));
  const lives = entries.filter((entry) => isOfLife({ entry }));
  const actions = lives.map(({ id, body }) => `${body.action ?? 'provision'} ${states.get(id ?? '') ?? 'refused'}`);
  report.say({ event: 'lives', ...tally(actions) });
  const amended = [...journals].filter(([, journal]) => journal.some(({ type }) => type === 'amended'));
  report.say({ event: 'amended', ...tally(amended.map(([id]) => states.get(id) ?? '')) });
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words.toSorted()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
