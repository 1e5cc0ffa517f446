import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../../src/simulators/index.ts';
import { play, SCENARIOS, setStage } from '../golden-player.ts';

const LOGIN = ['administrator', 'administrator'] as const;

function withSimulator(options: { readonly tls?: boolean } = {}): { readonly url: () => string } {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({ platform: 'sipwise', ...options });
  });
  afterAll(() => simulator.close());
  return { url: () => simulator.url };
}

describe('recorded exchanges, each on fresh data', () => {
  it('finds all of them', () => {
    expect(SCENARIOS).toHaveLength(28);
    expect(SCENARIOS.flatMap((scenario) => scenario.steps)).toHaveLength(318);
  });

  it.each(SCENARIOS)('$name: $why', async (scenario) => {
    const simulator = await startSimulator({ platform: 'sipwise' });
    try {
      expect(await play(scenario, await setStage(simulator.url, ...LOGIN))).toEqual([]);
    } finally {
      await simulator.close();
    }
  });
});

describe('recorded exchanges, all on one server', () => {
  const plain = withSimulator();
  const withToken = withSimulator();
  const withTls = withSimulator({ tls: true });

  async function playAll(base: string, token: boolean, scenarios = SCENARIOS): Promise<string[]> {
    const stage = await setStage(base, ...LOGIN, token);
    const differences: string[] = [];
    for (const scenario of scenarios) {
      for (const one of await play(scenario, stage)) differences.push(`${scenario.name} ${one}`);
    }
    return differences;
  }

  it('in their order, with basic login', async () => {
    expect(await playAll(plain.url(), false)).toEqual([]);
  });

  it('backwards, with a token', async () => {
    expect(await playAll(withToken.url(), true, SCENARIOS.toReversed())).toEqual([]);
  });

  it('over TLS', async () => {
    expect(await playAll(withTls.url(), true)).toEqual([]);
  });
});
