import { describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/commands/coverage.ts';
import { PLATFORMS } from '../../src/platforms/registry.ts';
import { turnup } from './support.ts';

const covered = PLATFORMS.filter((platform) => platform.coverage);
const others = PLATFORMS.filter((platform) => !platform.coverage);

async function printed(input: Parameters<typeof run>[0]): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  try {
    await run(input);
  } finally {
    log.mockRestore();
  }
  return lines.join('\n');
}

describe('turnup coverage', () => {
  it.each(covered.map((platform) => [platform.name, platform] as const))(
    '%s: every operation once, each with what reaches it',
    async (name, { coverage = [] }) => {
      const rows = JSON.parse(await printed({ platform: name, json: true })) as Record<string, string>[];
      expect(rows).toHaveLength(coverage.length);
      for (const row of rows) expect(Object.keys(row)).toEqual(['service', 'operation', 'reachedBy']);
      const lines = (await printed({ platform: name })).split('\n');
      expect(lines).toHaveLength(coverage.length);
      for (const [at, { service, operation, reachedBy }] of coverage.entries()) {
        expect(lines[at]).toContain(`${service}.${operation}`);
        expect(lines[at]).toContain(reachedBy);
      }
    },
  );

  it.each(others.map(({ name }) => name))('%s has no such list, and says so', async (name) => {
    await expect(run({ platform: name })).rejects.toMatchObject({
      code: 'TURNUP_USAGE',
      detail: expect.stringContaining('has no list of operations'),
    });
  });

  it('knows only platforms that there are', async () => {
    const { code, stderr } = await turnup(['coverage', 'nothing']);
    expect(code).toBe(2);
    expect(stderr).toContain(`there are: ${PLATFORMS.map(({ name }) => name).join(', ')}`);
  });
});
