import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../src/observability/metric-catalogue.ts';
import { createMetrics, type StoreSample } from '../../src/observability/index.ts';

const SAMPLE: StoreSample = {
  orders: [
    { target: 'vienna', state: 'held', count: 2 },
    { target: 'vienna', state: 'completed', count: 7 },
  ],
  queues: [{ queue: 'target-vienna', jobs: { waiting: 3, active: 1 }, oldestSeconds: 12 }],
  breakers: [{ target: 'vienna', state: 'open' }],
  audits: [{ target: 'vienna', atMs: 1_790_000_000_000, counts: { same: 5, differs: 1 } }],
  workers: 2,
  collections: [{ source: 'cdr', files: { seen: 1, handedOver: 5 }, isHeld: true, goodAtMs: 1_790_000_000_000 }],
  lostAtMs: 1_790_000_000_000,
};

const create = () => createMetrics({ version: '1.2.3', storeTimeoutMs: 50 });

describe('what is read from the store', () => {
  test('is read at each scrape and shown', async () => {
    const metrics = create();
    metrics.collectFrom(() => Promise.resolve(SAMPLE));
    const page = await metrics.render();
    for (const line of [
      'turnup_orders{target="vienna",state="held"} 2',
      'turnup_orders{target="vienna",state="completed"} 7',
      'turnup_queue_jobs{queue="target-vienna",state="waiting"} 3',
      'turnup_queue_oldest_seconds{queue="target-vienna"} 12',
      'turnup_breaker_state{target="vienna",state="open"} 1',
      'turnup_breaker_state{target="vienna",state="closed"} 0',
      'turnup_audit_findings{target="vienna",state="differs"} 1',
      'turnup_audit_completed_timestamp_seconds{target="vienna"} 1790000000',
      'turnup_collection_files{source="cdr",state="handedOver"} 5',
      'turnup_collection_held{source="cdr"} 1',
      'turnup_collection_good_timestamp_seconds{source="cdr"} 1790000000',
      'turnup_workers 2',
      'turnup_store_up 1',
    ]) {
      expect(page.split('\n')).toContain(line);
    }
  });

  test('is gone when it is gone from the store', async () => {
    const metrics = create();
    let sample = SAMPLE;
    metrics.collectFrom(() => Promise.resolve(sample));
    await metrics.render();
    sample = { ...SAMPLE, orders: [] };
    expect(await metrics.render()).not.toContain('turnup_orders{');
  });

  test.each([
    ['fails', () => Promise.reject(new Error('away'))],
    ['hangs', () => new Promise<StoreSample>(() => undefined)],
  ])('is absent, not old, when the store %s', async (_how, away) => {
    const metrics = create();
    const answers = [() => Promise.resolve(SAMPLE), away];
    metrics.collectFrom(() => answers.shift()!());
    await metrics.render();
    const page = await metrics.render();
    expect(page.split('\n')).toContain('turnup_store_up 0');
    expect(page).not.toMatch(/^turnup_(orders|workers|queue_jobs|breaker_state)[ {]/m);
  });

  test('is not claimed by a process that does not look', async () => {
    expect(await create().render()).not.toMatch(/^turnup_(store_up|workers) /m);
  });

  test('is asked for once by scrapes at the same time', async () => {
    const metrics = create();
    let asked = 0;
    metrics.collectFrom(() => {
      asked++;
      return Promise.resolve(SAMPLE);
    });
    await Promise.all([metrics.render(), metrics.render(), metrics.render()]);
    expect(asked).toBe(1);
    await metrics.render();
    expect(asked).toBe(2);
  });
});

describe('what the process counts', () => {
  test('steps, orders, calls, requests and intake', async () => {
    const metrics = create();
    metrics.stepFinished({
      target: 'vienna',
      kind: 'contact',
      direction: 'forward',
      outcome: 'created',
      durationMs: 40,
    });
    metrics.stepFinished({
      target: 'vienna',
      kind: 'contact',
      direction: 'forward',
      outcome: 'outage',
      durationMs: 40,
    });
    metrics.orderSettled({ target: 'vienna', state: 'completed', durationMs: 900 });
    metrics.platformCall('vienna', { method: 'POST', status: 201, durationMs: 20 });
    metrics.platformCall('vienna', { method: 'POST', status: null, durationMs: 20 });
    metrics.httpRequest({ method: 'GET', route: '/v1/orders/:id', status: 200, durationMs: 3 });
    metrics.httpRequest({ method: 'GET', route: null, status: 404, durationMs: 3 });
    metrics.intake('crm', 'accepted');
    metrics.intake(null, 'refused');
    metrics.repaired('orderJobMissing');
    const lines = (await metrics.render()).split('\n');
    for (const line of [
      'turnup_steps_total{target="vienna",kind="contact",direction="forward",outcome="created"} 1',
      'turnup_steps_total{target="vienna",kind="contact",direction="forward",outcome="outage"} 1',
      'turnup_step_duration_seconds_count{target="vienna",kind="contact",direction="forward"} 2',
      'turnup_order_duration_seconds_bucket{le="1",target="vienna",state="completed"} 1',
      'turnup_platform_calls_total{target="vienna",method="POST",status="2xx"} 1',
      'turnup_platform_calls_total{target="vienna",method="POST",status="none"} 1',
      'turnup_http_request_duration_seconds_count{method="GET",route="/v1/orders/:id",status="2xx"} 1',
      'turnup_http_request_duration_seconds_count{method="GET",route="unmatched",status="4xx"} 1',
      'turnup_intake_total{client="crm",result="accepted"} 1',
      'turnup_intake_total{client="unknown",result="refused"} 1',
      'turnup_repairs_total{what="orderJobMissing"} 1',
      `turnup_build_info{version="1.2.3",node="${process.version}"} 1`,
    ]) {
      expect(lines).toContain(line);
    }
  });

  test('stays bounded when a label takes ever new values', async () => {
    const metrics = create();
    for (let n = 0; n < 2_000; n++)
      metrics.httpRequest({ method: 'GET', route: `/x/${n}`, status: 200, durationMs: 1 });
    const routes = (await metrics.render()).match(/request_duration_seconds_count\{.*\}/g) ?? [];
    expect(routes.length).toBe(501);
    expect(routes.some((line) => line.includes('route="other"'))).toBe(true);
  });

  test('includes the process itself, and two processes do not share', async () => {
    const [one, two] = [create(), create()];
    one.intake('crm', 'accepted');
    expect(await one.render()).toMatch(/^process_cpu_seconds_total/m);
    expect(await two.render()).not.toContain('client="crm"');
  });
});

test('docs/metrics.md lists exactly the metrics there are', async () => {
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `turnup_'));
  const registered = await create().registry.getMetricsAsJSON();
  const own = registered.map(({ name }) => name).filter((name) => name.startsWith('turnup_'));
  expect(own.toSorted()).toEqual(Object.keys(METRICS).toSorted());
  expect(rows).toEqual(
    Object.entries(METRICS).map(([name, { type, labels, help }]) => {
      const named = labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${type} | ${named || '–'} | ${help} |`;
    }),
  );
});
