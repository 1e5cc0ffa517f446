import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf } from '../setup/markdown.ts';

const ROOT = resolve(import.meta.dirname, '../..');

interface Manifest {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

const pages = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
].map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

describe('docs/dependencies.md', () => {
  const page = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
  const explained = [...page.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, name, why]) => ({
    name: name!,
    why: why!,
  }));

  test('says of every package in package.json why it is there, and of no other', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const named = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(explained.map(({ name }) => name).toSorted()).toEqual(named.toSorted());
  });

  test('gives a reason, not a blank', () => {
    for (const { why } of explained) expect(why.split(' ').length).toBeGreaterThan(3);
  });
});

test.each(pages)('$path bears no mark of a merge', ({ text }) => {
  expect(text).not.toMatch(/^(?:<{7} |={7}$|>{7} )/m);
});

test('packages are pinned exactly', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  for (const version of Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

describe.each(pages)('$path', ({ path, text }) => {
  test('links to pages, parts of pages and files that are there', () => {
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [file = '', anchor] = link!.split('#');
      const target = file ? join(ROOT, dirname(path), file) : join(ROOT, path);
      expect(existsSync(target), `${link} is there`).toBe(true);
      const anchors = anchor ? anchorsOf(readFileSync(target, 'utf8')) : [undefined];
      expect(anchors, `${link} is there`).toContain(anchor);
    }
  });

  test('names package scripts that are there', () => {
    for (const [, script] of text.matchAll(/npm run ([a-z][\w:-]*)/g))
      expect(manifest.scripts).toHaveProperty([script!]);
  });
});

test('README opens with the two commands', () => {
  const [, first] = /```\w*\n([\s\S]+?)```/.exec(pages[0]!.text) ?? [];
  expect(first).toContain('npm ci && npm run demo');
  expect(first).toContain('npm ci && npm test');
});
