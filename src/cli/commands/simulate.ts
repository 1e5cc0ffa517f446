import { stringify } from 'yaml';
import {
  parseFaultPlan,
  isSimulatorName,
  ProfileUnreadable,
  SIMULATORS,
  startSftp,
  startSimulator,
} from '../../simulators/index.ts';
import { cdrConfig, SOURCE } from '../demo/cdr.ts';
import { parsePort } from '../parse-port.ts';
import { readJsonText } from '../read-json.ts';
import { EXIT_OK, usage } from '../report.ts';
import { createStopSignal } from '../stop-signal.ts';

const SFTP = 'sftp';

export interface SimulateOptions {
  /** Or `sftp`. */
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

function cannotListen(port: string, error: NodeJS.ErrnoException): Error {
  return error.code === undefined ? error : usage(`cannot listen on port ${port} (${error.code})`);
}

/** No platform, but a source of files; what one needs to collect from it is printed as a configuration has it. */
async function runSftp(port: string): Promise<number> {
  const stop = createStopSignal();
  const source = await startSftp({ port: parsePort(port) }).catch((error: NodeJS.ErrnoException) => {
    throw cannotListen(port, error);
  });
  const { schedule: _schedule, ...settings } = cdrConfig(source, SOURCE) as Record<string, unknown>;
  const collections = { [SOURCE]: { ...settings, schedule: { every: '1m' } } };
  process.stdout.write(`sftp stand-in at ${source.host}:${source.port}; to collect from it:\n`);
  process.stdout.write(stringify({ collections }));
  await stop.requested;
  await source.close();
  return EXIT_OK;
}

export async function run({ platform, port, tls, faults, profile }: SimulateOptions): Promise<number> {
  if (platform === SFTP) {
    const other = Object.entries({ tls, faults, profile }).find(([, value]) => value !== undefined);
    if (other) throw usage(`--${other[0]} is not for the stand-in of ${SFTP}`);
    return runSftp(port);
  }
  if (!isSimulatorName(platform))
    throw usage(`there is no stand-in for "${platform}", only for ${[...SIMULATORS, SFTP].join(', ')}`);
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
    throw cannotListen(port, error);
  });
  process.stdout.write(`${platform} stand-in at ${simulator.url}\n`);
  process.stdout.write(`what it holds: ${simulator.url}/__state   calls: ${simulator.url}/__calls\n`);
  if (simulator.certificate) process.stdout.write(simulator.certificate);
  await stop.requested;
  await simulator.close();
  return EXIT_OK;
}
