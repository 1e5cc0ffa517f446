import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSource } from '../collector/support.ts';
import { startTurnup, turnup } from './support.ts';

it('turnup simulate sftp says what a configuration needs to collect from it', async () => {
  const child = startTurnup(['simulate', 'sftp']);
  const ended = new Promise((done) => child.once('close', done));
  const text = await new Promise<string>((done) => {
    let told = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (told.includes('every: 1m\n')) done(told);
    });
  });
  child.kill('SIGTERM');
  await ended;
  expect(text).toMatch(/^sftp stand-in at 127\.0\.0\.1:\d+; to collect from it:\n/);
  const { collections } = parse(text.slice(text.indexOf('\n'))) as { collections: { cdr: object } };
  expect(readSource(collections.cdr)).toMatchObject({
    host: '127.0.0.1',
    folder: '/out/cdr',
    schedule: { every: '1m' },
    hostKeys: [expect.stringMatching(/^SHA256:/)],
  });
});

it.each([['--tls'], ['--faults=x.json'], ['--profile=x.yaml']])('%s is nothing for it', async (option) => {
  expect(await turnup(['simulate', 'sftp', option])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is not for the stand-in of sftp'),
  });
});
