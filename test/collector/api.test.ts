import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { collectedFilePage, collectionDetail, collectionPage } from '../../src/api/openapi/collection-views.ts';
import type { CollectionView, FilePage } from '../../src/collector/read.ts';
import type { RunProgress, RunSummary } from '../../src/collector/model.ts';
import type { SessionFacts } from '../../src/collector/ssh/session.ts';
import { createLogger } from '../../src/observability/index.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { startCollections } from '../../workers/collections.ts';
import { call, startTestApi, type TestApi } from '../api/harness.ts';
import { formToken, logIn } from '../dashboard/login-helper.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { lookForSshd, startSshd, type TestSshd } from '../setup/sshd.ts';
import { offer, readSource, sourceText, useSftpUser } from './support.ts';

it('is answered as its schemas tell', () => {
  type Shown = z.infer<typeof collectionDetail>;
  expectTypeOf<keyof CollectionView>().toEqualTypeOf<keyof z.infer<typeof collectionPage>['items'][number]>();
  expectTypeOf<keyof Shown>().toEqualTypeOf<keyof CollectionView | 'runs'>();
  expectTypeOf<keyof RunSummary>().toEqualTypeOf<keyof Shown['runs'][number]>();
  expectTypeOf<RunSummary['counts']>().toExtend<Shown['runs'][number]['counts']>();
  expectTypeOf<keyof RunProgress>().toEqualTypeOf<keyof NonNullable<Shown['run']>>();
  expectTypeOf<keyof SessionFacts>().toEqualTypeOf<keyof NonNullable<Shown['runs'][number]['connection']>>();
  expectTypeOf<FilePage['items'][number]>().toExtend<z.infer<typeof collectedFilePage>['items'][number]>();
  expectTypeOf<keyof FilePage['items'][number]>().toEqualTypeOf<
    keyof z.infer<typeof collectedFilePage>['items'][number]
  >();
});

describe.skipIf(!lookForSshd())('collections in the API and on the dashboard', () => {
  const user = useSftpUser();
  const redis = useRedis({ flush: 'never' });
  let server: TestSshd;
  let api: TestApi;
  let worker: Awaited<ReturnType<typeof startCollections>>;
  let passwordOfSource = '';

  beforeAll(async () => {
    server = await startSshd(user);
    offer(user, 'CDR_0612345678.csv', 'content', 1_790_000_001);
    offer(user, 'b.csv', 'other', 1_790_000_002);
    const schedule = { cron: '0 4 1 1 *' };
    const cdr = sourceText(user, server, { into: `${user.dir}/into`, schedule });
    const docs = sourceText(user, server, { into: `${user.dir}/docs`, schedule, password: 'wrong-password' });
    const sources = { cdr, docs };
    passwordOfSource = user.password;
    worker = await startCollections({
      redis: redis.client(),
      keys: createKeys(),
      log: createLogger({ level: 'silent' }),
      observer: { collectionFile() {}, collectionBytes() {}, collectionRecords() {}, collectionRun() {} },
      sources: new Map(Object.entries(sources).map(([name, text]) => [name, readSource(text, user.dir, name)])),
      name: 'test',
      timing: { lockMs: 5_000, stalledMs: 1_000 },
    });
    api = await startTestApi({ redis, more: `collections: ${JSON.stringify(sources)}` });
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
    await server?.stop();
  });

  async function ended(source: string, id: string): Promise<RunSummary> {
    return waitFor(
      async () => {
        const { body } = await call(api, `/v1/collections/${source}`, { token: 'vera' });
        return (body.runs as RunSummary[]).find((run) => run.id === id);
      },
      { what: `run ${id} has ended` },
    );
  }

  it('are listed, with their schedule, for operators', async () => {
    const { status, body } = await call(api, '/v1/collections', { token: 'vera' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      items: [
        {
          name: 'cdr',
          state: 'idle',
          schedule: '0 4 1 1 * (UTC)',
          nextRunAt: expect.stringMatching(/-01-01T04:00:00.000Z$/),
          files: { seen: 0, handedOver: 0 },
          run: null,
          lastRun: null,
        },
        { name: 'docs' },
      ],
      next: null,
    });
    expect(await call(api, '/v1/collections', { token: 'crm' })).toMatchObject({ status: 403 });
    expect(await call(api, '/v1/collections/cdr', { token: 'crm' })).toMatchObject({ status: 403 });
    expect(await call(api, '/v1/collections/nothing', { token: 'vera' })).toMatchObject({ status: 404 });
  });

  it('are started by an operator, who sees what came of it', async () => {
    const refused = { method: 'POST', body: {} };
    expect(await call(api, '/v1/collections/cdr/runs', { ...refused, token: 'vera' })).toMatchObject({ status: 403 });
    expect(await call(api, '/v1/collections/cdr/runs', { ...refused, token: 'crm' })).toMatchObject({ status: 403 });
    expect(await call(api, '/v1/collections/no/runs', { ...refused, token: 'olga' })).toMatchObject({ status: 404 });
    const wrong = await call(api, '/v1/collections/cdr/runs', { token: 'olga', body: { since: 'yesterday', more: 1 } });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'since' }, { path: 'more' }] } });

    const started = await call(api, '/v1/collections/cdr/runs', { token: 'olga', body: {} });
    expect(started).toMatchObject({ status: 202, body: { source: 'cdr', id: expect.any(String) } });
    expect(started.headers.get('location')).toBe('/v1/collections/cdr');
    const run = await ended('cdr', started.body.id as string);
    expect(run).toMatchObject({ by: 'operator:olga', outcome: 'done', counts: { fetched: 2 } });
    const { body } = await call(api, '/v1/collections/cdr', { token: 'vera' });
    expect(body).toMatchObject({ files: { handedOver: 2 }, lastGoodAt: run.endedAt, lastRun: { id: run.id } });
  });

  it('tell their files page by page, to those who may know telephone numbers', async () => {
    const files = (query: string, token: 'vera' | 'olga' = 'olga') =>
      call(api, `/v1/collections/cdr/files${query}`, { token });
    expect(await files('', 'vera')).toMatchObject({ status: 403 });
    const first = await files('?limit=1');
    expect(first.body.items).toMatchObject([
      { path: 'b.csv', state: 'handedOver', modifiedAt: new Date(1_790_000_002_000).toISOString(), size: 5 },
    ]);
    const second = await files(`?limit=1&cursor=${first.body.next}`);
    expect(second.body.items).toMatchObject([{ path: 'CDR_0612345678.csv' }]);
    expect((await files(`?limit=1&cursor=${second.body.next}`)).body).toEqual({ items: [], next: null });
    expect((await files('?state=handedOver')).body.items).toHaveLength(2);
    expect((await files('?state=refused')).body).toEqual({ items: [], next: null });
    expect(await files('?state=lost&cursor=x&limit=0')).toMatchObject({ status: 422 });
    expect(api.logged.join('')).not.toContain('0612345678');
  });

  it('tell why one is held', async () => {
    const started = await call(api, '/v1/collections/docs/runs', { token: 'olga', body: {} });
    const run = await ended('docs', started.body.id as string);
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'TURNUP_SOURCE_LOGIN_REFUSED' } });
    const { body } = await call(api, '/v1/collections/docs', { token: 'vera' });
    expect(body).toMatchObject({ state: 'held', held: { code: 'TURNUP_SOURCE_LOGIN_REFUSED', class: 'auth' } });
  });

  it('are in the metrics', async () => {
    const { body } = await call(api, '/metrics', { token: null });
    for (const line of [
      'turnup_collection_files{source="cdr",state="handedOver"} 2',
      'turnup_collection_held{source="cdr"} 0',
      'turnup_collection_held{source="docs"} 1',
    ]) {
      expect(String(body).split('\n')).toContain(line);
    }
  });

  it('are on the dashboard, with a button for operators', async () => {
    const olga = await logIn(api, 'olga');
    const list = await (await olga.get('/board/collections')).text();
    expect(list).toContain('<a href="/board/collections/cdr">cdr</a>');
    expect(list).toContain('the server refused the password');
    const page = await olga.get('/board/collections/cdr');
    const text = await page.clone().text();
    expect(text).toContain('CDR_0612345678.csv');
    expect(text).toContain(server.hostKey);
    const pressed = await olga.send(
      'POST',
      '/board/collections/cdr/run',
      new URLSearchParams({ csrf: await formToken(page) }),
    );
    expect(pressed.status).toBe(303);
    await waitFor(
      async () => {
        const { body } = await call(api, '/v1/collections/cdr', { token: 'vera' });
        return (body.runs as RunSummary[]).length === 2;
      },
      { what: 'the run that was asked for has ended' },
    );
    const forged = await olga.send('POST', '/board/collections/cdr/run', new URLSearchParams({ csrf: 'x' }));
    expect(forged.status).toBe(403);

    const vera = await logIn(api, 'vera');
    const shown = await (await vera.get('/board/collections/cdr')).text();
    expect(shown).not.toContain('CDR_0612345678.csv');
    expect(shown).not.toContain('Run now');
    expect((await vera.get('/board/collections/nothing')).status).toBe(404);
  });

  it('I8 show no secret', async () => {
    const client = redis.client();
    const stored = await Promise.all(
      (await client.keys('*')).map(async (key) => {
        const type = await client.type(key);
        if (type === 'hash') return JSON.stringify(await client.hgetall(key));
        if (type === 'list') return JSON.stringify(await client.lrange(key, 0, -1));
        return key;
      }),
    );
    const everything = `${stored.join('\n')}\n${api.logged.join('\n')}`;
    for (const secret of [passwordOfSource, user.passphrase, 'wrong-password', user.privateKey.slice(60, 100)]) {
      expect(everything).not.toContain(secret);
    }
  });
});
