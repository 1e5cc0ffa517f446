import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { openApiDocument } from '../../src/api/openapi/index.ts';
import type {
  credentials,
  evidence,
  journalEntry,
  orderView,
  problem,
  readiness,
  targetView,
} from '../../src/api/openapi/views.ts';
import { orderView as orderViewSchema, problem as problemSchema } from '../../src/api/openapi/views.ts';
import type { Problem } from '../../src/api/http/problem.ts';
import type { EvidenceView } from '../../src/api/orders/evidence.ts';
import type { ReadinessCheck } from '../../src/api/health.ts';
import type { TargetView } from '../../src/api/targets.ts';
import { CATALOGUE } from '../../src/errors/index.ts';
import { parseOrder } from '../../src/orders/model/index.ts';
import type { JournalEntry, OrderView } from '../../src/orders/record.ts';

interface Media {
  schema?: { $ref?: string };
  examples?: Record<string, { value: unknown }>;
}
interface Operation {
  operationId: string;
  summary: string;
  security?: unknown[];
  parameters?: { in: string; name: string; required?: boolean }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; headers?: object; content?: Record<string, Media> }>;
}
interface Document {
  openapi: string;
  info: { version: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, { properties?: Record<string, { writeOnly?: boolean }> }>;
    securitySchemes: object;
  };
}

const document = JSON.parse(JSON.stringify(openApiDocument())) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ call: `${method.toUpperCase()} ${path}`, path, operation })),
);
const behindToken = operations.filter(({ path }) => path.startsWith('/v1/'));

function walk(value: unknown, visit: (object: Record<string, unknown>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value as Record<string, unknown>);
  for (const member of Object.values(value)) walk(member, visit);
}

/** Of every body of that schema. */
function examplesOf(name: string): unknown[] {
  const found: unknown[] = [];
  walk(document.paths, (media) => {
    if ((media['schema'] as { $ref?: string } | undefined)?.$ref !== `#/components/schemas/${name}`) return;
    found.push(
      ...Object.values((media['examples'] ?? {}) as Record<string, { value: unknown }>).map(({ value }) => value),
    );
  });
  return found;
}

describe('the OpenAPI document', () => {
  it('has every call of the API, and no other', () => {
    expect(operations.map(({ call }) => call).toSorted()).toEqual(
      [
        'POST /v1/orders',
        'GET /v1/orders',
        'GET /v1/orders/{id}',
        'PATCH /v1/orders/{id}',
        'GET /v1/orders/{id}/journal',
        'GET /v1/orders/{id}/credentials',
        'GET /v1/orders/{id}/evidence',
        'POST /v1/orders/{id}/amend',
        'POST /v1/orders/{id}/retry',
        'POST /v1/orders/{id}/cancel',
        'POST /v1/orders/{id}/undo',
        'POST /v1/orders/{id}/close',
        'POST /v1/orders/{id}/release',
        'POST /v1/orders/{id}/steps/{step}/skip',
        'POST /v1/audits',
        'GET /v1/audits',
        'GET /v1/audits/{id}',
        'POST /v1/audits/{id}/cancel',
        'GET /v1/targets',
        'GET /v1/targets/{name}',
        'GET /v1/targets/{name}/catalog',
        'GET /v1/targets/{name}/catalog/{what}',
        'GET /v1/targets/{name}/calls',
        'POST /v1/targets/{name}/breaker',
        'GET /v1/collections',
        'GET /v1/collections/{source}',
        'GET /v1/collections/{source}/files',
        'POST /v1/collections/{source}/runs',
        'GET /healthz',
        'GET /readyz',
        'GET /metrics',
        'GET /openapi.json',
        'GET /docs',
        'GET /board',
      ].toSorted(),
    );
  });

  it('is OpenAPI 3.1 of the running version, at the public address', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(openApiDocument({ version: '9.9.9', publicUrl: 'https://turnup.example.com' })).toMatchObject({
      info: { version: '9.9.9' },
      servers: [{ url: 'https://turnup.example.com' }],
    });
  });

  it('has no reference that leads nowhere, and no schema that nothing refers to', () => {
    const used = new Set<string>();
    walk(document, ({ $ref }) => {
      if (typeof $ref === 'string') used.add($ref);
    });
    const defined = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...used].toSorted()).toEqual(defined.toSorted());
  });

  it('names every operation once and declares every parameter of its path', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name)).toEqual(inPath);
      expect(declared.every(({ required }) => required)).toBe(true);
      expect(operation.summary).not.toBe('');
    }
  });

  it('asks for a token everywhere beneath /v1, and tells what a wrong one gets', () => {
    for (const { operation } of behindToken) {
      expect(operation.security).toBeUndefined();
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '429', '503']));
      expect(operation.responses['429']?.headers).toHaveProperty('Retry-After');
    }
    expect(document.components.securitySchemes).toMatchObject({ token: { type: 'http', scheme: 'bearer' } });
  });

  it('answers every refusal with problem details', () => {
    for (const { operation } of behindToken) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        expect(response.content?.['application/problem+json']?.schema?.$ref).toBe('#/components/schemas/Problem');
      }
    }
  });

  it('tells all that posting an order may be answered', () => {
    const statuses = Object.keys(document.paths['/v1/orders']?.['post']?.responses ?? {});
    expect(statuses.map(Number)).toEqual([200, 202, 400, 401, 403, 413, 415, 422, 429, 500, 502, 503]);
  });

  it('has examples that are what they are examples of', () => {
    const context = { now: new Date('2026-11-22T12:00:00Z'), areaCodes: () => [], maxSubscribers: 100 };
    const orders = examplesOf('OrderPosted');
    expect(orders.length).toBeGreaterThan(3);
    for (const order of orders) expect(parseOrder(order, context)).toMatchObject({ ok: true });

    const views = examplesOf('Order');
    expect(views.length).toBeGreaterThan(1);
    for (const view of views) orderViewSchema.strict().parse(view);

    const problems = examplesOf('Problem').map((value) => problemSchema.strict().parse(value));
    expect(problems.length).toBeGreaterThan(3);
    for (const { code, status } of problems) expect(CATALOGUE[code].status).toBe(status);
  });

  it('shows no secret among what is read, and marks those that are sent', () => {
    const sent = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
      Object.entries(schema.properties ?? {}).flatMap(([member, { writeOnly }]) =>
        writeOnly ? [`${name}.${member}`] : [],
      ),
    );
    expect(sent.toSorted()).toEqual(['Subscriber.password', 'Subscriber.webPassword', 'Voicemail.pin']);
    expect(JSON.stringify(document.components.schemas['Order'])).not.toMatch(/password|pin"/i);
  });

  it('describes what the code answers with', () => {
    expectTypeOf<OrderView>().toExtend<z.infer<typeof orderView>>();
    expectTypeOf<z.infer<typeof orderView>>().toExtend<OrderView>();
    expectTypeOf<JournalEntry>().toExtend<z.infer<typeof journalEntry>>();
    expectTypeOf<z.infer<typeof journalEntry>>().toExtend<JournalEntry>();
    expectTypeOf<keyof TargetView>().toEqualTypeOf<keyof z.infer<typeof targetView>>();
    expectTypeOf<TargetView['breaker']>().toEqualTypeOf<z.infer<typeof targetView>['breaker']>();
    expectTypeOf<keyof Problem>().toEqualTypeOf<keyof z.infer<typeof problem>>();
    expectTypeOf<ReadinessCheck>().toExtend<z.infer<typeof readiness>['checks'][number]>();
    expectTypeOf<z.infer<typeof credentials>>().toHaveProperty('expiresAt');
    expectTypeOf<EvidenceView>().toExtend<z.infer<typeof evidence>['items'][number]>();
    expectTypeOf<keyof EvidenceView>().toEqualTypeOf<keyof z.infer<typeof evidence>['items'][number]>();
  });
});
