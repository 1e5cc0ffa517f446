import type { Command } from 'commander';

const API_HELP = `
The API is --url and --token, else TURNUP_URL and TURNUP_TOKEN, else the loopback port of the configuration and the
token of its first operator.`;

/** The options of every command that talks to the API. */
export function withApi(command: Command): Command {
  return command
    .option('--url <url>', 'where the API is (else TURNUP_URL, else loopback)')
    .option('--token <token>', 'bearer token (else TURNUP_TOKEN, which other users cannot see)')
    .option('--config <file>', 'configuration (else TURNUP_CONFIG, else turnup.yaml)')
    .option('--json', 'print what the API answered')
    .addHelpText('after', API_HELP);
}
