import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PlanView } from '../../flows/rehearsal/view.ts';
import { turnup, type Ended } from './support.ts';

const PLAN: PlanView = {
  steps: [
    {
      id: 'contact',
      kind: 'contact',
      needs: [],
      class: 'compensatable',
      calls: [{ method: 'POST', path: '/api/customercontacts/', body: { email: 'a@b.c' } }],
      undo: [{ method: 'DELETE', path: '/api/customercontacts/{contactId}' }],
    },
    {
      id: 's1.subscriber',
      kind: 'subscriber',
      needs: ['contact'],
      class: 'pivot',
      calls: [{ service: 'SubscriberWS', operation: 'insertSubscriber', body: { password: '***' } }],
      undo: [],
      note: 'ask somebody',
    },
  ],
  pivot: 's1.subscriber',
};

const CONFLICT = { code: 'TURNUP_SUBSCRIBER_TAKEN', title: 'Taken', detail: 'it is another’s', hint: 'Look.' };

let server: Server;
let folder: string;
let answer: PlanView;
let asked: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turnup-plan-'));
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(200).end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  asked = [];
  answer = PLAN;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const plan = (...args: string[]): Promise<Ended> =>
  turnup(['order', 'plan', '-', ...args, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], {
    env: { TURNUP_TOKEN: 'the-token' },
    input: '{}',
  });

describe('turnup order plan', () => {
  it('tells steps, calls, bodies, undo and the point of no return', async () => {
    const { code, stdout } = await plan();
    expect(asked).toEqual(['POST /v1/orders?dryRun=true {}']);
    expect(stdout.trimEnd().split('\n')).toEqual([
      '2 steps, 2 calls that change the target; no way back after s1.subscriber',
      '  contact',
      '    POST /api/customercontacts/',
      '      {"email":"a@b.c"}',
      '    undo: DELETE /api/customercontacts/{contactId}',
      '  s1.subscriber  after contact  no way back from here',
      '    SubscriberWS.insertSubscriber',
      '      {"password":"***"}',
      '    note: ask somebody',
    ]);
    expect(code).toBe(0);
  });

  it('--check tells what is on the target, and fails when it is in the way', async () => {
    const [contact, subscriber] = PLAN.steps;
    const adopted = { ...contact!, calls: [], found: { state: 'adopted' as const, result: { contactId: 7 } } };
    answer = { ...PLAN, steps: [adopted, { ...subscriber!, found: { state: 'conflict', error: CONFLICT } }] };
    const { code, stdout } = await plan('--check');
    expect(asked).toEqual(['POST /v1/orders?dryRun=true&check=target {}']);
    expect(stdout).toContain('on the target: there already: adopted  {"contactId":7}');
    expect(stdout).toContain('on the target: conflict: it is another’s (TURNUP_SUBSCRIBER_TAKEN)');
    expect(code).toBe(1);
  });

  it('prints JSON or Mermaid, and writes a drawing', async () => {
    expect(JSON.parse((await plan('--json')).stdout)).toEqual(PLAN);
    const file = join(folder, 'plan.svg');
    const { stdout, code } = await plan('--mermaid', '--svg', file);
    expect(stdout).toMatch(/^flowchart TD\n/);
    expect(await readFile(file, 'utf8')).toMatch(/^<svg /);
    expect(code).toBe(0);
    expect(await plan('--svg', join(folder, 'no', 'plan.svg'))).toMatchObject({ code: 2 });
    expect(await plan('--json', '--mermaid')).toMatchObject({ code: 2 });
  });
});
