import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CHAOS_PLATFORMS } from './platforms/index.ts';

interface Run {
  code: number | null;
  lines: Record<string, unknown>[];
  errors: string;
}

/** As a person runs it. */
function chaos(...args: string[]): Promise<Run> {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const lines = output.trimEnd().split('\n').filter(Boolean);
      resolve({ code, errors, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) });
    });
  });
}

test('chaos on mixed targets leaves no violation', { timeout: 400_000 }, async () => {
  const { code, lines, errors } = await chaos('--quick', '--seed', '4');
  expect(lines.filter(({ event }) => event === 'violation')).toEqual([]);
  const served = lines.filter(({ event }) => event === 'states').map(({ target }) => target);
  expect(served, errors).toEqual(CHAOS_PLATFORMS.map(({ name }) => name));
  const summary = lines.at(-1);
  expect(Object.keys(summary ?? {}), errors).toEqual(['seed', 'orders', 'faults', 'kills', 'repairs', 'violations']);
  expect(summary).toMatchObject({ seed: 4, orders: 60, violations: 0 });
  expect(summary!['kills']).toBeGreaterThan(0);
  expect(summary!['faults']).toBeGreaterThan(0);
  expect(code).toBe(0);
});
