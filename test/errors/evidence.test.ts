import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { evidenceOf, TurnupError, withEvidence, withoutSecrets, type Exchanged } from '../../src/errors/index.ts';

const exchanged = (more: Partial<Exchanged> = {}): Exchanged => ({
  method: 'POST',
  object: '/companies?key=C-1',
  body: '{"name":"Ann"}',
  status: 200,
  headers: { 'content-type': 'application/json' },
  text: '{"odd":true}',
  ...more,
});

const unexpected = () => new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'odd' });

describe('withoutSecrets', () => {
  const SECRET = `p"a/s&<s>'é ?`;

  test.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ a: SECRET })],
    ['in JSON with escaped slashes', JSON.stringify({ a: SECRET }).replaceAll('/', String.raw`\/`)],
    [
      'in JSON of ASCII alone',
      JSON.stringify({ a: SECRET })
        .replaceAll('/', String.raw`\/`)
        .replaceAll('é', String.raw`\u00e9`),
    ],
    ['in XML', `<a>p"a/s&amp;&lt;s&gt;'é ?</a>`],
    ['in XML with every escape', '<a>p&quot;a/s&amp;&lt;s&gt;&apos;é ?</a>'],
    ['in a URL', `/x/${encodeURIComponent(SECRET)}?b`],
    ['in a form', new URLSearchParams({ a: SECRET }).toString()],
  ])('takes a value out %s', (_, text) => {
    const clean = withoutSecrets(text, [SECRET]);
    expect(clean).toContain('*****');
    expect(clean).not.toMatch(/p\W{1,6}a|quot;a|p%22a/);
  });

  test('leaves nothing of a value that another is a part of, and nothing out for an empty one', () => {
    expect(withoutSecrets('abc-abcdef-x', ['abc', 'abcdef', ''])).toBe('*****-*****-x');
  });
});

describe('what an error carries of its exchange', () => {
  test('is as it went over the wire, without the secrets that are known', () => {
    const error = withEvidence(
      unexpected(),
      exchanged({ body: '{"pin":"4711"}', text: '<p>4711</p>', object: '/x?pin=4711' }),
      ['4711'],
    );
    expect(evidenceOf(error)).toEqual({
      method: 'POST',
      object: '/x?pin=*****',
      sent: { text: '{"pin":"*****"}', characters: 15 },
      status: 200,
      contentType: 'application/json',
      answered: { text: '<p>*****</p>', characters: 12 },
    });
  });

  test('is bounded, and says how long it was', () => {
    const long = 'x'.repeat(100_000);
    const error = withEvidence(unexpected(), exchanged({ body: long, text: long, object: long }), []);
    const { sent, answered, object } = evidenceOf(error)!;
    expect([sent!.text.length, sent!.characters]).toEqual([4_096, 100_000]);
    expect([answered.text.length, answered.characters]).toEqual([16_384, 100_000]);
    expect(object).toHaveLength(1_024);
  });

  test('I8 no part of a secret is left where the text is cut', () => {
    const text = `${'x'.repeat(16_380)}SECRET`;
    const error = withEvidence(unexpected(), exchanged({ text }), ['SECRET']);
    expect(evidenceOf(error)!.answered.text).toBe(`${'x'.repeat(16_380)}****`);
  });

  test('I8 is in no print of the error', () => {
    const error = withEvidence(unexpected(), exchanged({ text: 'ANSWER' }), []);
    const outer = new TurnupError('TURNUP_INTERNAL', { cause: error });
    for (const one of [error, outer]) {
      expect(inspect(one, { depth: 9, showHidden: true })).not.toContain('ANSWER');
      expect(JSON.stringify({ one, all: Object.entries(one) })).not.toContain('ANSWER');
      expect(inspect(structuredClone({ one }))).not.toContain('ANSWER');
    }
  });

  test('is that of the cause where an error has none of its own', () => {
    const error = withEvidence(unexpected(), exchanged(), []);
    expect(evidenceOf(new TurnupError('TURNUP_INTERNAL', { cause: error }))).toBe(evidenceOf(error));
    expect(evidenceOf(unexpected())).toBeNull();
    const circle = new Error('a');
    circle.cause = circle;
    expect(evidenceOf(circle)).toBeNull();
  });
});
