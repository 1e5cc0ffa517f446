import { describe, expect, it } from 'vitest';
import { renderConfigReference } from '../../src/config/index.ts';
import { example } from './support.ts';

/** Paths of every setting of a value, as the page writes them. */
function paths(value: unknown, path: string): string[] {
  if (Array.isArray(value))
    return value.flatMap((item) => (typeof item === 'object' ? paths(item, `${path}[]`) : [path]));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => paths(item, path === '' ? key : `${path}.${key}`));
}

describe('configuration reference', () => {
  const page = renderConfigReference();

  it('tells every setting, with a description', () => {
    for (const path of paths(example(), '')) {
      const row = page
        .split('\n')
        .find((line) => line.startsWith(`| \`${path.replace('targets.vienna', 'targets.<name>')}\` |`));
      expect(row, path).toBeDefined();
      expect(row!.split(' | ').at(-1), path).toMatch(/\w.*\|$/);
    }
  });

  it('is the same every time', () => {
    expect(renderConfigReference()).toBe(page);
  });
});
