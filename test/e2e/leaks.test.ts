import { expect, test } from 'vitest';
import { useRedis } from '../setup/redis.ts';
import { leaksIn, storedIn } from './support/leaks.ts';

const SECRET = 'sipSecret-xy1-1';
const server = useRedis();

test.each([
  ['as it is', SECRET],
  ['in JSON', JSON.stringify({ password: SECRET })],
  ['in hex', Buffer.from(SECRET).toString('hex')],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in base64, with more behind it', Buffer.from(`${SECRET}and more`).toString('base64')],
  ['in a URL', encodeURIComponent('a b/ü')],
])('a secret is found %s', (_, text) => {
  const places = [['there', `before ${text} behind`] as const, ['here', 'nothing'] as const];
  expect(leaksIn(places, [SECRET, 'a b/ü'])).toEqual([expect.stringMatching(/ in there$/)]);
});

test('a JWT is found', () => {
  const jwt = ['{"alg":"HS256"}', '{"sub":"administrator"}'].map((part) => Buffer.from(part).toString('base64url'));
  expect(leaksIn([['there', `Bearer ${jwt.join('.')}.sig`]], [])).toEqual(['a JWT in there']);
});

test('a secret is found in a key or value of any type, and in its name', async () => {
  const redis = server.client();
  await redis.set('string', SECRET);
  await redis.hset('hash', { [SECRET]: 1 });
  await redis.rpush('list', SECRET);
  await redis.sadd('set', SECRET);
  await redis.zadd('zset', 1, SECRET);
  await redis.xadd('stream', '*', 'field', SECRET);
  await redis.set(`named ${SECRET}`, '');
  const stored = await storedIn(redis);
  expect(stored.filter((place) => leaksIn([place], [SECRET]).length > 0)).toHaveLength(7);
});
