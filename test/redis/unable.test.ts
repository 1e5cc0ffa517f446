import { describe, expect, test } from 'vitest';
import { inabilityOf, isRedisUnable } from '../../src/redis/unable.ts';
import { useRedis } from '../setup/redis.ts';

const server = useRedis();

describe('a Redis that is unable', () => {
  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", 'OOM'],
    ["OOM command not allowed when used memory > 'maxmemory'. script: d96ca6, on @user_script:217.", 'OOM'],
    [
      "ERR Error running script (call to f_6420333): @user_script:4: @user_script: 4: -OOM command not allowed when used memory > 'maxmemory'.",
      'OOM',
    ],
    [
      "ERR Error running script (call to f_6420333): @user_script:1: @user_script: 1: -READONLY You can't write against a read only replica.",
      'READONLY',
    ],
    ['LOADING Redis is loading the dataset in memory', 'LOADING'],
    ['UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)', 'UNBLOCKED'],
  ])('is known by its reply: %s', (message, word) => {
    expect(inabilityOf(message)).toBe(word);
    expect(isRedisUnable(new Error(message))).toBe(true);
  });

  test.each([
    'Connection is closed.',
    'Command timed out',
    "Stream isn't writeable and enableOfflineQueue options is false",
  ])('or away: %s', (message) => expect(isRedisUnable(new Error(message))).toBe(true));

  test.each([
    'ERR wrong number of arguments',
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'ERR Error running script (call to f_6420333): @user_script:4: user_script:4: attempt to index a nil value; -OOM',
    'read ECONNRESET',
  ])('is not blamed for: %s', (message) => expect(isRedisUnable(new Error(message))).toBe(false));

  test('is known also by what it makes of a transaction', async () => {
    const redis = server.client();
    await redis.config('SET', 'maxmemory', '1');
    const failed = await redis
      .multi()
      .set('a', 1)
      .exec()
      .catch((error: unknown) => error);
    await redis.config('SET', 'maxmemory', '0');
    expect(failed).toBeInstanceOf(Error);
    expect((failed as Error).message).toMatch(/^EXECABORT/);
    expect(isRedisUnable(failed)).toBe(true);
  });
});
