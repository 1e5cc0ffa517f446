import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { turnup } from './support.ts';

/* What each command asks of the API, seen by a server that writes it down. */

const ORDER = {
  id: 'o-1',
  externalId: 'X-1',
  action: 'provision',
  target: 'vienna',
  customer: { externalId: 'C-1' },
  state: 'held',
  direction: 'undo',
  run: 2,
  blockedBy: { kind: 'target', id: 'vienna', since: null, until: '2026-12-01T08:00:00.000Z' },
  steps: [],
  error: {
    code: 'TURNUP_NUMBER_TAKEN',
    title: 'Taken',
    detail: 'by another',
    class: 'conflict',
    hint: 'Free it.',
    step: 's1.subscriber',
  },
};

let server: Server;
let url: string;
let answer: { status: number; body: string };
const asked: { call: string; body: unknown; type: string | undefined; token: string | undefined }[] = [];

async function note(request: IncomingMessage): Promise<void> {
  const body = await text(request);
  const { authorization, 'content-type': type } = request.headers;
  asked.push({
    call: `${request.method} ${request.url}`,
    body: body === '' ? null : JSON.parse(body),
    type,
    token: authorization,
  });
}

beforeAll(async () => {
  server = createServer((request, response) => {
    void note(request).then(() =>
      response.writeHead(answer.status, { location: 'http://127.0.0.1:1/' }).end(answer.body),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
beforeEach(() => {
  asked.length = 0;
  answer = { status: 202, body: JSON.stringify(ORDER) };
});
afterAll(() => void server.close());

const order = (args: readonly string[], input?: string) =>
  turnup(['order', ...args, '--url', url], {
    env: { TURNUP_TOKEN: 'the-token' },
    ...(input !== undefined && { input }),
  });

describe('turnup order', () => {
  it.each([
    [['retry', 'o-1'], 'POST /v1/orders/o-1/retry', null],
    [['cancel', 'o-1', '--reason', 'why'], 'POST /v1/orders/o-1/cancel', { reason: 'why' }],
    [['undo', 'o-1', '--reason', 'why'], 'POST /v1/orders/o-1/undo', { reason: 'why' }],
    [['close', 'o-1', '--reason', 'why'], 'POST /v1/orders/o-1/close', { reason: 'why' }],
    [['release', 'o-1', '--reason', 'why'], 'POST /v1/orders/o-1/release', { reason: 'why' }],
    [
      ['skip', 'o-1', 's1.subscriber', '--reason', 'why'],
      'POST /v1/orders/o-1/steps/s1.subscriber/skip',
      { reason: 'why' },
    ],
    [
      ['skip', 'o-1', 's1.subscriber', '--reason', 'why', '--result', '{"subscriberId":1}'],
      'POST /v1/orders/o-1/steps/s1.subscriber/skip',
      { reason: 'why', result: { subscriberId: 1 } },
    ],
    [['show', '../../healthz?x'], 'GET /v1/orders/..%2F..%2Fhealthz%3Fx', null],
  ])('%j', async (args, call, body) => {
    const { code, stdout } = await order(args);
    expect(asked).toMatchObject([{ call, body, token: 'Bearer the-token' }]);
    expect(stdout).toContain('X-1  held  undoing');
    expect(stdout).toContain('waits for target vienna until 2026-12-01');
    expect(stdout).toContain('s1.subscriber: Taken (TURNUP_NUMBER_TAKEN)\nby another\nFree it.');
    expect(code).toBe(0);
  });

  it('mend sends a merge patch', async () => {
    const { code } = await order(['mend', 'o-1', '-'], '{"customer":{"contact":{"city":null}}}');
    expect(asked).toMatchObject([
      {
        call: 'PATCH /v1/orders/o-1',
        type: 'application/merge-patch+json',
        body: { customer: { contact: { city: null } } },
      },
    ]);
    expect(code).toBe(0);
  });

  it('amend sends the whole order', async () => {
    const { code } = await order(['amend', 'o-1', '-'], '{"externalId":"X-1"}');
    expect(asked).toMatchObject([
      { call: 'POST /v1/orders/o-1/amend', type: 'application/json', body: { externalId: 'X-1' } },
    ]);
    expect(code).toBe(0);
  });

  it('amend --dry-run tells what becomes of each step', async () => {
    const step = { needs: [], class: 'compensatable', calls: [], undo: [] };
    const steps = [
      { ...step, id: 'contact', change: 'keep' },
      { ...step, id: 's1.subscriber', change: 'redo' },
    ];
    const undo = [{ id: 's2.subscriber', kind: 'subscriber', title: 'subscriber bob' }];
    answer = { status: 200, body: JSON.stringify({ steps, undo, pivot: null }) };
    const { stdout } = await order(['amend', 'o-1', '-', '--dry-run'], '{}');
    expect(asked[0]?.call).toBe('POST /v1/orders/o-1/amend?dryRun=true');
    expect(stdout).toContain('s2.subscriber (subscriber bob): taken back');
    expect(stdout).toContain('contact: stays as it is');
    expect(stdout).toContain('s1.subscriber: taken back, and done anew');
  });

  it('evidence shows what was answered, without what would steer the terminal', async () => {
    const item = {
      step: 'customer',
      at: '2026-12-01T08:00:00.000Z',
      run: 1,
      attempt: 3,
      method: 'POST',
      object: '/people',
      sent: { text: '{"name":"Ann"}', characters: 14 },
      status: 418,
      contentType: null,
      answered: { text: 'odd \u001B[2Janswer\r\nof two lines', characters: 99 },
    };
    answer = { status: 200, body: JSON.stringify({ items: [item] }) };
    const { stdout, code } = await order(['evidence', 'o-1']);
    expect(asked[0]?.call).toBe('GET /v1/orders/o-1/evidence');
    expect(stdout).toContain('customer  2026-12-01T08:00:00.000Z  run 1  attempt 3');
    expect(stdout).toContain('sent: POST /people\n{"name":"Ann"}\n');
    expect(stdout).toContain('answered: 418\nodd \u{FFFD}[2Janswer\nof two lines\n');
    expect(stdout).toContain('(the first 28 of 99 characters)');
    expect(code).toBe(0);
    const json = await order(['evidence', 'o-1', '--json']);
    expect(JSON.parse(json.stdout)).toEqual([item]);
  });

  it('submit --dry-run asks for the plan', async () => {
    const steps = [
      {
        id: 'contact',
        needs: [],
        class: 'compensatable',
        calls: [{ method: 'POST', path: '/api/customercontacts/' }],
        undo: [],
      },
    ];
    answer = { status: 200, body: JSON.stringify({ steps, pivot: null }) };
    const { stdout } = await order(['submit', '-', '--dry-run', '--idempotency-key', 'k'], '{}');
    expect(asked[0]?.call).toBe('POST /v1/orders?dryRun=true');
    expect(stdout).toContain('POST /api/customercontacts/');
  });

  it('list passes its filters on', async () => {
    answer = { status: 200, body: '{"items":[],"next":null}' };
    const { stdout } = await order([
      'list',
      '--state',
      'held',
      '--customer',
      'C 7&x=1',
      '--external-id',
      'X',
      '--limit',
      '3',
    ]);
    expect(asked[0]?.call).toBe('GET /v1/orders?state=held&customer=C+7%26x%3D1&externalId=X&limit=3');
    expect(stdout).toBe('no orders\n');
  });

  it.each([
    ['a page of a proxy', 502, '<html>', /status 502, and not an answer of Turnup/],
    ['a redirect', 302, '', /cannot be reached/],
    ['no JSON', 200, 'hello', /not as Turnup does/],
    ['a problem it does not know', 418, '{"code":"TEAPOT","title":"Short and stout"}', /TEAPOT: Short and stout/],
    [
      'a problem with faults',
      422,
      '{"code":"TURNUP_INVALID_ORDER","errors":[{"path":"target","message":"is required"}]}',
      /The order is not valid[^]*target: is required/,
    ],
  ])('says so when it gets %s', async (_, status, body, message) => {
    answer = { status, body };
    const { code, stderr } = await order(['show', 'o-1']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('the-token');
    expect(code).toBe(1);
  });
});
