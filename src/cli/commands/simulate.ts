import { parseFaultPlan, isSimulatorName, SIMULATORS, startSimulator } from '../../simulators/index.ts';
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
}

async function readFaults(file: string) {
  try {
    return parseFaultPlan(JSON.parse(await readJsonText(file)));
  } catch (error) {
    throw usage(`${file} is not a fault plan: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export async function run({ platform, port, tls, faults }: SimulateOptions): Promise<number> {
  if (!isSimulatorName(platform))
    throw usage(`there is no stand-in for "${platform}", only for ${SIMULATORS.join(', ')}`);
  const stop = createStopSignal();
  const plan = faults === undefined ? null : await readFaults(faults);
  const simulator = await startSimulator({
    platform,
    port: parsePort(port),
    tls: tls ?? false,
    ...(plan && { faults: plan }),
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === undefined ? error : usage(`cannot listen on port ${port} (${error.code})`);
  });
  process.stdout.write(`${platform} stand-in at ${simulator.url}\n`);
  process.stdout.write(`what it holds: ${simulator.url}/__state   calls: ${simulator.url}/__calls\n`);
  if (simulator.certificate) process.stdout.write(simulator.certificate);
  await stop.requested;
  await simulator.close();
  return EXIT_OK;
}
