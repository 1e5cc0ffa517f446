import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isSimulatorName, parseFaultPlan, SIMULATORS, startSimulator } from './index.ts';

/*
 * A stand-in as a process of its own, for bench, chaos and the command line:
 *
 *   node main.ts <platform> [--port N] [--host H] [--tls] [--faults FILE] [--data FILE] [--profile FILE]
 *
 * Prints one line of JSON, {"url": …} (with --tls also "certificate", PEM), when it listens; stops on SIGTERM and SIGINT, and when the channel to a parent
 * that forked it closes. Exit code 2 for a wrong command line or fault plan.
 */

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

async function main(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      tls: { type: 'boolean', default: false },
      faults: { type: 'string' },
      data: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const [platform, ...rest] = positionals;
  if (platform === undefined || !isSimulatorName(platform) || rest.length > 0) {
    fail(
      `usage: main.ts <${SIMULATORS.join('|')}> [--port N] [--host H] [--tls] [--faults FILE] [--data FILE] [--profile FILE]`,
    );
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`not a port: ${values.port}`);
  const faults =
    values.faults === undefined ? undefined : parseFaultPlan(JSON.parse(readFileSync(values.faults, 'utf8')));
  const simulator = await startSimulator({
    platform,
    port,
    host: values.host,
    tls: values.tls,
    ...(faults && { faults }),
    ...(values.data !== undefined && { data: values.data }),
    ...(values.profile !== undefined && { webportal: { profile: readFileSync(values.profile, 'utf8') } }),
    onError: (error) => {
      console.error(error);
    },
  });
  const stop = (): void => {
    void simulator.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
  const { url, certificate } = simulator;
  console.log(JSON.stringify(certificate === null ? { url } : { url, certificate }));
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  fail(error instanceof Error ? error.message : String(error));
});
