import { runSimulator, type Simulator, type SimulatorOptions } from './harness/simulator.ts';
import type { SimulatedPlatformFactory } from './harness/platform.ts';
import { createNgnpro } from './ngnpro/index.ts';
import type { NgnproOptions } from './ngnpro/options.ts';
import { createSippulse } from './sippulse/index.ts';
import type { SippulseOptions } from './sippulse/options.ts';
import { createSipwise } from './sipwise/index.ts';
import { createWebportal, type WebportalOptions } from './webportal/index.ts';

export { FaultPlanError, parseFaultPlan, type FaultPlan } from './harness/fault-plan.ts';
export type { Simulator, SimulatorOptions } from './harness/simulator.ts';
export type { NgnproOptions } from './ngnpro/options.ts';
export {
  portalProfile,
  PORTAL_PROFILES,
  ProfileUnreadable,
  type PortalProfileName,
  type WebportalOptions,
} from './webportal/index.ts';
export { startSftp, type SftpSource } from './sftp/index.ts';
export { ABSENT_ON_LIVE_SERVERS, type SippulseOptions } from './sippulse/options.ts';

export interface PlatformOptions {
  /** Each of the stand-in of its name only. */
  readonly ngnpro?: NgnproOptions;
  readonly sippulse?: SippulseOptions;
  readonly webportal?: WebportalOptions;
}

const FACTORIES = {
  ngnpro:
    ({ ngnpro }) =>
    () =>
      createNgnpro(ngnpro),
  sippulse:
    ({ sippulse }) =>
    () =>
      createSippulse(sippulse),
  sipwise: () => createSipwise,
  webportal:
    ({ webportal }) =>
    (secret) =>
      createWebportal(secret, webportal),
} satisfies Record<string, (options: PlatformOptions) => SimulatedPlatformFactory>;

export type SimulatorName = keyof typeof FACTORIES;

/** The platforms there is a stand-in for. */
export const SIMULATORS = Object.keys(FACTORIES) as readonly SimulatorName[];

export function isSimulatorName(name: string): name is SimulatorName {
  return Object.hasOwn(FACTORIES, name);
}

export type StartOptions = SimulatorOptions & PlatformOptions & { readonly platform: SimulatorName };

/**
 * Starts the stand-in of a platform on loopback, with fresh data of its own.
 * @throws FaultPlanError when `faults` is not valid; the error of `listen` when the port is taken.
 */
export function startSimulator({ platform, ...options }: StartOptions): Promise<Simulator> {
  return runSimulator(FACTORIES[platform](options), options);
}
