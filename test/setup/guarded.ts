import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

// The shell outlives a test run that is killed: its input ends then, and it takes the server and the files with it.
// The signal goes to the shell first because only a parent knows that a process id is still its child's.
const GUARDIAN = `
remove=$1; shift
exec 3<&0
trap '' PIPE
trap '[ -z "$server" ] || kill -9 $server' TERM
"$@" </dev/null >/dev/null 2>&1 3<&- & server=$!
echo $server
( if read -r told <&3; then exit 0; fi; kill -TERM $$; exit 1 ) >&- & reader=$!
wait $server
wait $server 2>/dev/null
server=
exec >&-
wait $reader || [ -z "$remove" ] || rm -rf "$remove"
`;

/** A server that ends with the test run that started it, however that ends. */
export interface Guarded {
  readonly guardian: ChildProcess;
  /** Of the server itself. */
  readonly pid: number;
  readonly gone: Promise<void>;
}

/**
 * @param command program and arguments
 * @param removed folder that is removed when the test run ends without having ended the server; '' for none
 */
export async function startGuarded(command: readonly string[], removed: string): Promise<Guarded> {
  const guardian = spawn('/bin/sh', ['-c', GUARDIAN, 'guardian', removed, ...command], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  guardian.unref();
  guardian.stdin?.on('error', () => undefined);
  const lines = createInterface({ input: guardian.stdout });
  const pid = once(lines, 'line').then(([line]) => Number(line));
  const gone = once(lines, 'close').then(() => undefined);
  return { guardian, pid: await pid, gone };
}

/** Resolves when the server is gone. Its folder is then this process's. */
export async function endGuarded({ guardian, pid, gone }: Guarded, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  await gone;
  guardian.stdin?.end('told\n');
}
