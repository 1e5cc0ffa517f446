import { runSimulator, type Simulator, type SimulatorOptions } from './harness/simulator.ts';
import type { SimulatedPlatformFactory } from './harness/platform.ts';
import { createSipwise } from './sipwise/index.ts';

export { FaultPlanError, parseFaultPlan, type FaultPlan } from './harness/fault-plan.ts';
export type { Simulator, SimulatorOptions } from './harness/simulator.ts';

const FACTORIES = { sipwise: createSipwise } satisfies Record<string, SimulatedPlatformFactory>;

export type SimulatorName = keyof typeof FACTORIES;

/** The platforms there is a stand-in for. */
export const SIMULATORS = Object.keys(FACTORIES) as readonly SimulatorName[];

export function isSimulatorName(name: string): name is SimulatorName {
  return Object.hasOwn(FACTORIES, name);
}

/**
 * Starts the stand-in of a platform on loopback, with fresh data of its own.
 * @throws FaultPlanError when `faults` is not valid; the error of `listen` when the port is taken.
 */
export function startSimulator(options: SimulatorOptions & { readonly platform: SimulatorName }): Promise<Simulator> {
  const { platform, ...rest } = options;
  return runSimulator(FACTORIES[platform], rest);
}
