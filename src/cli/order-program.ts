import type { Command } from 'commander';
import type { ApiOptions } from './api-client.ts';
import type { AmendOptions } from './commands/order-amend.ts';
import type { RetryInput } from './commands/order-retry.ts';
import type { PlanInput } from './commands/order-plan.ts';
import type { ActInput } from './commands/order-act.ts';
import { withApi } from './with-api.ts';

/** The commands under `turnup order`. */

type Finish = (code: number) => void;

function addPlacing(order: Command, finish: Finish): void {
  withApi(order.command('submit'))
    .description('place an order')
    .argument('<file>', 'the order, JSON; "-" reads standard input')
    .option('--wait', 'show the steps until the order ends; exit code 0 only when it is completed')
    .option('--timeout <seconds>', 'with --wait: stop waiting after that long', '600')
    .option('--dry-run', 'check the order and print its plan; nothing is stored or called')
    .option('--idempotency-key <key>', 'sent as Idempotency-Key')
    .addHelpText(
      'after',
      '\nExamples:\n  turnup order submit order.json --wait\n  turnup order submit - --dry-run < order.json',
    )
    .action(
      async (
        file: string,
        options: ApiOptions & { wait?: boolean; timeout: string; dryRun?: boolean; idempotencyKey?: string },
      ) => {
        finish(await (await import('./commands/order-submit.ts')).run({ file, ...options }));
      },
    );
  withApi(order.command('plan'))
    .description('what an order would do, call by call; nothing is stored or changed')
    .argument('<file>', 'the order, JSON; "-" reads standard input')
    .option('--check', 'look what the target has of it; exit code 1 when that is in the way')
    .option('--mermaid', 'print the plan as a Mermaid flowchart')
    .option('--svg <file>', 'write a drawing of the plan')
    .addHelpText(
      'after',
      '\nExamples:\n  turnup order plan order.json --check\n  turnup order plan order.json --svg plan.svg',
    )
    .action(async (file: string, options: Omit<PlanInput, 'file'>) => {
      finish(await (await import('./commands/order-plan.ts')).run({ file, ...options }));
    });
  withApi(order.command('wait'))
    .description('show the steps of an order until it ends; exit code 0 only when it is completed')
    .argument('<id>', 'the order')
    .option('--timeout <seconds>', 'stop waiting after that long', '600')
    .action(async (id: string, options: ApiOptions & { timeout: string }) => {
      finish(await (await import('./commands/order-wait.ts')).run({ id, ...options }));
    });
}

function addReading(order: Command, finish: Finish): void {
  withApi(order.command('show'))
    .description('an order with its steps')
    .argument('<id>', 'the order')
    .action(async (id: string, options: ApiOptions) => {
      finish(await (await import('./commands/order-show.ts')).run({ id, ...options }));
    });
  withApi(order.command('list'))
    .description('orders, newest first')
    .option('--state <state>', 'only in this state, such as held')
    .option('--target <name>', 'only of this target')
    .option('--customer <id>', 'only of the customer with this externalId')
    .option('--external-id <id>', 'only with this externalId')
    .option('--limit <n>', 'how many', '20')
    .option('--cursor <cursor>', 'go on where a list ended')
    .addHelpText('after', '\nExamples:\n  turnup order list --state held\n  turnup order list --customer C-77 --json')
    .action(async (options: ApiOptions & Record<string, string>) => {
      finish(await (await import('./commands/order-list.ts')).run(options));
    });
  withApi(order.command('journal'))
    .description('what happened to an order, oldest first')
    .argument('<id>', 'the order')
    .action(async (id: string, options: ApiOptions) => {
      finish(await (await import('./commands/order-journal.ts')).run({ id, ...options }));
    });
  withApi(order.command('evidence'))
    .description(
      'what the target answered and nobody understood; needs the role operator, and the journal says who read it',
    )
    .argument('<id>', 'the order')
    .action(async (id: string, options: ApiOptions) => {
      finish(await (await import('./commands/order-evidence.ts')).run({ id, ...options }));
    });
  withApi(order.command('credentials'))
    .description('the passwords that were generated for an order; only for the client that placed it')
    .argument('<id>', 'the order')
    .action(async (id: string, options: ApiOptions) => {
      finish(await (await import('./commands/order-credentials.ts')).run({ id, ...options }));
    });
}

/** What a person does to an order: the call is `POST /v1/orders/{id}/<name>`. */
const ACTS = [
  ['cancel', 'stop an order and undo what it did'],
  ['undo', 'undo a held order; it ends failed'],
  ['close', 'end a held order as it is; nothing is undone'],
  ['release', "let the customer's next order go although this one is held"],
] as const;

const RETRY_HELP = `
Many orders: each is told when it has come to rest, since "accepted" is not "fixed". Never more are under way than may
still fail. Exit code 1 when any was not fixed.

Examples:
  turnup order retry 01928f3e-…
  turnup order retry --state held --target vienna --code TURNUP_QUOTA_EXCEEDED --dry-run
  turnup order retry --state held --target vienna --code TURNUP_QUOTA_EXCEEDED --limit 500 --rate 10 --max-failures 3`;

function addActing(order: Command, finish: Finish): void {
  const act = async (input: ActInput): Promise<void> => {
    finish(await (await import('./commands/order-act.ts')).run(input));
  };
  withApi(order.command('retry'))
    .description('let a held order go on from its failed steps, or start an undone one again; or many of them')
    .argument('[id]', 'the order; left out: all that the options name')
    .option('--state <state>', 'held (default) or failed')
    .option('--target <name>', 'only of this target')
    .option('--customer <id>', 'only of the customer with this externalId')
    .option('--code <code>', 'only with this error, such as TURNUP_NUMBER_TAKEN')
    .option('--limit <n>', 'at most so many', '100')
    .option('--rate <n>', 'begin so many in a second', '5')
    .option('--max-failures <n>', 'stop when so many were not fixed', '5')
    .option('--timeout <seconds>', 'wait so long for each to come to rest', '600')
    .option('--dry-run', 'only say which')
    .addHelpText('after', RETRY_HELP)
    .action(async (id: string | undefined, options: Omit<RetryInput, 'id'>) => {
      finish(await (await import('./commands/order-retry.ts')).run({ ...options, ...(id !== undefined && { id }) }));
    });
  for (const [name, description] of ACTS) {
    withApi(order.command(name))
      .description(description)
      .argument('<id>', 'the order')
      .requiredOption('--reason <text>', 'why, for the journal')
      .action((id: string, options: ApiOptions & { reason: string }) =>
        act({ ...options, id, act: name, body: { reason: options.reason } }),
      );
  }
  withApi(order.command('skip'))
    .description('a person did this step by hand: go on without it')
    .argument('<id>', 'the order')
    .argument('<step>', 'the step, such as s1.subscriber')
    .requiredOption('--reason <text>', 'why, for the journal')
    .option('--result <json>', 'what later steps need of it, such as {"subscriberId":12}')
    .action(async (id: string, step: string, options: ApiOptions & { reason: string; result?: string }) => {
      finish(await (await import('./commands/order-skip.ts')).run({ ...options, id, step }));
    });
  withApi(order.command('amend'))
    .description('give an order that is held or has not begun another content')
    .argument('<id>', 'the order')
    .argument('<file>', 'the whole order as it should have been posted, JSON; "-" reads standard input')
    .option('--dry-run', 'only say what becomes of each step')
    .option('--wait', 'show the steps until the order ends; exit code 0 only when it is completed')
    .option('--timeout <seconds>', 'with --wait: stop waiting after that long', '600')
    .addHelpText(
      'after',
      '\nExamples:\n  turnup order amend 01928f3e-… order.json --dry-run\n  turnup order amend 01928f3e-… order.json --wait',
    )
    .action(async (id: string, file: string, options: AmendOptions) => {
      finish(await (await import('./commands/order-amend.ts')).run({ ...options, id, file }));
    });
  withApi(order.command('mend'))
    .description('change the data of a held order for steps that are not done; then retry it')
    .argument('<id>', 'the order')
    .argument('<file>', 'merge patch, JSON: members given replace, null removes; "-" reads standard input')
    .action(async (id: string, file: string, options: ApiOptions) => {
      finish(await (await import('./commands/order-mend.ts')).run({ ...options, id, file }));
    });
}

export function addOrderCommands(order: Command, finish: Finish): void {
  addPlacing(order, finish);
  addReading(order, finish);
  addActing(order, finish);
}
