import type { Command } from 'commander';
import type { ApiOptions } from './api-client.ts';
import { withApi } from './with-api.ts';

/** The commands under `turnup target`. */
export function addTargetCommands(target: Command, finish: (code: number) => void): void {
  withApi(target.command('catalog'))
    .description("a target's own data, for the forms of a CRM: rate plans, free numbers and the like")
    .argument('<target>', 'a configured target')
    .argument('[what]', 'what to read (left out: says what can be read)')
    .argument('[params...]', 'name=value each')
    .addHelpText(
      'after',
      '\nExamples:\n  turnup target catalog vienna\n  turnup target catalog vienna ratePlans domain=sip.example.com',
    )
    .action(async (name: string, what: string | undefined, params: string[], options: ApiOptions) => {
      const { run } = await import('./commands/target-catalog.ts');
      finish(await run({ target: name, params, ...options, ...(what !== undefined && { what }) }));
    });
}
