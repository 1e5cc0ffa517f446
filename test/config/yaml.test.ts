import { describe, expect, it } from 'vitest';
import { faultsOf } from './support.ts';

const BOMB = `
a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
`;

describe('YAML of the configuration', () => {
  it.each([
    ['a key twice', 'http: { port: 1 }\nhttp: { port: 2 }', /line 2: Map keys must be unique/],
    ['a tag', 'http: !evil { port: 1 }', /line 1: Unresolved tag/],
    ['two documents', 'http: {}\n---\nlog: {}', /line \d: /],
    ['no YAML', 'http: { port: 1', /line \d: /],
    ['too many aliases', BOMB, /aliases/],
    ['a way into JavaScript objects', 'targets: { "__proto__": { platform: sipwise } }', /"__proto__" is no setting/],
    ['no map', '- 1\n- 2', /must be a map of settings/],
  ])('refuses %s', (_, text, message) => {
    const faults = faultsOf(text);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join('\n')).toMatch(message);
  });

  it('quotes nothing of a text it cannot read', () => {
    const faults = faultsOf('operators: [{ password: "hunter2hunter2, token: *hunter3 }]\n x: @hunter4');
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join('\n')).not.toMatch(/hunter/);
  });
});
