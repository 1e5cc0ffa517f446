import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulators/index.ts';
import { startTurnup, turnup, type Ended } from './support.ts';

const CLIENT_TOKEN = 'client-token-0123456789';
const OPERATOR_TOKEN = 'operator-token-0123456789';

let cwd: string;
let simulator: Simulator;
let serving: ChildProcess;
let url: string;
const lines: string[] = [];

interface LogLine {
  msg: string;
  url?: string;
}

/** The address of the API, from its log, which is read on to the end: a full pipe would stop the writer. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      lines.push(line);
      const entry = JSON.parse(line) as LogLine;
      if (entry.msg === 'API started') resolve(entry.url!);
    });
    child.once('exit', () => reject(new Error(`serve ended:\n${lines.join('\n')}`)));
  });
}

function order(args: readonly string[], token = CLIENT_TOKEN, input?: string): Promise<Ended> {
  return turnup(['order', ...args], { cwd, env: { TURNUP_URL: url, TURNUP_TOKEN: token }, ...(input && { input }) });
}

function orderOf(externalId: string, username: string, number: string): string {
  return JSON.stringify({
    externalId,
    target: 'vienna',
    customer: {
      externalId: `C-${externalId}`,
      contact: { firstName: 'John', lastName: 'Doe', email: 'j@example.com', country: 'AT' },
    },
    subscribers: [{ username, domain: 'sip.example.com', number }],
  });
}

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'turnup-serve-'));
  simulator = await startSimulator({ platform: 'sipwise' });
  const config = {
    http: { port: 0 },
    clients: [{ name: 'crm', token: CLIENT_TOKEN, targets: ['vienna'] }],
    operators: [{ name: 'ops', password: 'operator-password', token: OPERATOR_TOKEN, role: 'operator' }],
    targets: {
      vienna: {
        platform: 'sipwise',
        url: simulator.url,
        auth: { username: 'administrator', password: { env: 'NGCP' } },
      },
    },
  };
  await writeFile(join(cwd, 'turnup.yaml'), JSON.stringify(config));
  serving = startTurnup(['serve'], { cwd, env: { NGCP: 'administrator' } });
  serving.stderr!.pipe(process.stderr);
  url = await listening(serving);
});
afterAll(async () => {
  serving.kill('SIGKILL');
  await simulator.close();
  await rm(cwd, { recursive: true, force: true });
});

describe('turnup serve and order', () => {
  it('takes an order, shows its steps, and ends with 0 when it is completed', async () => {
    await writeFile(join(cwd, 'order.json'), orderOf('X-1', 'john', '+43987610001'));
    const { code, stdout, stderr } = await order(['submit', 'order.json', '--wait']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/contact: done \(created\)/);
    expect(stdout).toMatch(/X-1 {2}completed/);
    expect(stdout).toMatch(/s1\.subscriber +done +created/);
    expect(code).toBe(0);
  });

  it('ends with 1 and says why when an order is held', async () => {
    const taken = orderOf('X-2', 'jane', '+43987610001');
    const { code, stdout } = await order(['submit', '-', '--wait'], CLIENT_TOKEN, taken);
    expect(stdout).toMatch(/X-2 {2}held/);
    expect(stdout).toContain('TURNUP_');
    expect(code).toBe(1);
  });

  it('lists, shows and tells the journal', async () => {
    const list = await order(['list', '--state', 'held', '--json'], OPERATOR_TOKEN);
    const { items } = JSON.parse(list.stdout) as { items: { id: string; externalId: string }[] };
    expect(items.map(({ externalId }) => externalId)).toEqual(['X-2']);
    const id = items[0]!.id;
    const table = (await order(['list'], OPERATOR_TOKEN)).stdout;
    expect(table).toMatch(new RegExp(`${id} +held +X-2 +vienna +C-X-2`));
    expect((await order(['show', id])).stdout).toMatch(/s1\.subscriber +failed/);
    expect((await order(['journal', id])).stdout).toMatch(/accepted +client:crm/);
    const gone = await order(['wait', id, '--json']);
    expect(gone.code).toBe(1);
    expect(JSON.parse(gone.stdout)).toMatchObject({ state: 'held' });
  });

  it('names every fault of an order', async () => {
    const { code, stderr } = await order(
      ['submit', '-'],
      CLIENT_TOKEN,
      '{"externalId":"X-3","target":"vienna","fax":1}',
    );
    expect(code).toBe(1);
    expect(stderr).toContain('fax: ');
    expect(stderr).toContain('customer: ');
    expect(stderr).toContain('TURNUP_INVALID_ORDER');
    const wrong = await order(['list'], 'wrong-token-0123456789');
    expect(wrong.stderr).toContain('TURNUP_UNAUTHENTICATED');
  });

  it('acts for an operator, found by the configuration', async () => {
    const list = await order(['list', '--state', 'held', '--json'], OPERATOR_TOKEN);
    const { id } = (JSON.parse(list.stdout) as { items: { id: string }[] }).items[0]!;
    const env = { TURNUP_URL: url, NGCP: 'administrator' };
    const { code, stderr } = await turnup(['order', 'retry', id], { cwd, env });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const completed = await order(['list', '--state', 'completed', '--json'], OPERATOR_TOKEN);
    const [done] = (JSON.parse(completed.stdout) as { items: { id: string }[] }).items;
    const refused = await turnup(['order', 'retry', done!.id], { cwd, env });
    expect(refused.stderr).toContain('TURNUP_STATE_CONFLICT');
    expect(refused.code).toBe(1);
  });

  it('doctor finds everything an order needs, or says what is missing', async () => {
    const good = await turnup(['doctor'], { cwd, env: { NGCP: 'administrator' } });
    expect(good.stdout).toContain('ok   target vienna, login');
    expect(good.code).toBe(0);
    const bad = await turnup(['doctor', '--json'], { cwd, env: { NGCP: 'wrong' } });
    const checks = JSON.parse(bad.stdout) as { about: string; verdict: string }[];
    expect(checks).toContainEqual(expect.objectContaining({ about: 'target vienna, login', verdict: 'bad' }));
    expect(bad.code).toBe(1);
  });

  it('I8 keeps its tokens and keys out of its log', async () => {
    const keys = JSON.parse(await readFile(join(cwd, '.turnup', 'keys.json'), 'utf8')) as { key: string }[];
    const log = lines.join('\n');
    expect(log).toContain('keys.json');
    for (const secret of [CLIENT_TOKEN, OPERATOR_TOKEN, 'operator-password', keys[0]!.key])
      expect(log).not.toContain(secret);
  });

  it('stops gracefully: exit code 0, however often the same wish arrives', async () => {
    serving.kill('SIGINT');
    serving.kill('SIGINT');
    const [code] = await once(serving, 'exit');
    expect(code).toBe(0);
    expect(lines.join('\n')).toContain('"msg":"stopped"');
  });
});
