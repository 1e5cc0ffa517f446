import { Writable } from 'node:stream';
import { Worker } from 'bullmq';
import { expect, test } from 'vitest';
import { createLogger } from '../../src/observability/index.ts';
import { logComplaints } from '../../workers/complaints.ts';
import { useRedis } from '../setup/redis.ts';

const redis = useRedis();

test('what a worker complains of a thousand times is told once, whatever differs in it', async () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const worker = new Worker('orders', async () => undefined, { connection: redis.client(), autorun: false });
  logComplaints(worker, createLogger({ destination }));
  for (let at = 0; at < 1_000; at += 1) {
    worker.emit('error', new Error(`OOM command not allowed. script: d96ca626f1ea141b, on @user_script:${at}.`));
  }
  worker.emit('error', new Error('READONLY You can not write'));
  await worker.close();
  expect(lines.map((line) => (JSON.parse(line) as { err: { message: string } }).err.message)).toEqual([
    expect.stringMatching(/^OOM/),
    expect.stringMatching(/^READONLY/),
  ]);
});
