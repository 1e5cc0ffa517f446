import { describe, expect, test } from 'vitest';
import { parseSentinelUrl } from '../../src/redis/sentinel.ts';

describe('redis+sentinel://', () => {
  test('names sentinels, primary and database', () => {
    expect(parseSentinelUrl('redis+sentinel://a.example.com:5000,b.example.com,[::1]:5001/turnup/2')).toMatchObject({
      shown: 'redis+sentinel://a.example.com:5000,b.example.com,[::1]:5001/turnup/2',
      options: {
        sentinels: [
          { host: 'a.example.com', port: 5000 },
          { host: 'b.example.com', port: 26_379 },
          { host: '::1', port: 5001 },
        ],
        name: 'turnup',
        db: 2,
      },
    });
  });

  test('has logins for servers and sentinels, which are not shown', () => {
    const address = parseSentinelUrl('redis+sentinel://eve:p%40ss:word@a:1/m?sentinelPassword=guard%2F1');
    expect(address?.options).toMatchObject({ username: 'eve', password: 'p@ss:word', sentinelPassword: 'guard/1' });
    expect(parseSentinelUrl('redis+sentinel://:only@a:1/m')?.options).toMatchObject({ password: 'only' });
    expect(address?.shown).toBe('redis+sentinel://a:1/m/0');
  });

  test('speaks TLS to all of them as rediss', () => {
    expect(parseSentinelUrl('rediss+sentinel://a:1/m')?.options).toMatchObject({
      tls: {},
      sentinelTLS: {},
      enableTLSForSentinelMode: true,
    });
    expect(parseSentinelUrl('redis+sentinel://a:1/m')?.options).not.toHaveProperty('tls');
  });

  test.each(['redis://a:6379/0', 'redis+sentinel://a:1', 'redis+sentinel:///m', 'redis+sentinel://a:1/m/x', ''])(
    'is not %s',
    (url) => expect(parseSentinelUrl(url)).toBeNull(),
  );
});
