import { setTimeout as sleep } from 'node:timers/promises';
import { launchChild } from './processes.ts';

/* How the pipeline does on a platform in trouble: calls that fail now and then, and one that is away for a while. */

export interface TroubleBench {
  readonly simulatorUrl: string;
  /** Arguments of a measured process, for a target with this rate of calls or without a limit. */
  argsFor(rate: { max: number; perSeconds: number } | null): string[];
  intake(count: number): Promise<unknown>;
  /** Orders that ended or wait for a person. */
  endedOrders(): Promise<number>;
  heldOrders(): Promise<number>;
  tell(line: string): void;
}

export interface Drained {
  readonly seconds: number;
  /** Of the orders placed. */
  readonly held: number;
}

const POLL_MS = 20;
const WINDOW_MS = 1_000;

async function setFaults(bench: TroubleBench, rules: readonly object[]): Promise<void> {
  const answer = await fetch(`${bench.simulatorUrl}/__faults`, {
    method: 'POST',
    body: JSON.stringify({ seed: 1, rules }),
  });
  if (!answer.ok) throw new Error(`fault plan refused: ${await answer.text()}`);
}

async function untilEnded(bench: TroubleBench, count: number): Promise<void> {
  while ((await bench.endedOrders()) < count) await sleep(POLL_MS);
}

/** Half of the faults refuse the work with 500, half do it and lose the reply. */
export async function drainWithFaults(bench: TroubleBench, share: number, orders: number): Promise<Drained> {
  const half = share / 2;
  const [endedBefore, heldBefore] = [await bench.endedOrders(), await bench.heldOrders()];
  await bench.intake(orders);
  await setFaults(bench, [
    { match: { path: '/api/*' }, fault: 'status', status: 500, probability: half },
    { match: { path: '/api/*' }, fault: 'dropReply', probability: half },
  ]);
  const worker = await launchChild('worker', bench.argsFor(null));
  await worker.go();
  const startedAt = performance.now();
  await untilEnded(bench, endedBefore + orders);
  const seconds = (performance.now() - startedAt) / 1000;
  await worker.stop();
  await setFaults(bench, []);
  const held = (await bench.heldOrders()) - heldBefore;
  bench.tell(`${share * 100} % faults: ${(orders / seconds).toFixed(0)}/s, ${held} held`);
  return { seconds, held };
}

export interface Outage {
  /** From the end of the outage until every order of the backlog had ended, in seconds. */
  readonly drainSeconds: number;
  /** Most calls that reached the platform within any second of that time. */
  readonly peakCalls: number;
  readonly held: number;
}

/** The platform answers 503 to everything for `seconds` while orders come in; workers are there all the time. */
export async function outage(
  bench: TroubleBench,
  options: { seconds: number; backlog: number; callsPerSecond: number },
): Promise<Outage> {
  const { seconds, backlog, callsPerSecond } = options;
  const [endedBefore, heldBefore] = [await bench.endedOrders(), await bench.heldOrders()];
  await setFaults(bench, [{ match: { path: '/*' }, fault: 'status', status: 503 }]);
  const beganAt = performance.now();
  const worker = await launchChild('worker', bench.argsFor({ max: callsPerSecond, perSeconds: 1 }));
  await worker.go();
  await bench.intake(backlog);
  await sleep(Math.max(0, seconds * 1000 - (performance.now() - beganAt)));
  bench.tell(`outage over after ${((performance.now() - beganAt) / 1000).toFixed(0)} s, ${backlog} orders wait`);
  await setFaults(bench, []);
  const [endedAt, startedAt] = [Date.now(), performance.now()];
  await untilEnded(bench, endedBefore + backlog);
  const drainSeconds = (performance.now() - startedAt) / 1000;
  await worker.stop();
  const held = (await bench.heldOrders()) - heldBefore;
  return { drainSeconds, peakCalls: await peakCallsSince(bench, endedAt), held };
}

async function peakCallsSince(bench: TroubleBench, since: number): Promise<number> {
  const calls = (await (await fetch(`${bench.simulatorUrl}/__calls`)).json()) as { at: string }[];
  const times = calls.map(({ at }) => Date.parse(at)).filter((at) => at >= since);
  let peak = 0;
  let first = 0;
  for (const [last, at] of times.entries()) {
    while (times[first]! <= at - WINDOW_MS) first += 1;
    peak = Math.max(peak, last - first + 1);
  }
  return peak;
}
