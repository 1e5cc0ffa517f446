import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useRedis } from '../setup/redis.ts';
import { lookForSshd, startSshd, type TestSshd } from '../setup/sshd.ts';
import { clearOffers, createBench, offer, useSftpUser, type BenchOptions } from './support.ts';

const csv = {
  country: 'IT',
  fields: { from: { column: 'caller', as: 'number' }, to: { column: 'called', as: 'dialled' } },
};
const DAY_MS = 86_400_000;

describe.skipIf(!lookForSshd())('what was fetched', () => {
  const user = useSftpUser();
  const redis = useRedis();
  let server: TestSshd;

  beforeAll(async () => {
    server = await startSshd(user);
  });
  afterAll(() => server?.stop());
  beforeEach(() => clearOffers(user));

  const bench = (options: BenchOptions = {}) => createBench(user, server, redis.client(), options);
  const lines = (file: string): unknown[] =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  it('becomes records, and rejects with their reasons, beside the file itself', async () => {
    const { run, into, records, told, local } = bench({ more: { parser: 'csv', csv } });
    const text = 'caller;called\n0612345678;112\nnobody;112\n+4319876543;0698765432\n';
    offer(user, 'cdr.csv', text);
    expect(await run()).toMatchObject({ outcome: 'done', counts: { handedOver: 1 } });
    const [record] = await records();
    expect(record).toMatchObject({ state: 'handedOver', records: { good: 2, rejected: 1 } });
    expect(readFileSync(join(into, 'files/cdr.csv'), 'utf8')).toBe(text);
    const file = record!.id;
    expect(lines(join(into, 'records/cdr.csv.ndjson'))).toEqual([
      { from: '+390612345678', to: '112', _source: { file, line: 2 } },
      { from: '+4319876543', to: '+390698765432', _source: { file, line: 4 } },
    ]);
    expect(lines(join(into, 'rejects/cdr.csv.ndjson'))).toEqual([
      {
        file,
        line: 3,
        raw: 'nobody;112',
        reasons: [{ field: 'from', message: 'is no possible telephone number of IT' }],
      },
    ]);
    for (const name of ['records', 'rejects']) {
      expect(statSync(join(into, name, 'cdr.csv.ndjson')).mode & 0o777).toBe(0o600);
    }
    expect(local('parts')).toEqual([]);
    expect(told).toEqual(['fetched', 'handedOver', 'good 2', 'rejected 1', 'run done']);
  });

  it('waits when the mapping is for other files, and keeps no other from being handed over', async () => {
    const { run, records, local, source } = bench({ more: { parser: 'csv', csv } });
    offer(user, 'a.csv', 'caller;destination\n0612345678;112\n', 1_790_000_001);
    offer(user, 'b.csv', 'caller;called\n0612345678;112\n', 1_790_000_002);
    const error = { code: 'TURNUP_FILE_UNREADABLE', detail: 'the first line has no column "called"' };
    expect(await run()).toMatchObject({ outcome: 'failed', error, counts: { fetched: 2, handedOver: 1 } });
    expect((await records()).map(({ state }) => state).toSorted()).toEqual(['handedOver', 'stored']);
    expect(local('records')).toEqual(['b.csv.ndjson']);

    Object.assign(source.csv!.fields, { to: { column: 2, as: 'dialled', optional: false } });
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 0, handedOver: 1 } });
    expect(local('records')).toEqual(['a.csv.ndjson', 'b.csv.ndjson']);
    expect((await records()).every(({ state, error: left }) => state === 'handedOver' && left === null)).toBe(true);
  });

  it('is fetched again when it vanished from the disk before it was handed over', async () => {
    const { run, records, into, source } = bench({ more: { parser: 'csv', csv } });
    offer(user, 'a.csv', 'caller;destination\n0612345678;112\n');
    await run();
    rmSync(join(into, 'files/a.csv'));
    Object.assign(source.csv!.fields, { to: { column: 2, as: 'dialled', optional: false } });
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 1, handedOver: 1 } });
    expect(await records()).toMatchObject([{ state: 'handedOver', local: 'a.csv', records: { good: 1 } }]);
  });

  it('is removed when its time is over, and not fetched again while the source has it', async () => {
    const { run, records, local, keys, redis: client } = bench({ more: { parser: 'csv', csv, retentionDays: 3 } });
    offer(user, 'old.csv', 'caller;called\nx;112\n', 1_790_000_001);
    await run();
    offer(user, 'new.csv', 'caller;called\n0612345678;112\n', 1_790_000_002);
    await run();
    const [old] = await records();
    const handedOverAt = new Date(Date.now() - 3 * DAY_MS - 1000).toISOString();
    await client.hset(
      keys.collectionPart('cdr', 'files'),
      old!.id,
      JSON.stringify({ ...old, handedOverAt, seenAt: handedOverAt }),
    );
    const anHourLater = () => client.hdel(keys.collection('cdr'), 'keptAt');
    await anHourLater();
    expect(await run()).toMatchObject({ outcome: 'done', counts: { fetched: 0 } });
    expect(local('files')).toEqual(['new.csv']);
    expect(local('records')).toEqual(['new.csv.ndjson']);
    expect(local('rejects')).toEqual([]);
    expect((await records())[0]).toMatchObject({ path: 'old.csv', removedAt: expect.any(String) });

    clearOffers(user);
    await anHourLater();
    await run();
    expect((await records()).map(({ path }) => path)).toEqual(['new.csv']);
    expect(await client.hgetall(keys.collection('cdr'))).toMatchObject({ 'n:handedOver': '1' });
  });

  it.for(['before', 'after'] as const)(
    'is whole after a crash %s any write of the ledger: no file is lost, and none is there twice',
    { timeout: 120_000 },
    async (when) => {
      const contents = { 'a.csv': 'caller;called\n0612345678;112\nx;112\n', 'b.csv': '' };
      for (const [name, content] of Object.entries(contents)) offer(user, name, content);
      for (let at = 1, isOver = false; !isOver; at += 1) {
        const one = bench({ more: { parser: 'csv', csv } });
        const client = one.redis;
        const evalsha = client.evalsha.bind(client);
        let calls = 0;
        const crash = async (...args: Parameters<typeof evalsha>): Promise<unknown> => {
          calls += 1;
          if (calls !== at) return evalsha(...args);
          if (when === 'after') await evalsha(...args);
          throw new Error('crash');
        };
        Object.assign(client, { evalsha: crash });
        await one.collect().catch(() => undefined);
        isOver = calls < at;
        Object.assign(client, { evalsha });
        await client.del(one.keys.collectionLeases(`127.0.0.1:${server.port}`));
        expect(await one.run()).toMatchObject({ outcome: 'done' });
        const names = Object.keys(contents);
        expect(one.local('files'), `crash ${when} write ${at}`).toEqual(names);
        expect(one.local('parts'), `crash ${when} write ${at}`).toEqual([]);
        expect(one.local('records')).toEqual(['a.csv.ndjson', 'b.csv.ndjson']);
        const all = await one.records();
        expect(all.map(({ state, sameAs }) => [state, sameAs])).toEqual(names.map(() => ['handedOver', null]));
        expect(new Set(all.map(({ local }) => local))).toEqual(new Set(names));
        if (isOver) expect(at).toBeGreaterThan(8);
      }
    },
  );
});
