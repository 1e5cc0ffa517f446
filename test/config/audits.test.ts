import { describe, expect, it } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import { paceMs } from '../../src/config/index.ts';
import { example, parse } from './support.ts';

const withAudit = (audit: object) => ({ ...example(), audits: [audit] });

function faultsOf(audit: object): Record<string, string> {
  try {
    parse(withAudit(audit));
    return {};
  } catch (error) {
    if (!(error instanceof TurnupError)) throw error;
    return Object.fromEntries(error.faults.map(({ path, message }) => [path.join('.'), message]));
  }
}

describe('audits', () => {
  it('begin at times, or at a pace', () => {
    expect(parse(withAudit({ target: 'vienna', cron: '*/15 0-6,22 1 1-12/2 0,7' })).audits).toEqual([
      { target: 'vienna', cron: '*/15 0-6,22 1 1-12/2 0,7', timezone: 'UTC', repair: false },
    ]);
    expect(parse(withAudit({ target: 'vienna', every: '90m', repair: true })).audits).toEqual([
      { target: 'vienna', every: '90m', timezone: 'UTC', repair: true },
    ]);
    expect(['30m', '12h', '2d'].map(paceMs)).toEqual([1_800_000, 43_200_000, 172_800_000]);
  });

  it.each([
    ['* * * *', 'five fields'],
    ['* * * * * *', 'five fields'],
    ['60 * * * *', 'minute'],
    ['0 24 * * *', 'hour'],
    ['0 0 0 * *', 'day of the month'],
    ['0 0 * 13 *', 'month'],
    ['0 0 * * 8', 'day of the week'],
    ['5-1 * * * *', 'minute'],
    ['*/0 * * * *', 'minute'],
    ['1, * * * *', 'minute'],
    ['x * * * *', 'minute'],
  ])('at "%s" never begin: %s', (cron, what) => {
    expect(faultsOf({ target: 'vienna', cron })['audits.0.cron']).toContain(what);
  });

  it('need a target that is there, one way to tell when, and a time zone that there is', () => {
    expect(faultsOf({ target: 'graz', every: '1d' })['audits.0.target']).toContain('there is no target "graz"');
    expect(faultsOf({ target: 'vienna' })['audits.0']).toContain('either');
    expect(faultsOf({ target: 'vienna', every: '1d', cron: '0 0 * * *' })['audits.0']).toContain('either');
    for (const every of ['0h', '1w', '12', 'h'])
      expect(faultsOf({ target: 'vienna', every })).toHaveProperty(['audits.0.every']);
    const timezone = 'Europe/Wien';
    expect(faultsOf({ target: 'vienna', cron: '0 0 * * *', timezone })).toHaveProperty(['audits.0.timezone']);
  });
});
