import { findProgram } from './find-program.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'Google Chrome', 'Chromium'];
const FOLDERS = ['/Applications/Google Chrome.app/Contents/MacOS', '/Applications/Chromium.app/Contents/MacOS'];

/** For `describe.skipIf(!lookForChromium())`: without root a browser cannot be fetched. */
export function lookForChromium(): string | null {
  return process.env['TURNUP_CHROMIUM'] ?? findProgram(NAMES, FOLDERS);
}

/** @throws Error in one line that says what to install. */
export function findChromium(): string {
  const found = lookForChromium();
  if (!found) throw new Error('no browser: "apt-get install chromium", or name one in TURNUP_CHROMIUM');
  return found;
}
