import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { TurnupError } from '../../../src/errors/index.ts';
import { isFault } from '../../../src/platforms/sippulse/fault.ts';
import { readSurface } from '../../../src/platforms/soap/surface.ts';
import { walkXml } from '../../../src/platforms/soap/xml.ts';
import { settings, start } from './fixture.ts';
import { failure } from '../../setup/failure.ts';
import {
  bound,
  breakdown,
  createServerOf,
  envelope,
  fault,
  operationOf,
  response,
  type Answer,
  type Sent,
} from './lab.ts';

const USER = { username: 'ana', domain: 'sip.example.com' };

/** Answers `listDomains` well and everything else as told: the login is good. */
const goodLogin = (answer: Answer) => (sent: Sent) =>
  operationOf(sent) === 'listDomains' ? response('listDomains', '<domain><domain>x</domain></domain>') : answer;

async function errorOf(answer: Answer, write: boolean): Promise<TurnupError> {
  const server = await createServerOf(goodLogin(answer));
  const { client } = bound(server.url);
  return failure(client[write ? 'write' : 'read']('SubscriberWS', 'addCredit', { ...USER, value: 1, obs: 'o' }));
}

describe('what an answer means', () => {
  test.each([
    ['a fault of a write', fault('Does not matter'), true, 'TURNUP_TARGET_REJECTED', 'transient'],
    ['a fault of a read', fault('Does not matter'), false, 'TURNUP_TARGET_FAILED', 'transient'],
    ['a fault with status 200', fault('Does not matter', 'S:Server', 200), true, 'TURNUP_TARGET_REJECTED', 'transient'],
    ['a call it does not know', fault('No dispatch method', 'S:Client'), true, 'TURNUP_TARGET_UNEXPECTED', 'bug'],
    ['500 that is no fault, of a write', { status: 500, body: '<html/>' }, true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    ['500 that is no fault, of a read', { status: 500, body: '<html/>' }, false, 'TURNUP_TARGET_FAILED', 'transient'],
    ['a fault that is not the service’s, of a write', breakdown, true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    ['a fault that is not the service’s, of a read', breakdown, false, 'TURNUP_TARGET_FAILED', 'transient'],
    ['the same with status 200', { ...breakdown, status: 200 }, true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    ['502 of a write', { status: 502, body: '' }, true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    ['504 of a read', { status: 504, body: '' }, false, 'TURNUP_TARGET_FAILED', 'transient'],
    ['503', { status: 503, body: '' }, true, 'TURNUP_TARGET_UNAVAILABLE', 'outage'],
    ['429', { status: 429, body: '', headers: { 'retry-after': '7' } }, true, 'TURNUP_TARGET_THROTTLED', 'throttled'],
    ['401', { status: 401, body: '' }, true, 'TURNUP_TARGET_LOGIN_REFUSED', 'auth'],
    ['403', { status: 403, body: '' }, false, 'TURNUP_TARGET_LOGIN_REFUSED', 'auth'],
    ['404', { status: 404, body: '<html>no such page</html>' }, true, 'TURNUP_TARGET_UNEXPECTED', 'bug'],
    ['a page instead of an envelope, to a write', { body: '<html/>' }, true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    ['a page instead of an envelope, to a read', { body: '<html/>' }, false, 'TURNUP_TARGET_UNEXPECTED', 'bug'],
    ['the answer to another call', response('addCredits'), true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    [
      'an envelope that breaks off',
      { body: envelope('<a>').slice(0, -20) },
      true,
      'TURNUP_OUTCOME_UNKNOWN',
      'ambiguous',
    ],
  ] as const)('%s', async (_, answer, write, code, errorClass) => {
    const error = await errorOf(answer, write);
    expect(error).toMatchObject({ code, class: errorClass });
    if (code === 'TURNUP_TARGET_THROTTLED') expect(error.retryAfterMs).toBe(7000);
  });

  test('the words of a fault are told and decide nothing', async () => {
    const texts = ['Subscriber already exists', 'not found', 'User not authenticated', 'deadlock', ''];
    const errors = await Promise.all(texts.map((text) => errorOf(fault(text), true)));
    expect(new Set(errors.map(({ code, class: of }) => `${code} ${of}`)).size).toBe(1);
    expect(errors[0]!.detail).toContain('Subscriber already exists');
    expect(errors.every((error) => isFault(error))).toBe(true);
  });

  test('only a service’s own fault is one about what was asked for', async () => {
    for (const answer of [breakdown, { ...breakdown, status: 200 }, fault('no such call', 'S:Client')]) {
      expect(isFault(await errorOf({ ...answer, body: answer.body.replace(/<detail>.*<\/detail>/, '') }, false))).toBe(
        false,
      );
    }
    expect(isFault(await errorOf(fault('no'), false))).toBe(true);
  });

  test('a fault is an answer, a server that broke down is none', async () => {
    const server = await createServerOf(goodLogin(fault('no')));
    const { client, calls } = bound(server.url);
    await failure(client.write('SubscriberWS', 'blockSubscriber', USER));
    expect(calls[0]).toMatchObject({ method: 'blockSubscriber', object: 'SubscriberWS', outcome: 'refused' });
    for (const answer of [{ status: 500, body: '<html/>' }, breakdown]) {
      const other = await createServerOf(() => answer);
      const broken = bound(other.url);
      await failure(broken.client.write('SubscriberWS', 'blockSubscriber', USER));
      expect(broken.calls).toMatchObject([{ status: 500, outcome: 'failed' }]);
    }
  });
});

describe('a login that is refused', () => {
  test('is told from other faults by calls that need nothing but the login', async () => {
    const server = await createServerOf(() => fault('whatever it says'));
    const { client } = bound(server.url);
    expect(await failure(client.read('SubscriberWS', 'retrieveSubscriber', USER))).toMatchObject({
      code: 'TURNUP_TARGET_LOGIN_REFUSED',
      class: 'auth',
    });
    expect(server.sent.map(operationOf)).toEqual(['retrieveSubscriber', 'listDomains', 'listProfilesByDomain']);
  });

  test.each([
    ['at its domain', { ...USER }],
    ['at the domain of an object', { subscriber: USER }],
    ['at the domain of an account', { accountCode: 'ana@sip.example.com' }],
  ])('is not one that may not list domains: it is asked %s', async (_, args) => {
    const server = await createServerOf((sent) =>
      operationOf(sent) === 'listProfilesByDomain' ? response('listProfilesByDomain') : fault('no'),
    );
    const { client } = bound(server.url);
    const [service, operation] = 'accountCode' in args ? ['DidWS', 'listByAcc'] : ['SubscriberWS', 'retrieveCredit'];
    expect(await failure(client.read(service, operation, args))).toMatchObject({ class: 'transient' });
    expect(server.sent.at(-1)!.body).toContain('<domain>sip.example.com</domain>');
  });

  test('is not one that was good before: a target that refuses everything is down', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      let isDown = false;
      const server = await createServerOf((sent) =>
        isDown ? fault('database is down') : response(operationOf(sent), ''),
      );
      const { client } = bound(server.url);
      await client.read('DomainWS', 'listDomains', {});
      isDown = true;
      vi.advanceTimersByTime(60_000);
      expect(await failure(client.read('SubscriberWS', 'retrieveSubscriber', USER))).toMatchObject({
        code: 'TURNUP_TARGET_UNAVAILABLE',
        class: 'outage',
      });
    } finally {
      vi.useRealTimers();
    }
  });

  test('nor does a fault of what it may not do stop the target, once it was good for something', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const server = await createServerOf((sent) =>
        operationOf(sent) === 'retrieveCredit' ? response('retrieveCredit', '<return>1</return>') : fault('no'),
      );
      const { client } = bound(server.url);
      await client.read('SubscriberWS', 'retrieveCredit', USER);
      vi.advanceTimersByTime(60_000);
      expect(await failure(client.read('DidWS', 'deleteDid', { didId: 4 }))).toMatchObject({ class: 'transient' });
    } finally {
      vi.useRealTimers();
    }
  });

  test('a server that breaks down refuses no login', async () => {
    const server = await createServerOf(() => breakdown);
    const { client } = bound(server.url);
    expect(await failure(client.read('SubscriberWS', 'retrieveSubscriber', USER))).toMatchObject({
      class: 'transient',
    });
    expect(server.sent).toHaveLength(1);
  });

  test('is not asked about while other calls go well, nor of the service that has no login', async () => {
    const server = await createServerOf((sent) =>
      operationOf(sent) === 'retrieveCredit' ? response('retrieveCredit', '<return>3</return>') : fault('no'),
    );
    const { client } = bound(server.url);
    await client.read('SubscriberWS', 'retrieveCredit', USER);
    expect(await failure(client.write('SubscriberWS', 'blockSubscriber', USER))).toMatchObject({ class: 'transient' });
    const args = { ...USER, password: 'x' };
    expect(await failure(client.read('CustomerWS', 'authenticate', args))).toMatchObject({ class: 'transient' });
    expect(server.sent.map(operationOf)).toEqual(['retrieveCredit', 'blockSubscriber', 'authenticate']);
    expect(server.sent.at(-1)!.body).not.toContain('principal');
  });
});

describe('an answer that is not to be parsed', () => {
  test.each([
    ['<!DOCTYPE a [<!ENTITY b "c">]><a/>', 'document type'],
    ['<a><!entity x "y"></a>', 'sound XML'],
    ['<a><![CDATA[ ] <?XML version="1.0"?><b/> ]]></a>', 'XML in a text'],
    [`${'<a>'.repeat(40)}${'</a>'.repeat(40)}`, 'deep'],
    ['<a><![CDATA[ <?xml version="1.0"?><b/> ]]></a>', 'XML in a text'],
  ])('%s', (xml, why) => {
    expect(walkXml(xml)).toContain(why);
  });

  test('a long list, comments and texts with signs are none', () => {
    const list = '<did><username>a &gt; b</username><x/></did>'.repeat(5000);
    expect(walkXml(`<?xml version="1.0"?><!-- <a><b> --><l>${list}<![CDATA[ <a><b> ]]></l>`)).toBeNull();
  });

  // What costs the square of its length is 64 times as dear at 8 times the length.
  test.each(
    ['<![CDATA[', '<!--', '<', '</', '<a ', '<?a', '<![CDATA[]]', ']]', '--', '<a b="', ' ', '&', '<portType '].flatMap(
      (piece) => [piece, `${piece}>`],
    ),
  )('%j without end is gone through once', (piece) => {
    const timeOf = (size: number): number => {
      const text = `<r>${piece.repeat(Math.ceil(size / piece.length))}x`;
      const times = [1, 2, 3, 4, 5].map(() => {
        // Of this thread alone: how busy the machine is says nothing.
        const before = process.threadCpuUsage();
        walkXml(text);
        readSurface(text);
        return process.threadCpuUsage(before).user / 1000;
      });
      return Math.min(...times);
    };
    timeOf(10_000);
    expect(timeOf(1_000_000) / Math.max(timeOf(125_000), 1)).toBeLessThan(32);
  });

  test.each([
    ['a document type', `<!DOCTYPE x [<!ENTITY a "aaaa">]>${response('listByAcc').body}`],
    ['levels without end', response('listByAcc', `${'<did>'.repeat(100)}${'</did>'.repeat(100)}`).body],
    ['more than the memory is for', response('listByAcc', `<did><domain>${'x'.repeat(5_000_000)}</domain></did>`).body],
  ])('%s ends the call', async (_, body) => {
    const server = await createServerOf(goodLogin({ body }));
    const { client } = bound(server.url);
    expect(await failure(client.read('DidWS', 'listByAcc', { accountCode: 'a' }))).toMatchObject({
      code: expect.stringMatching(/^TURNUP_TARGET_(?:UNEXPECTED|FAILED)$/),
    });
  });
});

describe('I8 no secret', () => {
  const SECRETS = ['Zx9-kq!vB72mm', 'Portal-kq!7', '471199', 'login-Password-1'];
  const subscriber = { ...USER, password: SECRETS[0], passwordPortal: SECRETS[1], voiceMailPassword: 471_199 };

  test.each([
    ['a fault that quotes them', fault(`wrong ${SECRETS.join(' and ')}`)],
    ['an answer that cannot be read', { body: envelope(`<a>${SECRETS.join('')}`).slice(0, -30) }],
    ['a page that quotes them', { status: 500, body: `<html>${SECRETS.join('')}</html>` }],
    ['an answer that is none to this call', response('other', SECRETS.join(' '))],
  ])('is in the error of %s', async (_, answer) => {
    const server = await createServerOf((sent) =>
      operationOf(sent) === 'listDomains' ? response('listDomains') : answer,
    );
    const { client, calls } = bound(server.url, { auth: { username: 'admin', password: SECRETS[3]! } });
    const error = await failure(client.write('SubscriberWS', 'insertSubscriber', { subscriber }));
    const told = `${inspect(error, { depth: 20, showHidden: true })}${JSON.stringify(error)}${inspect(error.cause, { depth: 20 })}${inspect(calls)}`;
    for (const secret of SECRETS) expect(told).not.toContain(secret);
    // It was really sent, so that there was something to leak.
    expect(server.sent[0]!.body).toContain(SECRETS[0]);
  });

  test('is in the error of a call that never came through', async () => {
    const { client } = bound('http://127.0.0.1:9', { auth: { username: 'admin', password: SECRETS[3]! } });
    const error = await failure(client.write('SubscriberWS', 'insertSubscriber', { subscriber }));
    expect(error.class).toBe('outage');
    for (const secret of SECRETS) expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
  });
});

describe('what surrounds a call', () => {
  test('I7 a call that may not go on is not sent', async () => {
    const server = await createServerOf(() => response('blockSubscriber'));
    const asked: boolean[] = [];
    const { client } = bound(
      server.url,
      {},
      {
        beforeCall: async (write: boolean) => {
          asked.push(write);
          if (write) throw new TurnupError('TURNUP_LEASE_LOST');
        },
      },
    );
    expect(await failure(client.write('SubscriberWS', 'blockSubscriber', USER))).toMatchObject({
      code: 'TURNUP_LEASE_LOST',
    });
    expect(server.sent).toEqual([]);
    expect(asked).toEqual([true]);
  });

  test('a reply that does not come in time leaves the outcome of a write open', async () => {
    const server = await createServerOf(() => new Promise<never>(() => {}));
    const { client, calls } = bound(server.url, { timeouts: { connectMs: 500, readMs: 100, writeMs: 100 } });
    expect(await failure(client.write('SubscriberWS', 'blockSubscriber', USER))).toMatchObject({
      code: 'TURNUP_OUTCOME_UNKNOWN',
    });
    expect(await failure(client.read('SubscriberWS', 'retrieveCredit', USER))).toMatchObject({
      code: 'TURNUP_TARGET_FAILED',
    });
    expect(calls.map(({ outcome }) => outcome)).toEqual(['unknown', 'failed']);
  });

  test('many calls at once through one client do not mix', async () => {
    const server = await createServerOf(async ({ body }) => {
      const username = /<username>(\d+)</.exec(body)![1]!;
      await new Promise((done) => setTimeout(done, Number(username) % 7));
      return response('retrieveCredit', `<return>${username}</return>`);
    });
    const { client } = bound(server.url);
    const all = Array.from({ length: 40 }, (_, at) => at);
    const replies = await Promise.all(
      all.map((at) => client.read('SubscriberWS', 'retrieveCredit', { ...USER, username: String(at) })),
    );
    expect(replies.map((reply) => reply?.['return'])).toEqual(all);
  });
});

describe('the names a server knows its operations by', () => {
  test.each([
    [{ spelling: 'live' }, 'lisAddresses', 'WhiteListWS'],
    [{ spelling: 'page', whiteListPath: 'WhitelistWS' }, 'listAddresses', 'WhitelistWS'],
  ] as const)('%o', async (options, name, path) => {
    const simulator = await start(options);
    try {
      const { client, calls } = bound(simulator.url);
      await client.read('AddressWS', 'lisAddresses', USER);
      await client.read('AddressWS', 'listAddresses', USER);
      await client.read('WhiteListWS', 'listWhiteList', USER);
      // Asked once, however often it is needed.
      expect(calls.map(({ method }) => method).filter((method) => method !== 'wsdl')).toEqual([
        name,
        name,
        'listWhiteList',
      ]);
      expect(calls.filter(({ method, object }) => method === 'wsdl' && object === 'AddressWS')).toHaveLength(1);
      const seen = (await (await fetch(`${simulator.url}/__calls`)).json()) as { path: string }[];
      expect(seen.at(-1)!.path).toBe(`/SipPulse/${path}`);
      expect(await client.offers('AddressWS', 'lisAddresses')).toBe(true);
    } finally {
      await simulator.close();
    }
  });

  test('are those that were seen live where the server shows no WSDL', async () => {
    const server = await createServerOf((sent) =>
      sent.method === 'GET' ? { status: 404, body: '' } : response('lisAddresses'),
    );
    const { client } = bound(server.url);
    expect(await client.read('AddressWS', 'lisAddresses', USER)).toBeNull();
    expect(server.sent.at(-1)!.body).toContain(':lisAddresses');
    expect(await client.offers('AddressWS', 'insertAddress')).toBe(true);
  });

  test('a service or operation that does not exist is a fault of ours', async () => {
    const { client } = bound('http://127.0.0.1:9');
    for (const [service, operation] of [
      ['NoWS', 'x'],
      ['DidWS', 'x'],
    ] as const) {
      expect(await failure(client.read(service, operation, {}))).toMatchObject({ class: 'bug' });
    }
  });
});

test('types and namespaces that a server writes into an answer are no part of it', async () => {
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"';
  const server = await createServerOf(() =>
    response(
      'retrieveSubscriber',
      `<return ${xsi} xsi:type="ns2:subscriberDTO"><callLimit xsi:type="xs:int">4</callLimit><city xsi:nil="true"/><voicemail>true</voicemail></return>`,
    ),
  );
  const { client } = bound(server.url);
  expect(await client.read('SubscriberWS', 'retrieveSubscriber', USER)).toEqual({
    return: { callLimit: 4, voicemail: true },
  });
});

test('a URL without a path means the usual one', async () => {
  const server = await createServerOf(() => response('listDomains'));
  const { client } = bound(server.url, { url: server.url });
  await client.read('DomainWS', 'listDomains', {});
  expect(server.sent[0]!.url).toBe('/SipPulse/DomainWS');
  expect(settings(server.url).url).toBe(`${server.url}/SipPulse`);
});
