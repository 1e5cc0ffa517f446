import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { usage } from './report.ts';

/**
 * The text of a file, or of standard input for `-`. Not parsed: what is wrong with it is the API's to say, with paths.
 * @throws TurnupError `TURNUP_USAGE` when it cannot be read
 */
export async function readJsonText(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw usage(`cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}
