import {
  parseFaultPlan,
  isSimulatorName,
  ProfileUnreadable,
  SIMULATORS,
  startSimulator,
} from '../../simulators/index.ts';
import { parsePort } from '../parse-port.ts';
import { readJsonText } from '../read-json.ts';
import { EXIT_OK, usage } from '../report.ts';
import { createStopSignal } from '../stop-signal.ts';

export interface SimulateOptions {
  platform: string;
  port: string;
  tls?: boolean;
  /** A fault plan's file. */
  faults?: string;
  /** A wire profile's file. */
  profile?: string;
}

async function readFaults(file: string) {
  try {
    return parseFaultPlan(JSON.parse(await readJsonText(file)));
  } catch (error) {
    throw usage(`${file} is not a fault plan: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export async function run({ platform, port, tls, faults, profile }: SimulateOptions): Promise<number> {
  if (!isSimulatorName(platform))
    throw usage(`there is no stand-in for "${platform}", only for ${SIMULATORS.join(', ')}`);
  const stop = createStopSignal();
  const plan = faults === undefined ? null : await readFaults(faults);
  const text = profile === undefined ? null : await readJsonText(profile);
  if (text !== null && platform !== 'webportal') throw usage('--profile is for the stand-in of webportal only');
  const simulator = await startSimulator({
    platform,
    port: parsePort(port),
    tls: tls ?? false,
    ...(plan && { faults: plan }),
    ...(text !== null && { webportal: { profile: text } }),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof ProfileUnreadable) throw usage(`${profile} is no wire profile: ${error.message}`);
    throw error.code === undefined ? error : usage(`cannot listen on port ${port} (${error.code})`);
  });
  process.stdout.write(`${platform} stand-in at ${simulator.url}\n`);
  process.stdout.write(`what it holds: ${simulator.url}/__state   calls: ${simulator.url}/__calls\n`);
  if (simulator.certificate) process.stdout.write(simulator.certificate);
  await stop.requested;
  await simulator.close();
  return EXIT_OK;
}
