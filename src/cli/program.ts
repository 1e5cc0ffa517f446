import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { addAuditCommands } from './audit-program.ts';
import type { CollectInput } from './commands/collect.ts';
import type { ExplainInput } from './commands/explain.ts';
import { addOrderCommands } from './order-program.ts';
import { EXIT_OK, EXIT_USAGE } from './report.ts';
import { addTargetCommands } from './target-program.ts';
import { addWebportalCommands } from './webportal-program.ts';
import { withApi } from './with-api.ts';

export interface Program {
  /** @returns the exit code. Errors of the command are thrown. */
  run(argv: readonly string[]): Promise<number>;
}

const EXAMPLES = `
Examples:
  turnup demo                                 see it at work, nothing to install or configure
  turnup serve --config turnup.yaml           API, dashboard and workers in one process
  turnup order submit order.json --wait       place an order and watch its steps
  turnup doctor                               would an order succeed?

Exit codes: 0 it worked, 1 it failed, 2 the command line was wrong.
Configuration: --config FILE, else TURNUP_CONFIG, else turnup.yaml; see docs/reference/configuration.md.`;

const CONFIG = ['--config <file>', 'configuration (else TURNUP_CONFIG, else turnup.yaml)'] as const;

/**
 * The whole command line. `finish` hears each command's exit code. A command's module is loaded only when it is called,
 * so that `--help` and small commands start at once.
 */
function define(program: Command, finish: (code: number) => void): void {
  const serving = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .option(...CONFIG);

  serving('serve', 'API, dashboard and workers in one process').action(async (options: { config?: string }) => {
    finish(await (await import('./commands/serve.ts')).run(options));
  });
  serving('api', 'API and dashboard, without workers; needs a Redis URL').action(
    async (options: { config?: string }) => {
      finish(await (await import('./commands/api.ts')).run(options));
    },
  );
  serving('worker', 'workers, without API; needs a Redis URL')
    .option('--probe-port <port>', 'serve /healthz, /readyz and /metrics here (else workers.probePort)')
    .action(async (options: { config?: string; probePort?: string }) => {
      finish(await (await import('./commands/worker.ts')).run(options));
    });
  program
    .command('demo')
    .description('everything at once on this machine, with sample orders and a simulated platform')
    .option('--exit', 'end when the sample orders have; exit code 0 only if all ended as they should')
    .option('--port <port>', 'port of the API (else 3000 when it is free, else any)')
    .action(async (options: { exit?: boolean; port?: string }) => {
      finish(await (await import('./commands/demo.ts')).run(options));
    });
  program
    .command('simulate')
    .description('a stand-in for a platform, or for a server with call records, on the loopback interface')
    .argument('<platform>', 'which platform, or sftp')
    .option('--port <port>', 'port to listen on; 0 takes a free one', '0')
    .option('--tls', 'HTTPS with a certificate made for the occasion')
    .option('--faults <file>', 'fault plan, a JSON file')
    .option('--profile <file>', 'wire profile whose calls a webportal stand-in takes (else one of its own)')
    .addHelpText(
      'after',
      '\nExamples:\n  turnup simulate sipwise --port 1443 --tls\n  turnup simulate sippulse --port 8080\n  turnup simulate sipwise --port 8080 --faults faults.json\n  turnup simulate webportal --port 8080 --profile wpti.yaml\n  turnup simulate sftp --port 2222',
    )
    .action(async (platform: string, options: { port: string; tls?: boolean; faults?: string; profile?: string }) => {
      finish(await (await import('./commands/simulate.ts')).run({ platform, ...options }));
    });
  program
    .command('doctor')
    .description('check Redis, keys, and reachability, login and capabilities of every target and collection')
    .option(...CONFIG)
    .option('--json', 'print the checks as JSON')
    .addHelpText('after', '\nExit code 1 if an order would fail.')
    .action(async (options: { config?: string; json?: boolean }) => {
      finish(await (await import('./commands/doctor.ts')).run(options));
    });
  program
    .command('explain')
    .description("what Turnup makes of a target's answer: the row that matches, its class, what follows")
    .argument('<target>', 'a configured target, or the name of a platform')
    .argument('<status>', 'HTTP status of the answer')
    .argument('[text]', 'what the target said', '')
    .option(...CONFIG)
    .option('--step <kind>', 'kind of the step that called, e.g. subscriber')
    .option('--read', 'the call only read (else: it wrote)')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  turnup explain vienna 422 "Number \'4319876\' already exists."')
    .action(async (target: string, status: string, text: string, options: Omit<ExplainInput, 'target' | 'status'>) => {
      finish(await (await import('./commands/explain.ts')).run({ target, status, ...options, text }));
    });
  program
    .command('coverage')
    .description('every operation of a platform, and how an order or a read reaches it')
    .argument('<platform>', 'which platform')
    .option('--json', 'print it as JSON')
    .action(async (platform: string, options: { json?: boolean }) => {
      finish(await (await import('./commands/coverage.ts')).run({ platform, ...options }));
    });
  withApi(program.command('collect'))
    .description('fetch the files of a collection now, with a progress bar; also releases one that is held')
    .argument('<source>', 'a configured collection')
    .option('--since <date>', 'only files of this date or time (ISO 8601) or later at the source')
    .option('--timeout <seconds>', 'stop watching after that long; the run goes on', '3600')
    .addHelpText('after', '\nExamples:\n  turnup collect cdr\n  turnup collect cdr --since 2026-11-01')
    .action(async (source: string, options: Omit<CollectInput, 'source'>) => {
      finish(await (await import('./commands/collect.ts')).run({ source, ...options }));
    });
  program
    .command('redis')
    .description('a Redis for this machine')
    .command('install')
    .description('put a redis-server into the data folder, without root (Debian and Ubuntu; uses the network)')
    .action(async () => {
      finish(await (await import('./commands/redis-install.ts')).run());
    });
  addAuditCommands(program.command('audit'), finish);
  addWebportalCommands(program.command('webportal').description('write and try the wire profile of a portal'), finish);
  addTargetCommands(program.command('target').description('look into a target through the API'), finish);
  addOrderCommands(program.command('order').description('place and mend orders through the API'), finish);
}

export function createProgram(): Program {
  const program = new Command('turnup');
  let exitCode = EXIT_OK;
  program
    .description('From an order to a working subscriber on a voice platform.')
    .version(manifest.version, '--version')
    .option('--verbose', 'print stack traces of errors')
    .showSuggestionAfterError()
    .showHelpAfterError('Run the command with --help for its usage.')
    .addHelpText('after', EXAMPLES)
    .exitOverride();
  define(program, (code) => {
    exitCode = code;
  });
  settle(program);
  return {
    async run(argv) {
      if (argv.length <= 2) {
        program.outputHelp({ error: true });
        return EXIT_USAGE;
      }
      await program.parseAsync(argv);
      return exitCode;
    },
  };
}

/** What must hold for every command: `--verbose` anywhere, errors thrown instead of ending the process. */
function settle(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride().copyInheritedSettings(command);
    if (!child.options.some((option) => option.long === '--verbose'))
      child.option('--verbose', 'print stack traces of errors');
    settle(child);
  }
}
