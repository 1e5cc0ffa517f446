import { describe, expect, it } from 'vitest';
import { readCalls } from '../../../src/platforms/ngnpro/calls/index.ts';
import { quotedPrintable, secondsOf } from '../../../src/platforms/ngnpro/calls/text.ts';
import type { NgnproClient } from '../../../src/platforms/ngnpro/types.ts';
import type { CallsQuery } from '../../../src/platforms/port.ts';
import { DOMAIN, JOHN, useOperationsLab } from './operations-lab.ts';
import { failure } from '../../setup/failure.ts';

const lab = useOperationsLab();

const RECEPTION = { username: 'reception', domain: DOMAIN };
const DAY: CallsQuery = {
  ...RECEPTION,
  from: new Date('2026-11-20T00:00:00Z'),
  to: new Date('2026-11-21T00:00:00Z'),
  limit: 100,
};

const read = (more: Partial<CallsQuery> = {}) => readCalls(lab.client, { ...DAY, ...more });

/** A client that answers what a platform might. */
const answering = (reply: object) => {
  const asked: unknown[] = [];
  const client = { call: async (...args: unknown[]) => (asked.push(args[2]), reply) } as unknown as NgnproClient;
  return { client, asked };
};

describe('readCalls', () => {
  it('tells the calls that were placed, received and missed, newest first', async () => {
    const calls = await read();
    expect(calls.map(({ source, startedAt }) => [source, startedAt])).toEqual([
      ['received', '2026-11-20T13:00:00.000Z'],
      ['placed', '2026-11-20T12:00:00.000Z'],
      ['missed', '2026-11-20T11:00:00.000Z'],
      ['received', '2026-11-20T10:00:00.000Z'],
      ['placed', '2026-11-20T09:00:00.000Z'],
    ]);
    expect(calls[3]).toMatchObject({
      fromHeader: '"Jürgen Müller" <sip:+4319876@192.0.2.20;user=phone>',
      stopTime: '2026-11-20T10:02:05.000Z',
      duration: 125,
      status: '200 OK',
      price: 0,
      applicationTypes: ['audio'],
    });
    expect(calls[2]).toMatchObject({ stopTime: null, status: '486 Busy Here' });
    expect(calls[1]).toMatchObject({ price: 0.5 });
  });

  it('tells those of the time that is asked for, its end excluded, and not more than wanted', async () => {
    const starts = async (more: Partial<CallsQuery>) => (await read(more)).map(({ startedAt }) => startedAt);
    const from = new Date('2026-11-20T10:00:00Z');
    const to = new Date('2026-11-20T12:00:00Z');
    expect(await starts({ from, to })).toEqual(['2026-11-20T11:00:00.000Z', '2026-11-20T10:00:00.000Z']);
    expect(await starts({ from: new Date(from.getTime() + 1), to: new Date(to.getTime() + 1) })).toEqual([
      '2026-11-20T12:00:00.000Z',
      '2026-11-20T11:00:00.000Z',
    ]);
    expect(await starts({ limit: 2 })).toEqual(['2026-11-20T13:00:00.000Z', '2026-11-20T12:00:00.000Z']);
    expect(await read({ ...JOHN })).toEqual([]);
    expect(await read({ username: 'Reception', domain: 'SIP.example.com', limit: 1 })).toHaveLength(1);
  });

  it('needs an account: the platform tells no others', async () => {
    for (const [missing, query] of [
      [['domain'], { ...DAY, domain: undefined }],
      [['username'], { ...DAY, username: undefined }],
      [['username', 'domain'], { ...DAY, username: undefined, domain: undefined }],
    ] as const) {
      const error = await failure(readCalls(lab.client, query));
      expect(error).toMatchObject({ code: 'TURNUP_INVALID_REQUEST' });
      expect(error.faults?.map(({ path }) => path)).toEqual(missing.map((name) => [name]));
    }
    expect(lab.simulator.calls().filter(({ operation }) => operation === 'Sip.getCalls')).toEqual([]);
  });

  it('says so when there is no such account', async () => {
    expect(await failure(read({ username: 'nobody' }))).toMatchObject({ code: 'TURNUP_REFERENCE_UNKNOWN' });
  });

  it('takes times as seconds too, and tells those of no known form as they are', async () => {
    const { client, asked } = answering({
      placed: [
        { startTime: '1795165200', stopTime: '1795165260', price: '0.1' },
        { startTime: 'yesterday', stopTime: 'today', price: 'free' },
      ],
      received: null,
    });
    expect(await readCalls(client, DAY)).toEqual([
      {
        source: 'placed',
        startedAt: '2026-11-20T09:00:00.000Z',
        startTime: '2026-11-20T09:00:00.000Z',
        stopTime: '2026-11-20T09:01:00.000Z',
        price: 0.1,
      },
      { source: 'placed', startedAt: '', startTime: 'yesterday', stopTime: 'today', price: null },
    ]);
    const span = { fromDate: 1_795_132_800, toDate: 1_795_219_199, limit: 100 };
    expect(asked).toEqual([{ sipId: RECEPTION, query: { placed: span, received: span } }]);
  });
});

describe('text of calls', () => {
  it.each([
    ['=22J=C3=BCrgen=22 <sip:a@b>', '"Jürgen" <sip:a@b>'],
    ['a=\r\nb', 'ab'],
    ['transport=tcp;x==', 'transport=tcp;x=='],
    ['', ''],
  ])('%j is %j', (encoded, told) => {
    expect(quotedPrintable(encoded)).toBe(told);
  });

  it.each([
    [1_795_165_200, 1_795_165_200],
    ['1795165200', 1_795_165_200],
    ['2026-11-20 09:00:00', 1_795_165_200],
    ['2026-11-20T10:00:00+01:00', 1_795_165_200],
    ['0', null],
    ['', null],
    [null, null],
    ['soon', null],
  ])('%j is %j in seconds', (value, seconds) => {
    expect(secondsOf(value)).toBe(seconds);
  });
});
