import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { TurnupError } from '../../src/errors/index.ts';
import { createLogger, type LoggerOptions } from '../../src/observability/index.ts';

function capture(options: Omit<LoggerOptions, 'destination'> = {}) {
  const lines: string[] = [];
  const logger = createLogger({ level: 'trace', ...options, destination: { write: (line) => void lines.push(line) } });
  const last = () => JSON.parse(lines.at(-1)!) as Record<string, any>; // oxlint-disable-line typescript/no-explicit-any
  return { logger, lines, last };
}

const SECRET = 'S3cr3t-v4lue';

describe('a line', () => {
  test('is one JSON object with level, time and the order, step and attempt of its child', () => {
    const { logger, lines, last } = capture();
    logger.child({ order: 'o1', step: 's1.subscriber', attempt: 2 }).info({ target: 'vienna' }, 'done');
    expect(lines).toHaveLength(1);
    expect(last()).toMatchObject({ level: 'info', app: 'turnup', order: 'o1', step: 's1.subscriber', attempt: 2 });
    expect(last()).toMatchObject({ target: 'vienna', msg: 'done' });
    expect(Date.parse(last()['time'] as string)).toBeGreaterThan(0);
  });

  test('is written from the configured level on', () => {
    const { logger, lines } = capture({ level: 'warn' });
    logger.info('no');
    logger.warn('yes');
    expect(lines).toHaveLength(1);
  });
});

const NAMES = [
  'password',
  'webPassword',
  'pbx_password',
  'pin',
  'voicemailPin',
  'token',
  'accessToken',
  'Authorization',
  'proxy-authorization',
  'jwt',
  'cookie',
  'set-cookie',
  'secret',
  'secrets',
  'key',
  'secretKeys',
  'apiKey',
  'passphrase',
  'credentials',
];

describe('I8 no secret in a log', () => {
  test.each(NAMES)('%s is redacted at any depth, in arrays and in child bindings', (name) => {
    const { logger, lines } = capture();
    logger.info({ [name]: SECRET });
    logger.info({ a: { b: [{ c: { d: { [name]: SECRET } } }] } });
    logger.info({ [name]: { nested: [SECRET] } });
    const child = logger.child({ [name]: SECRET }).child({ target: { [name]: SECRET } });
    child.info('x');
    expect(lines.join('')).not.toContain(SECRET);
    expect(lines[0]).toContain('[redacted]');
  });

  test.each([
    `Authorization: Bearer ${SECRET}`,
    `got 401 for Basic ${SECRET}==`,
    `connect to redis://:${SECRET}@127.0.0.1:6379/0 failed`,
    `GET /login?user=a&password=${SECRET}&x=1`,
    `body was {"username":"a","password":"${SECRET}"}`,
    `<insert><ns1:password xsi:type="xsd:string">${SECRET}</ns1:password></insert>`,
    `the token eyJhbGciOiJIUzI1NiJ9.${SECRET.replaceAll('-', '')}abc.sig`,
  ])('text of others is scrubbed wherever it stands: %s', (text) => {
    const { logger, lines } = capture();
    logger.info(text);
    logger.error(new Error(text));
    logger.error({ err: new Error('outer', { cause: new Error(text) }) }, 'failed');
    logger.info({ note: text, deep: { note: [text] } });
    const all = lines.join('');
    expect(all).not.toContain(SECRET);
    expect(all).not.toContain(SECRET.replaceAll('-', ''));
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });

  test('an error shows no member but the known ones', () => {
    const { logger, lines, last } = capture();
    const error = Object.assign(new Error('WRONGPASS'), {
      code: 'ERR_X',
      command: { name: 'auth', args: [SECRET] },
      request: { body: SECRET },
      response: { data: SECRET },
    });
    logger.error({ err: error, other: error, list: [error] }, 'failed');
    expect(lines[0]).not.toContain(SECRET);
    expect(last()['err']).toMatchObject({ type: 'Error', message: 'WRONGPASS', code: 'ERR_X' });
    expect(last()['list'][0]).toMatchObject({ type: 'Error', message: 'WRONGPASS' });
  });

  test('objects of classes are named, not shown', () => {
    class Request {
      headers = { 'x-anything': SECRET };
    }
    const { logger, lines, last } = capture();
    logger.info({ req: new Request(), body: Buffer.from(SECRET) });
    expect(lines[0]).not.toContain(SECRET);
    expect(last()['req']).toBe('[Request]');
  });

  test('whatever the shape around it', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 12 }), fc.constantFrom(...NAMES), (path, name) => {
        const { logger, lines } = capture();
        let value: unknown = { [name]: SECRET };
        for (const step of path) value = step.length % 2 ? [value] : { [step]: value };
        logger.info({ value });
        expect(lines.join('')).not.toContain(SECRET);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a TurnupError', () => {
  test('shows code, class, detail, faults and the chain of causes', () => {
    const { logger, last } = capture();
    const cause = new Error('socket hang up', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
    const error = new TurnupError('TURNUP_OUTCOME_UNKNOWN', {
      detail: 'POST /api/contacts/',
      faults: [{ path: ['subscribers', 0, 'number'], message: 'is not a number' }],
      cause,
    });
    logger.error(error);
    expect(last()['err']).toMatchObject({
      type: 'TurnupError',
      code: 'TURNUP_OUTCOME_UNKNOWN',
      class: 'ambiguous',
      detail: 'POST /api/contacts/',
      faults: [{ path: 'subscribers.0.number', message: 'is not a number' }],
      causes: [
        { type: 'Error', message: 'socket hang up' },
        { message: 'reset', code: 'ECONNRESET' },
      ],
    });
    expect(last()['msg']).toBe(error.message);
  });

  test('with a circle of causes ends', () => {
    const { logger, last } = capture();
    const one = new Error('one');
    const two = new Error('two', { cause: one });
    one.cause = two;
    logger.error(one);
    expect(last()['err'].causes.length).toBeLessThan(3);
  });
});

test('a line has limits: depth, width, text', () => {
  const { logger, lines } = capture();
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  logger.info({ circle, text: 'x'.repeat(100_000), list: Array.from({ length: 100_000 }, () => 'y') });
  logger.error(new Error('z'.repeat(100_000)));
  for (const line of lines) expect(line.length).toBeLessThan(20_000);
});
