import { describe, expect, it } from 'vitest';
import { evidenceOf, TurnupError, type Evidence } from '../../src/errors/index.ts';
import { keepAnswer, SipwiseRefusal } from '../../src/platforms/sipwise/refusal.ts';
import { failure } from '../setup/failure.ts';
import { createServerOf, type Sent } from './answering-server.ts';
import * as ngnpro from './ngnpro/lab.ts';
import * as sippulse from './sippulse/lab.ts';
import { hooksFor, profileWith, useLabs } from './webportal/lab.ts';

/* Every platform's errors carry the answer that they are about, without the secrets that were sent or that it names. */

const SIP_PASSWORD = 's1p&Password';
const PIN = '4711';
const USER = { username: 'ana', domain: 'sip.example.com' };

/** Sends back what it was sent: platforms do so in their texts. */
const echo = (status: number) => (sent: Sent) => ({ status, body: `<html>not for you: ${sent.body}</html>` });

async function seen(work: Promise<unknown>): Promise<Evidence> {
  const evidence = evidenceOf(await failure(work));
  expect(evidence).not.toBeNull();
  return evidence!;
}

function expectClean(evidence: Evidence, ...secrets: string[]): void {
  const text = JSON.stringify(evidence);
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(evidence.answered.text).toContain('*****');
}

describe('SIPPulse', () => {
  it('I8 without passwords: those of the call, and that of the login in it', async () => {
    const server = await createServerOf((sent) =>
      sippulse.operationOf(sent) === 'listDomains'
        ? sippulse.response('listDomains', '<domain><domain>x</domain></domain>')
        : echo(404)(sent),
    );
    const { client } = sippulse.bound(server.url, { auth: { username: 'u', password: 'login-password' } });
    const args = { subscriber: { ...USER, webPassword: SIP_PASSWORD } };
    const evidence = await seen(client.write('SubscriberWS', 'insertSubscriber', args));
    expect(evidence).toMatchObject({ method: 'insertSubscriber', object: 'SubscriberWS', status: 404 });
    expect(evidence.sent!.text).toContain('<username>ana</username>');
    expectClean(evidence, SIP_PASSWORD, 's1p&amp;Password', 'login-password');
  });

  it('also where the answer cannot be read', async () => {
    const server = await createServerOf(() => ({ body: sippulse.envelope('<a>').slice(0, -20) }));
    const evidence = await seen(sippulse.bound(server.url).client.read('SubscriberWS', 'retrieveSubscriber', USER));
    expect(evidence).toMatchObject({ status: 200, answered: { text: expect.stringContaining('Envelope') } });
  });
});

describe('NGNPro', () => {
  it('I8 without passwords: those of the call, and that of the login in its header', async () => {
    const server = await createServerOf(echo(404));
    const auth = { username: 'u', password: 'login-password' };
    const { client } = ngnpro.bound(server.url, { auth });
    const account = { id: USER, password: SIP_PASSWORD };
    const evidence = await seen(client.call('SipPort', 'updateAccount', { account }));
    expect(evidence).toMatchObject({ method: 'updateAccount', object: 'SipPort', status: 404 });
    expect(evidence.sent!.text).toContain('<username>ana</username>');
    expectClean(evidence, SIP_PASSWORD, 's1p&amp;Password', 'login-password');
  });
});

describe('Sipwise', () => {
  const call = {
    method: 'POST',
    path: '/api/subscribers/?x=1',
    write: true,
    body: { ...USER, password: SIP_PASSWORD },
  };

  it('I8 without the secrets of the call, and those that the answer names', () => {
    const text = JSON.stringify({ message: `Validation: field='voicepin', input='${PIN}' of ${SIP_PASSWORD}` });
    const headers = { 'content-type': 'application/json' };
    const error = new SipwiseRefusal(call, { status: 418, text, headers });
    const evidence = evidenceOf(error)!;
    expect(evidence).toMatchObject({
      method: 'POST',
      object: '/api/subscribers/?x=1',
      sent: { text: JSON.stringify({ ...USER, password: '*****' }) },
      status: 418,
      contentType: 'application/json',
    });
    expectClean(evidence, SIP_PASSWORD, PIN);
  });

  it('also of a success that is none', () => {
    const error = new TurnupError('TURNUP_OUTCOME_UNKNOWN');
    expect(evidenceOf(keepAnswer(error, call, { status: 201, text: 'odd', headers: {} }))).toMatchObject({
      status: 201,
      answered: { text: 'odd', characters: 3 },
    });
  });
});

describe('the web portal', () => {
  const { serve, connectTo } = useLabs();
  const NAMES = {
    companyKey: 'C-1',
    companyId: '7',
    userId: '9',
    number: '+390612345',
    officeName: 'x',
    officeId: '8',
  };
  const profile = profileWith('status', { auth: { kind: 'basic' }, basePath: undefined });

  it('I8 without what the profile calls a secret, wherever it stands in the answer, and without the login', async () => {
    const text = JSON.stringify({
      what: { device: { secret: 'from-the-portal' } },
      of: [SIP_PASSWORD, 'portal-password'],
    });
    const { url, seen: sent } = await serve(() => ({ status: 202, body: text }));
    const client = connectTo(url, profile).bind(hooksFor());
    const fields = { number: '+390612345', password: SIP_PASSWORD };
    const evidence = await seen(client.create('user.create', NAMES, fields));
    expect(evidence).toMatchObject({ method: 'POST', object: sent[0]!.url, status: 202 });
    expect(sent[0]!.body).toContain(SIP_PASSWORD);
    expect(evidence.sent!.text).toContain('0612345');
    expectClean(evidence, SIP_PASSWORD, 'portal-password', 'from-the-portal');
    expect(evidence.answered.text).toBe('{"what":{"device":{"secret":"*****"}},"of":["*****","*****"]}');
  });

  it('I8 nor the session that a login gave which nobody understood', async () => {
    const text = JSON.stringify({ outcome: 'WELL', data: { session: 'let-me-in' } });
    const { url } = await serve(() => ({ status: 201, body: text }));
    const evidence = await seen(connectTo(url, profileWith('outcome')).bind(hooksFor()).find('company.find', NAMES));
    expect(evidence).toMatchObject({ object: '/api/session', status: 201 });
    expectClean(evidence, 'let-me-in', 'portal-password');
  });

  it('is not troubled by an answer of any depth', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const { url } = await serve(() => ({ status: 202, body: deep }));
    const evidence = await seen(connectTo(url, profile).bind(hooksFor()).find('company.find', NAMES));
    expect(evidence.answered.characters).toBe(deep.length);
  });
});
