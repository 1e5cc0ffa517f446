import { runChecks } from '../doctor/checks.ts';
import { checksText } from '../doctor/text.ts';
import { EXIT_FAILED, EXIT_OK } from '../report.ts';

export async function run(options: { config?: string; json?: boolean }): Promise<number> {
  const checks = await runChecks(options.config);
  console.log(options.json ? JSON.stringify(checks, null, 2) : checksText(checks));
  return checks.every(({ verdict }) => verdict !== 'bad') ? EXIT_OK : EXIT_FAILED;
}
