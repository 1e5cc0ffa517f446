import { createProgram } from './program.ts';
import { report } from './report.ts';

/*
 * The program. Exit codes: 0 it worked, 1 it failed, 2 the command line was wrong. An error that nobody caught ends
 * the process, because nothing is known of what it left behind; whatever keeps it running starts it anew.
 */
const isVerbose = process.argv.includes('--verbose');

process.on('uncaughtException', (error) => process.exit(report(error, isVerbose)));

// A reader that went away (`turnup order list | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  process.exitCode = await createProgram().run(process.argv);
} catch (error) {
  process.exitCode = report(error, isVerbose);
}
