import type { Command } from 'commander';

/** The commands under `turnup webportal`: for who writes a wire profile. */
export function addWebportalCommands(webportal: Command, finish: (code: number) => void): void {
  webportal
    .command('check')
    .description('every fault of a wire profile, or what it makes of a sample order')
    .argument('<file>', 'the profile, YAML or JSON')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExit code 1 if it has faults. Nothing is called.\n\nExample:\n  turnup webportal check wpti.yaml',
    )
    .action(async (file: string, options: { json?: boolean }) => {
      finish(await (await import('./commands/webportal-check.ts')).run({ file, ...options }));
    });
  webportal
    .command('probe')
    .description('try the calls of configured portals that only read')
    .argument('[target]', 'a configured target (left out: all portals)')
    .option('--config <file>', 'configuration (else TURNUP_CONFIG, else turnup.yaml)')
    .option('--json', 'print the checks as JSON')
    .addHelpText('after', '\nLooks for what is nobody’s, and changes nothing. Exit code 1 if a look fails.')
    .action(async (target: string | undefined, options: { config?: string; json?: boolean }) => {
      const { run } = await import('./commands/webportal-probe.ts');
      finish(await run({ ...options, ...(target !== undefined && { target }) }));
    });
}
