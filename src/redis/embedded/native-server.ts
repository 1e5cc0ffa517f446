import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LOG_FILE, STOP_MS, type ServerOrder, type ServerProcess } from './server-process.ts';

/*
 * A Redis has no way to notice that its parent died. A shell stays between: its input is a pipe from us, which ends
 * with us however we ended, and then it ends the server. It also passes the server's end on to us.
 */
const GUARDIAN = `
log=$1; shift
exec 3<&0
"$@" 3<&- >>"$log" 2>&1 & server=$!
( while read -r line <&3; do :; done; kill -TERM $server; sleep 10; kill -KILL $server ) >/dev/null 2>&1 & watcher=$!
echo $server
wait $server
kill $watcher
`;

/** The settings, in a file because arguments can be read by every user of the machine. */
function settings({ folder, port, password }: ServerOrder): string {
  const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return [
    'bind 127.0.0.1',
    'protected-mode yes',
    `port ${port}`,
    `requirepass ${quoted(password)}`,
    `dir ${quoted(folder)}`,
    `logfile ${quoted(join(folder, LOG_FILE))}`,
    'daemonize no',
    'appendonly yes',
    'appendfsync always',
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

/** Starts `program`, a redis-server or valkey-server, as a child that ends with this process. */
export async function startNativeServer(program: string, order: ServerOrder): Promise<ServerProcess> {
  const file = join(order.folder, 'server.conf');
  await writeFile(file, settings(order), { mode: 0o600 });
  const guardian = spawn('/bin/sh', ['-c', GUARDIAN, 'turnup-redis', join(order.folder, LOG_FILE), program, file], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Out of the terminal's reach: on Ctrl-C the server must outlive the steps that still write to it.
    detached: true,
    env: { PATH: process.env['PATH'] },
  });
  guardian.stdin.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => {
    guardian.once('exit', () => resolve());
    guardian.once('error', () => resolve());
  });
  const lines = createInterface({ input: guardian.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), gone.then(() => ['0'])])) as [string];
  lines.close();
  const pid = Number(line);
  return {
    pid,
    gone,
    async stop() {
      guardian.stdin.end();
      const force = setTimeout(() => {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It went by itself in this moment.
        }
      }, STOP_MS);
      await gone;
      clearTimeout(force);
    },
  };
}
