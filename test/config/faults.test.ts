import { describe, expect, it } from 'vitest';
import { matchesAnswer } from '../../src/errors/index.ts';
import { example, faultsOf, parse } from './support.ts';

function withRules(...faults: unknown[]): Record<string, unknown> {
  const value = structuredClone(example()) as { targets: { vienna: Record<string, unknown> } };
  value.targets.vienna['faults'] = faults;
  return value;
}

const rulesOf = (...faults: unknown[]) => parse(withRules(...faults)).targets.get('vienna')!.faults;

describe('targets.<name>.faults', () => {
  it('takes plain words as they are, and a pattern between slashes', () => {
    const rules = rulesOf(
      { status: 500, text: 'a.c (d)', class: 'transient' },
      { text: '/^dead ?lock\\b.*row/i', step: 'subscriber', class: 'ambiguous', hint: 'Wait.' },
      { class: 'bug' },
    );
    expect(rules).toEqual([
      { status: 500, text: 'a.c (d)', class: 'transient' },
      { text: /^dead ?lock\b.*row/i, step: 'subscriber', class: 'ambiguous', hint: 'Wait.' },
      { class: 'bug' },
    ]);
  });

  it('is empty when it is left out', () => {
    const value = example() as { targets: { vienna: Record<string, unknown> } };
    delete value.targets.vienna['faults'];
    expect(parse(value).targets.get('vienna')?.faults).toEqual([]);
  });

  it.each([
    [{ status: 500 }, 'class'],
    [{ class: 'nonsense' }, 'class'],
    [{ class: 'bug', status: 42 }, 'status'],
    [{ class: 'bug', step: 'nothing' }, 'step: must be one of contact, customer'],
    [{ class: 'bug', text: '' }, 'text'],
    [{ class: 'bug', text: 'x'.repeat(201) }, 'text'],
    [{ class: 'bug', hint: '' }, 'hint'],
    [{ class: 'bug', tekst: 'x' }, 'tekst: is not a known setting'],
    [{ class: 'bug', text: '/(/' }, 'text: is not a regular expression'],
    [{ class: 'bug', text: '/(a+)+$/' }, 'text: is a pattern that could take too long: it may not repeat a group'],
    [{ class: 'bug', text: '/(a|a)*$/' }, 'may not repeat a group'],
    [{ class: 'bug', text: '/(a|b){9}/' }, 'may not repeat a group'],
    [{ class: 'bug', text: '/a*a*a*a*a*b/' }, 'may have 2 of'],
    [{ class: 'bug', text: '/a{1,}a+a{2,9}b/' }, 'may have 2 of'],
    [{ class: 'bug', text: '/(a)\\1/' }, 'may not look around or refer back'],
    [{ class: 'bug', text: '/(?<=a)b/' }, 'may not look around or refer back'],
    [{ class: 'bug', text: '/(?=a)b/' }, 'may not look around or refer back'],
  ])('refuses %j', (rule, fault) => {
    const faults = faultsOf(withRules({ class: 'bug' }, rule));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('targets.vienna.faults.1.');
    expect(faults[0]).toContain(fault);
  });

  it.each(['/a*a*b/', '/.*.*x/', '/[^x]+[^x]*x/', '/\\(\\+\\)\\*[*+]{3}/', '/(?:one|two) .*/'])(
    'takes %s, and it is quick on the worst of texts',
    (text) => {
      const [rule] = rulesOf({ text, class: 'bug' });
      const begun = performance.now();
      for (let times = 0; times < 10; times += 1) matchesAnswer(rule!, { status: 500, text: 'a'.repeat(100_000) });
      // Patterns that are not bounded take hours; there is room for a slow machine.
      expect(performance.now() - begun).toBeLessThan(20_000);
    },
  );
});
