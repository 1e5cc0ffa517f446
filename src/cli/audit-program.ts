import type { Command } from 'commander';
import type { ApiOptions } from './api-client.ts';
import type { AuditInput, AuditListInput } from './commands/audit.ts';
import { withApi } from './with-api.ts';

const HELP = `
Compared is what orders named, passwords and PINs excepted. With --wait the exit code is 0 only when the target has all
that it should, and nothing else. A target named like a command (show, list, cancel) is audited over the API.

Examples:
  turnup audit vienna --wait                          all that Turnup was told to have there
  turnup audit vienna --customer C-77 --repair --wait
  turnup audit list --target vienna`;

/** Options that `audit` has too are taken by it, wherever they stand. */
const allOptions = (command: Command): ApiOptions & AuditListInput => command.optsWithGlobals();

/** `turnup audit` and the commands under it. */
export function addAuditCommands(audit: Command, finish: (code: number) => void): void {
  withApi(audit)
    .description('compare a target with what Turnup was told to have there')
    .argument('<target>', 'a configured target')
    .option('--customer <id...>', 'only customers with this externalId')
    .option('--repair', 'place modify orders for what differs')
    .option('--wait', 'show how far it is, and in the end what it found')
    .option('--timeout <seconds>', 'with --wait: stop waiting after that long', '3600')
    .addHelpText('after', HELP)
    .action(async (target: string, options: Omit<AuditInput, 'target'>) => {
      finish(await (await import('./commands/audit.ts')).run({ target, ...options }));
    });
  withApi(audit.command('show'))
    .description('an audit and what it found')
    .argument('<id>', 'the audit')
    .action(async (id: string, _own: object, command: Command) => {
      finish(await (await import('./commands/audit.ts')).show({ id, ...allOptions(command) }));
    });
  withApi(audit.command('list'))
    .description('audits, newest first')
    .option('--target <name>', 'only of this target')
    .option('--limit <n>', 'how many', '20')
    .option('--cursor <cursor>', 'go on where a list ended')
    .action(async (_own: object, command: Command) => {
      finish(await (await import('./commands/audit.ts')).list(allOptions(command)));
    });
  withApi(audit.command('cancel'))
    .description('stop an audit; orders that it placed go on')
    .argument('<id>', 'the audit')
    .action(async (id: string, _own: object, command: Command) => {
      finish(await (await import('./commands/audit.ts')).cancel({ id, ...allOptions(command) }));
    });
}
