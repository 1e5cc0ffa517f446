import { createProgram } from './program.ts';
import { report } from './report.ts';

try {
  process.exitCode = await createProgram().run(process.argv);
} catch (error) {
  process.exitCode = report(error, process.argv.includes('--verbose'));
}
