import type { Deed } from './seen.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HalfOpen } from './proxy.ts';
import type { FaultRule } from './control.ts';
import type { Match } from './platforms/platform.ts';
import type { Node } from './node.ts';
import type { Random } from './random.ts';
import type { Report } from './report.ts';
import { TIMES, type Link, type Site, type World } from './world.ts';

type Action = () => Promise<void>;

/** Two hands for processes, one for connections, one for each platform, each with draws of its own. */
export function createNemesis(world: World, random: Random, report: Report) {
  const deeds: Deed[] = [];
  const busy = new Set<string>();
  let stopped = false;
  const refusedLogins = new Map<string, number>();

  async function during(kind: Deed['kind'], what: string, who: string, work: () => Promise<unknown>): Promise<void> {
    // Two hands on one thing would undo each other's work.
    if (busy.has(who)) return;
    busy.add(who);
    const deed: Deed = { kind, what, who, from: Date.now(), until: Number.POSITIVE_INFINITY };
    deeds.push(deed);
    await work().finally(() => busy.delete(who));
    deed.until = Date.now();
    report.say({ event: kind, what, who, at: new Date(deed.from).toISOString(), ms: deed.until - deed.from });
  }

  const killed = (node: Node, downMs: number): Promise<void> =>
    during('kill', 'kill -9', node.name, async () => {
      await node.kill();
      await sleep(downMs);
      await node.start();
    });

  const frozen = (node: Node, ms: number): Promise<void> =>
    during('fault', 'freeze', node.name, async () => {
      node.freeze();
      await sleep(ms);
      node.thaw();
    });

  const restarted = (node: Node): Promise<void> =>
    during('fault', 'restart', node.name, async () => {
      if (!(await node.stop())) report.violate('graceful stop', `${node.name} did not end on SIGTERM`);
      await node.start();
    });

  async function redisKilled(downMs: number): Promise<void> {
    await during('kill', 'kill -9', 'redis', async () => {
      await world.redis.kill();
      await sleep(downMs);
      await world.redis.restart();
    });
  }

  async function redisFrozen(ms: number): Promise<void> {
    const { pid } = world.redis;
    if (pid === null) return;
    await during('fault', 'freeze', 'redis', async () => {
      process.kill(pid, 'SIGSTOP');
      await sleep(ms);
      process.kill(pid, 'SIGCONT');
    });
  }

  function processActions(draws: Random): readonly (readonly [number, Action])[] {
    const [first, second] = world.workers as [Node, Node];
    const worker = (): Node => draws.pick(world.workers);
    const simulator = (): Node => draws.pick(world.sites).simulator;
    const beyondLock = (): number => draws.int(TIMES.lock * 1.2, TIMES.lock * 2.5);
    return [
      [5, () => killed(worker(), draws.int(0, 1_500))],
      [
        2,
        async () => {
          await Promise.all([killed(first, draws.int(0, 1_500)), killed(second, draws.int(0, 1_500))]);
        },
      ],
      [3, () => killed(world.api, draws.int(0, 1_500))],
      // What it was told to do wrong it has forgotten afterwards.
      [2, () => killed(simulator(), draws.int(0, 1_500))],
      [3, () => redisKilled(draws.int(0, 2_500))],
      [4, () => frozen(worker(), beyondLock())],
      [1, () => frozen(world.api, draws.int(300, 3_000))],
      [1, () => redisFrozen(draws.int(300, 2_500))],
      [2, () => frozen(simulator(), draws.int(200, TIMES.write * 0.7))],
      [2, () => restarted(worker())],
    ];
  }

  const broken = (link: Link, what: string, breakIt: () => unknown, ms: number): Promise<void> =>
    during('fault', what, link.proxy.name, async () => {
      await breakIt();
      await sleep(ms);
      await link.proxy.heal();
    });

  function networkActions(draws: Random): readonly (readonly [number, Action])[] {
    const link = (): Link => draws.pick(world.links);
    const on = (act: (link: Link) => Promise<void>) => () => act(link());
    const directions: readonly HalfOpen[] = ['toClient', 'toServer', 'both'];
    return [
      [4, on((way) => broken(way, 'cut', way.proxy.cut, 0))],
      [2, on((way) => broken(way, 'refuse', way.proxy.refuse, draws.int(200, 4_000)))],
      [2, on((way) => broken(way, 'slow', () => way.proxy.slow(draws.int(20, 400)), draws.int(500, 4_000)))],
      [
        3,
        on((way) => {
          const direction = draws.pick(directions);
          return broken(way, `half-open ${direction}`, () => way.proxy.halfOpen(direction), draws.int(300, 4_000));
        }),
      ],
    ];
  }

  function rules(draws: Random, fault: Omit<FaultRule, 'match'>, matches: readonly Match[]): FaultRule[] {
    const probability = draws.int(10, 60) / 100;
    return matches.map((match) => ({ match, ...fault, probability }));
  }

  const misbehaving = (draws: Random, site: Site, what: string, plan: readonly FaultRule[], ms: number) =>
    during('fault', what, site.platform.name, async () => {
      await site.control.setFaults(draws.int(1, 1_000_000), plan);
      await sleep(ms);
      await site.control.setFaults(0, []);
    });

  function platformActions(
    draws: Random,
    site: Site,
    mostRefusedLogins: number,
  ): readonly (readonly [number, Action])[] {
    const { all, writes, login } = site.platform.faults;
    const lasting = (): number => draws.int(800, 4_000);
    const act =
      (what: string, fault: () => Omit<FaultRule, 'match'>, matches = all): Action =>
      () =>
        misbehaving(draws, site, what, rules(draws, fault(), matches), lasting());
    const status = (code: number) => act(`status ${code}`, () => ({ fault: 'status', status: code }));
    return [
      [6, act('drop reply', () => ({ fault: 'dropReply' }), writes)],
      [2, act('drop request', () => ({ fault: 'dropRequest' }))],
      [3, status(500)],
      [2, status(503)],
      [2, status(504)],
      [2, status(429)],
      [2, act('stall', () => ({ fault: 'stall', ms: draws.int(200, 4_000) }))],
      [2, act('reset', () => ({ fault: 'reset' }))],
      [2, act('slow', () => ({ fault: 'slow', ms: draws.int(100, TIMES.write * 0.7) }))],
      [
        1,
        async () => {
          // A refused login rests for half a minute in the adapter: a few are enough.
          const before = refusedLogins.get(site.platform.name) ?? 0;
          if (before >= mostRefusedLogins) return;
          refusedLogins.set(site.platform.name, before + 1);
          const refused = { fault: 'status', status: 401 } as const;
          const plan: FaultRule[] = [...login.map((match) => ({ match, ...refused })), ...rules(draws, refused, all)];
          await misbehaving(draws, site, 'status 401', plan, lasting());
        },
      ],
    ];
  }

  async function hand(
    draws: Random,
    actions: readonly (readonly [number, Action])[],
    pauses: readonly [number, number],
  ) {
    while (!stopped) {
      await sleep(draws.int(...pauses));
      if (stopped) return;
      await draws.weigh(actions)();
    }
  }

  return {
    deeds: deeds as readonly Deed[],
    /** Until `stop`; resolves when everything it broke is whole again. */
    async run(mostRefusedLogins: number): Promise<void> {
      const draws = (label: string): Random => random.fork(label);
      const [one, other, network] = [draws('one'), draws('other'), draws('network')];
      await Promise.all([
        hand(one, processActions(one), [300, 3_000]),
        hand(other, processActions(other), [300, 3_000]),
        hand(network, networkActions(network), [200, 1_500]),
        ...world.sites.map((site) => {
          const own = draws(`platform ${site.platform.name}`);
          return hand(own, platformActions(own, site, mostRefusedLogins), [200, 1_500]);
        }),
      ]);
    },
    stop(): void {
      stopped = true;
    },
  };
}
