import { describe, expect, test } from 'vitest';
import { describePattern, findAnswer, matchesAnswer, TurnupError, type FaultRule } from '../../src/errors/index.ts';
import { PLATFORMS } from '../../src/platforms/registry.ts';
import { explainAnswer, judge } from '../../src/targets/faults.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';

const ANSWER = { status: 500, text: 'Deadlock found when trying to get lock', write: true, step: 'subscriber' };

describe('a pattern', () => {
  test.each([
    ['nothing given', {}, true],
    ['the status', { status: 500 }, true],
    ['another status', { status: 501 }, false],
    ['a status from on', { status: { from: 500 } }, true],
    ['a status from higher on', { status: { from: 501 } }, false],
    ['words of the text', { text: 'trying to get' }, true],
    ['words in other letters', { text: 'deadlock' }, false],
    ['an expression', { text: /^dead ?lock/i }, true],
    ['another expression', { text: /lock$ed/ }, false],
    ['the step', { step: 'subscriber' }, true],
    ['another step', { step: 'contact' }, false],
    ['calls that write', { write: true }, true],
    ['calls that read', { write: false }, false],
    ["the platform's own code", { platformCode: 'Server' }, false],
  ])('%s', (_, pattern, matches) => {
    expect(matchesAnswer(pattern, ANSWER)).toBe(matches);
  });

  test('of writes or reads matches where nobody knows which it was', () => {
    expect(matchesAnswer({ write: false }, { status: 500, text: '' })).toBe(true);
  });

  test('with a step does not match where no step is known', () => {
    expect(matchesAnswer({ step: 'subscriber' }, { status: 500, text: '' })).toBe(false);
  });

  test('looks at the beginning of a text only', () => {
    expect(matchesAnswer({ text: 'end' }, { status: 500, text: `${'x'.repeat(500)}end` })).toBe(false);
    expect(matchesAnswer({ text: 'end' }, { status: 500, text: `${'x'.repeat(497)}end` })).toBe(true);
  });

  test('is told in words', () => {
    expect(describePattern({})).toBe('any status');
    expect(describePattern({ status: { from: 500 }, text: 'x', write: false, step: 's', platformCode: 'c' })).toBe(
      '500 and above, code c, text with "x", reads, step s',
    );
    expect(describePattern({ status: 422, text: /^a/i, write: true })).toBe('422, text /^a/i, writes');
  });
});

describe.each([...PLATFORMS, toyPlatform(createWorld())].map((platform) => [platform.name, platform.answers] as const))(
  'the table of %s',
  (_, answers) => {
    test('has a row for every answer there can be', () => {
      for (let status = 0; status < 1_000; status += 1) {
        for (const write of [true, false]) expect(findAnswer(answers, { status, text: 'news', write })).toBeDefined();
      }
    });

    test('gives each row its own examples', () => {
      for (const row of answers) {
        const status = typeof row.status === 'object' ? row.status.from : (row.status ?? 200);
        const { write, step, platformCode } = row;
        for (const text of row.examples) {
          const answer = { status, text, ...(step && { step }), ...(platformCode && { platformCode }) };
          expect(findAnswer(answers, { ...answer, write: write ?? true })).toBe(row);
        }
      }
    });

    test('tells every row in a sentence', () => {
      for (const { says } of answers) expect(says).toMatch(/^[A-Z].*\.$/);
    });
  },
);

describe("the operators' rules", () => {
  const rules: FaultRule[] = [
    { status: 422, text: 'taken', step: 'subscriber', class: 'transient', hint: 'Wait for the nightly job.' },
    { status: 422, class: 'conflict' },
  ];
  const refused = (text: string, status = 422) =>
    new TurnupError('TURNUP_TARGET_REJECTED', { detail: 'why', answer: { status, text }, retryAfterMs: 7 });

  test('the first that matches decides about class and hint; the rest stays', () => {
    const judged = judge(rules, refused('it is taken'), 'subscriber');
    expect(judged).toMatchObject({
      code: 'TURNUP_TARGET_REJECTED',
      class: 'transient',
      hint: 'Wait for the nightly job.',
      detail: 'why',
      retryAfterMs: 7,
    });
    expect(judge(rules, refused('it is taken'), 'contact')).toMatchObject({
      class: 'conflict',
      hint: refused('').hint,
    });
  });

  test('what they do not name, and what was no answer, is as it was', () => {
    const other = refused('it is taken', 500);
    expect(judge(rules, other, 'subscriber')).toBe(other);
    const lost = new TurnupError('TURNUP_OUTCOME_UNKNOWN');
    expect(judge([{ class: 'rejected' }], lost, 'subscriber')).toBe(lost);
    expect(judge([], refused('it is taken'), 'subscriber')).toMatchObject({ class: 'rejected' });
  });

  test('come before the table in an explanation', () => {
    const { answers } = toyPlatform(createWorld());
    expect(explainAnswer(answers, rules, { status: 422, text: 'it is taken', step: 'subscriber' })).toMatchObject({
      rule: 0,
      row: { code: 'TURNUP_NUMBER_TAKEN' },
      class: 'transient',
      hint: 'Wait for the nightly job.',
    });
    expect(explainAnswer(answers, [], { status: 422, text: 'it is taken' })).toMatchObject({
      rule: null,
      class: 'conflict',
      hint: null,
    });
    expect(explainAnswer(answers, [], { status: 418, text: '' })).toMatchObject({ class: 'bug' });
  });
});
