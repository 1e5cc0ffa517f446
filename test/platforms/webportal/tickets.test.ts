import { describe, expect, it } from 'vitest';
import { TurnupError } from '../../../src/errors/index.ts';
import { BASIC, hooksFor, json, NAMES, profileWith, useLabs } from './lab.ts';
import { failure } from '../../setup/failure.ts';

const { serve, connectTo } = useLabs();

describe('a queued call', () => {
  const TICKETED = {
    ...BASIC,
    jobs: {
      poll: {
        path: '/tickets/{ticket}',
        pending: { status: 200, at: '/state', equals: 'WAITING' },
        done: { status: 200, at: '/state', equals: 'DONE' },
        failed: { status: 200, at: '/state', equals: 'FAILED' },
        result: '/result',
        text: '/result/why',
      },
      every: '1ms',
      for: '10m',
    },
    'operations/office.create/ticket': '/ticket',
    errors: [{ at: '/code', equals: 'TAKEN', class: 'conflict', text: '/why' }],
    'operations/office.create/done': { status: 201, at: '/ticket', present: true },
    'operations/user.create/done': { status: 201, at: '/id', present: true },
    'operations/company.create/done': { status: 201, at: '/id', present: true },
  };
  /** Success by status alone would hide what the error is told by. */
  const profile = (patience = '10m') => {
    const root = profileWith('status', { ...TICKETED, 'jobs/for': patience });
    root['errors'] = [{ status: 200, at: '/code', equals: 'TAKEN', class: 'conflict', text: '/why' }];
    for (const operation of Object.values(root['operations'] as Record<string, Record<string, unknown>>)) {
      const found = operation['found'] as Record<string, unknown> | undefined;
      if (found) found['when'] = { at: '/ok', equals: true };
      const done = operation['done'] as { status?: unknown; at?: string } | undefined;
      if (done && done.at === undefined) operation['done'] = { status: 204 };
    }
    return root;
  };

  const make = async (polls: readonly { status: number; body?: string }[], patience?: string) => {
    let at = 0;
    const server = await serve(({ method }) => {
      if (method === 'POST') return json(201, { ticket: 'T1' });
      return polls[Math.min(at++, polls.length - 1)]!;
    });
    const client = connectTo(server.url, profile(patience)).bind(hooksFor());
    return { work: client.create('office.create', NAMES, { name: 'x' }), server };
  };

  it('is asked after until it is done, and its answer is read then', async () => {
    const waiting = json(200, { state: 'WAITING' });
    const { work, server } = await make([
      waiting,
      waiting,
      { status: 502 },
      json(200, { state: 'DONE', result: { id: 'O-7' } }),
    ]);
    expect(await work).toEqual({ kind: 'made', id: 'O-7' });
    expect(server.seen.map(({ method, url }) => `${method} ${url}`).slice(1)).toEqual(
      Array.from({ length: 4 }, () => 'GET /tickets/T1'),
    );
  });

  it('that failed is judged by what it failed with', async () => {
    const { work } = await make([json(200, { state: 'FAILED', result: { code: 'TAKEN', why: 'there is one' } })]);
    expect(await failure(work)).toMatchObject({ class: 'conflict', detail: expect.stringContaining('there is one') });
  });

  it('that failed for a reason nobody knows is not tried again', async () => {
    const { work } = await make([json(200, { state: 'FAILED', result: { code: 'X', why: 'bad moon' } })]);
    expect(await failure(work)).toMatchObject({ class: 'rejected', detail: expect.stringContaining('bad moon') });
  });

  it('that is not over in time may have been done', async () => {
    const { work } = await make([json(200, { state: 'WAITING' })], '30ms');
    expect((await failure(work)).class).toBe('ambiguous');
  });

  it('in a state that no rule knows is a fault', async () => {
    const { work } = await make([json(200, { state: 'ON FIRE' })]);
    expect((await failure(work)).class).toBe('bug');
  });

  it('without a ticket is a fault', async () => {
    const { url } = await serve(() => json(201, { ticket: { id: 1 } }));
    const client = connectTo(url, profile()).bind(hooksFor());
    expect((await failure(client.create('office.create', NAMES, { name: 'x' }))).class).toBe('bug');
  });

  it('is left when the attempt loses its lease', async () => {
    const { url } = await serve(({ method }) =>
      method === 'POST' ? json(201, { ticket: 'T1' }) : json(200, { state: 'WAITING' }),
    );
    const stop = new AbortController();
    const root = profile();
    (root['jobs'] as { for: string; every: string }).for = '10m';
    (root['jobs'] as { for: string; every: string }).every = '5m';
    const work = connectTo(url, root).bind(hooksFor([], stop.signal)).create('office.create', NAMES, { name: 'x' });
    setTimeout(() => stop.abort(new TurnupError('TURNUP_LEASE_LOST')), 50);
    expect((await failure(work)).code).toBe('TURNUP_LEASE_LOST');
  });
});
