import { describe, expect, it } from 'vitest';
import { callsSettings } from '../../../src/platforms/sippulse/calls/index.ts';
import { readDatabaseUrl } from '../../../src/platforms/sippulse/calls/settings.ts';

describe('settings of call records', () => {
  it('takes a URL apart, with what is encoded in it', () => {
    expect(readDatabaseUrl('mysql://us%40er:p%3Aa%2Fss@db.example:3307/sip%20pulse?tls=true')).toStrictEqual({
      host: 'db.example',
      port: 3307,
      user: 'us@er',
      password: 'p:a/ss',
      database: 'sip pulse',
      tls: true,
    });
    expect(readDatabaseUrl('mariadb://u:p@[2001:db8::1]/d')).toMatchObject({
      host: '2001:db8::1',
      port: 3306,
      tls: false,
    });
  });

  it.each([
    ['no url', 'must be a URL'],
    ['postgres://u:hidden@h/d', 'must start with mysql://'],
    ['mysql://h/d', 'must name a user'],
    ['mysql://u@h/d', 'must hold a password'],
    ['mysql://u:hidden@/d', 'must'],
    ['mysql://u:hidden@h', 'must name one database'],
    ['mysql://u:hidden@h/', 'must name one database'],
    ['mysql://u:hidden@h/d/e', 'must name one database'],
    ['mysql://u:hidden%zz@h/d', 'not followed by two hex digits'],
    ['mysql://u:hidden@h/d?multipleStatements=true', 'takes only'],
    ['mysql://u:hidden@h/d?tls=maybe', 'takes only'],
    ['mysql://u:hidden@h/d#x', 'takes only'],
  ])('refuses %s without quoting it', (url, words) => {
    const { error } = callsSettings.safeParse({ url });
    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]).toMatchObject({ path: ['url'], message: expect.stringContaining(words) });
    expect(error?.issues[0]?.message).not.toContain('hidden');
  });

  it.each(['America/Sao_Paulo', 'UTC', '-03:00', 'Europe/Vienna'])('takes %s as a time zone', (timezone) => {
    expect(callsSettings.parse({ url: 'mysql://u:p@h/d', timezone })).toMatchObject({ timezone });
  });

  it('takes UTC where no time zone is given, and refuses what is none', () => {
    expect(callsSettings.parse({ url: 'mysql://u:p@h/d' })).toMatchObject({ timezone: 'UTC' });
    expect(callsSettings.safeParse({ url: 'mysql://u:p@h/d', timezone: 'Mars/Olympus' }).success).toBe(false);
    expect(callsSettings.safeParse({ url: 'mysql://u:p@h/d', timezone: '' }).success).toBe(false);
  });
});
