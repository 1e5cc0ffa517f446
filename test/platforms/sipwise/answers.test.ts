import { describe, expect, it } from 'vitest';
import { classOfRow, findAnswer, type ErrorClass } from '../../../src/errors/index.ts';
import { ANSWER_TABLE, ANSWERS } from '../../../src/platforms/sipwise/answers.ts';
import { isGone, messageOf, SipwiseRefusal } from '../../../src/platforms/sipwise/refusal.ts';

const classifyAnswer = (status: number, text: string, write: boolean) =>
  findAnswer(ANSWER_TABLE, { status, text, write });
const classOf = (status: number, text: string, write = true): ErrorClass =>
  classOfRow(classifyAnswer(status, text, write));

const response = (status: number, text: string, headers: Record<string, string> = {}) => ({ status, text, headers });
const call = { method: 'POST', path: '/api/subscribers/?x=y', write: true };

describe('the table of answers', () => {
  it.each(ANSWERS.map((row, index) => ({ row, index })))('row $index is reached ($row.status $row.text)', ({ row }) => {
    const examples = row.text ? row.examples : ['something nobody has seen', ...row.examples];
    expect(examples.length).toBeGreaterThan(0);
    for (const text of examples) expect(classifyAnswer(row.status, text, row.write ?? true)).toBe(row);
  });

  it('has a row for any text of every status of the page, and one for every other status', () => {
    for (const status of [301, 302, 400, 401, 403, 404, 408, 409, 413, 415, 422, 423, 429, 500, 502, 503, 504]) {
      for (const write of [true, false]) {
        const row = classifyAnswer(status, 'Völlig neu', write);
        expect(row.status).toBe(status);
        expect(row.text).toBeUndefined();
      }
    }
    for (const status of [100, 304, 402, 418, 451]) expect(classOf(status, '')).toBe('bug');
    for (const status of [501, 507, 599]) expect(classOf(status, '')).toBe('transient');
  });

  it.each<[number, string, ErrorClass]>([
    [401, 'Authorization required.', 'auth'],
    [403, 'User not found', 'auth'],
    [403, 'Banned', 'auth'],
    [403, 'Password expired', 'auth'],
    [403, 'Invalid user', 'rejected'],
    [403, 'Maximum number of customer subscribers reached.', 'rejected'],
    [404, "Entity 'customer' not found.", 'rejected'],
    [404, 'Path not found', 'bug'],
    [422, 'Subscriber already exists.', 'conflict'],
    [422, "Number '43-1-100001' already exists.", 'conflict'],
    [422, "Invalid 'domain', doesn't exist.", 'rejected'],
    [423, 'Contact is still in use.', 'transient'],
    [429, '', 'throttled'],
    [500, 'Failed to create subscriber', 'transient'],
    [500, 'Failed to activate domain. Domain was created', 'ambiguous'],
    [502, '', 'ambiguous'],
    [503, '', 'outage'],
    [504, '', 'ambiguous'],
  ])('%i %s is %s', (status, text, expected) => {
    expect(classOf(status, text)).toBe(expected);
  });

  it('takes a lost reply of a read for transient', () => {
    for (const status of [408, 502, 504]) expect(classOf(status, '', false)).toBe('transient');
  });
});

describe('a refusal', () => {
  it('says what was called and what the target said', () => {
    const refusal = new SipwiseRefusal(
      call,
      response(422, '{"code":422,"message":"Number \'43-1-100001\' already exists."}'),
    );
    expect(refusal.code).toBe('TURNUP_NUMBER_TAKEN');
    expect(refusal.detail).toBe(
      "A number is taken. POST /api/subscribers/ was answered 422: Number '43-1-100001' already exists.",
    );
  });

  it('keeps the answer, and which step got it, for whoever judges it', () => {
    const refusal = new SipwiseRefusal({ ...call, step: 'subscriber' }, response(422, '{"message":"No."}'));
    expect(refusal.answer).toEqual({ status: 422, text: 'No.', write: true, step: 'subscriber' });
  });

  it('keeps how long the target wants to be left alone', () => {
    expect(new SipwiseRefusal(call, response(429, '', { 'retry-after': '7' })).retryAfterMs).toBe(7000);
  });

  it('tells an object that is gone from a path that never was', () => {
    expect(
      isGone(new SipwiseRefusal(call, response(404, '{"code":404,"message":"Entity \'subscriber\' not found."}'))),
    ).toBe(true);
    expect(isGone(new SipwiseRefusal(call, response(404, '{"code":404,"message":"Path not found"}')))).toBe(false);
    expect(isGone(new SipwiseRefusal(call, response(404, '<html>not here</html>')))).toBe(false);
  });

  it('reads bodies that are cut short, plain, HTML or empty', () => {
    expect(
      messageOf(
        '{"code":422,"message":"Invalid parameter \'announcement_id\' for the destination \'«4311»\' in \'cfu\'"',
      ),
    ).toBe("Invalid parameter 'announcement_id' for the destination '«4311»' in 'cfu'");
    expect(messageOf('{"code":422,"message":"She said \\"no')).toBe('She said "no');
    expect(messageOf('Authorization required.')).toBe('Authorization required.');
    expect(messageOf('<html><body>502 Bad Gateway</body></html>')).toBe('(a page in HTML)');
    expect(messageOf('')).toBe('');
    expect(messageOf('null')).toBe('null');
    expect(messageOf(`{"message":"${'x'.repeat(10_000)}"}`)).toHaveLength(501);
  });

  it('I8 never quotes a PIN, a password or a preference that is one', () => {
    const pin = new SipwiseRefusal(
      { ...call, body: [{ op: 'replace', path: '/pin', value: '12' }] },
      response(
        422,
        `{"code":422,"message":"Validation failed. field='pin', input='12', errors='Field must be at least 4 characters. You entered 2'"}`,
      ),
    );
    expect(pin.detail).not.toContain("'12'");
    expect(pin.detail).toContain("field='pin'");
    for (const body of [
      { password: 'hunter22' },
      { webpassword: 'hunter22' },
      [{ op: 'add', path: '/peer_auth_pass', value: 'hunter22' }],
    ]) {
      const refusal = new SipwiseRefusal({ ...call, body }, response(422, '{"message":"weird: hunter22 is no good"}'));
      expect(refusal.message).toContain('weird: ***** is no good');
    }
  });
});
