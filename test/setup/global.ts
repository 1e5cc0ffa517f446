import { installRedis } from '../../src/redis/install.ts';
import { lookForChromium } from './chromium.ts';
import { lookForMariadb, WHAT_TO_INSTALL as MARIADB_TO_INSTALL } from './mariadb.ts';
import { lookForSshd, WHAT_TO_INSTALL as SSHD_TO_INSTALL } from './sshd.ts';
import { DATA_DIR, lookForRedisServer, WHAT_TO_INSTALL } from './redis-program.ts';

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A gate that leaves tests out would be green for nothing. */
function leaveOut(line: string, tests: string): void {
  if (process.env['CI']) throw new Error(line);
  say(`${line}; tests of ${tests} are skipped`);
}

/** Fetches what the machine lacks where that works without root; otherwise says in one line what to install. */
export async function setup(): Promise<void> {
  if (!lookForRedisServer()) {
    say(`no redis-server on PATH: fetching one into ${DATA_DIR}`);
    try {
      await installRedis(DATA_DIR, () => undefined);
    } catch (error) {
      say(`${WHAT_TO_INSTALL}; fetching one failed: ${error instanceof Error ? error.message : String(error)}`);
      process.exit(1);
    }
  }
  if (!lookForChromium()) {
    leaveOut('no browser: "apt-get install chromium" (or name one in TURNUP_CHROMIUM)', 'pages');
  }
  if (!lookForMariadb()) leaveOut(MARIADB_TO_INSTALL, 'call records');
  if (!lookForSshd()) leaveOut(SSHD_TO_INSTALL, 'the collector');
}
