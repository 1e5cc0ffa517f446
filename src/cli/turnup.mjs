#!/usr/bin/env node
// Plain JavaScript on purpose: this is what an outer, older Node runs when systemd or a shell starts it. It hands over
// to the Node that npm installed beside the packages. Not needed any more once no supported system ships a Node below 24.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'];

function packagedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`);
    const program = join(dirname(manifest), 'bin', 'node');
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
}

function handOver(program) {
  const child = spawn(program, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`turnup: cannot run ${program}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    // Ends as the child ended, so that who waits for this process sees the same.
    for (const known of SIGNALS) process.removeAllListeners(known);
    process.kill(process.pid, signal);
  });
}

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  await import(main);
} else {
  const program = packagedNode();
  if (program) handOver(program);
  else {
    process.stderr.write(
      `turnup needs Node ${NEEDED} or later; this is ${process.version}, and there is no packaged one for ` +
        `${process.platform}-${process.arch}. Install Node ${NEEDED}, or run "npm ci" without --omit=optional.\n`,
    );
    process.exit(1);
  }
}
