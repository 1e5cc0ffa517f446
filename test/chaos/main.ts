import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CHAOS_PLATFORMS } from './platforms/index.ts';
import { runChaos } from './run.ts';

const HELP = `npm run chaos -- [--seed S] [--orders N] [--targets A,B] [--pace MS] [--lives PERCENT] [--quick] [--calm] [--keep]

Runs the API, two workers, Redis and simulated platforms as processes, lets a nemesis loose on them while orders come
in, and then compares what the platforms hold with what the orders promise. Prints JSON lines; exit code 1 when there
is a violation. Needs a real redis-server or valkey-server.

  --seed S    every decision is drawn from it; left out: a new one, which is printed
  --orders N  default 400, with --quick 60
  --targets   platforms, each a target: ${CHAOS_PLATFORMS.map(({ name }) => name).join(',')}; left out: all
  --pace MS   mean time between two orders, default 350; with less there are more orders for each fault
  --lives P   how many orders of a hundred go through a subscriber's whole life, default 40
  --quick     a short run
  --calm      without the nemesis: then nothing may have to be repaired either
  --keep      keeps logs and Redis files, and says where
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    orders: { type: 'string' },
    targets: { type: 'string' },
    pace: { type: 'string' },
    lives: { type: 'string' },
    quick: { type: 'boolean', default: false },
    calm: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function whole(name: string, text: string | undefined, otherwise: number, least = 1): number {
  const number = text === undefined ? otherwise : Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  process.stderr.write(`--${name} must be a whole number from ${least} on\n`);
  process.exit(2);
}

function platformsOf(names: readonly string[]) {
  return names.map((name) => {
    const found = CHAOS_PLATFORMS.find((platform) => platform.name === name);
    if (found) return found;
    process.stderr.write(`--targets takes ${CHAOS_PLATFORMS.map((platform) => platform.name).join(', ')}\n`);
    process.exit(2);
  });
}

if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const seed = whole('seed', values.seed, Math.floor(Math.random() * 2 ** 31) + 1);
const orders = whole('orders', values.orders, values.quick ? 60 : 400);
const paceMs = whole('pace', values.pace, 350);
const lives = whole('lives', values.lives, 40, 0) / 100;
const platforms = values.targets === undefined ? CHAOS_PLATFORMS : platformsOf([...new Set(values.targets.split(','))]);
const dir = mkdtempSync(join(tmpdir(), 'turnup-chaos-'));
let code = 2;
try {
  code = (await runChaos({ seed, orders, platforms, paceMs, dir, lives, calm: values.calm })) > 0 ? 1 : 0;
} catch (error) {
  process.stderr.write(`chaos: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
} finally {
  if (values.keep) process.stderr.write(`kept: ${dir}\n`);
  else rmSync(dir, { recursive: true, force: true });
}
// What was written last must be out before the end.
await sleep(100);
process.exit(code);
