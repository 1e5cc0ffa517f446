import type { ZodOpenApiResponsesObject, ZodOpenApiResponseObject } from 'zod-openapi';
import type { z } from 'zod';
import { CATALOGUE, type ErrorCode } from '../../errors/index.ts';
import { problem } from './views.ts';

interface AnswerOptions {
  readonly headers?: ZodOpenApiResponseObject['headers'];
  readonly examples?: Readonly<Record<string, { summary: string; value: unknown }>>;
}

/** An answer in JSON. */
export function answer(description: string, schema: z.ZodType, options: AnswerOptions = {}): ZodOpenApiResponseObject {
  const { headers, examples } = options;
  return {
    description,
    ...(headers && { headers }),
    content: { 'application/json': { schema, ...(examples && { examples }) } },
  };
}

/** Refusals that every call behind a token may get. */
export const ANYWHERE: readonly ErrorCode[] = [
  'TURNUP_UNAUTHENTICATED',
  'TURNUP_RATE_LIMITED',
  'TURNUP_INTERNAL',
  'TURNUP_STORE_UNAVAILABLE',
];

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } } as const;

/** Problem details by status; codes that share one are told apart by the examples. */
export function refusals(codes: readonly ErrorCode[]): ZodOpenApiResponsesObject {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = CATALOGUE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, sharing] of byStatus) responses[`${status}` as '400'] = refusal(status, sharing);
  return responses;
}

function refusal(status: number, codes: readonly ErrorCode[]): ZodOpenApiResponseObject {
  // One code alone has said all with its description; of a 422 the `errors` are worth showing.
  const shown = codes.length > 1 || status === 422 ? codes : [];
  const examples = shown.map(
    (code) => [code, { summary: CATALOGUE[code].title, value: problemExample(code) }] as const,
  );
  return {
    description: codes.map((code) => `${CATALOGUE[code].title} (\`${code}\`).`).join(' '),
    ...((status === 429 || status === 503) && { headers: RETRY_AFTER }),
    content: {
      'application/problem+json': {
        schema: problem,
        ...(examples.length > 0 && { examples: Object.fromEntries(examples) }),
      },
    },
  };
}

function problemExample(code: ErrorCode): z.infer<typeof problem> {
  const { title, status, hint } = CATALOGUE[code];
  return {
    type: `urn:turnup:problem:${code}`,
    title,
    status,
    code,
    hint,
    instance: '/v1/orders',
    requestId: '0192f0c1-8f00-7000-8000-000000000000',
    ...(status === 422 && {
      errors: [
        { path: 'subscribers.0.number', message: 'must not hold letters; write it in E.164 form, e.g. +43987610001' },
      ],
    }),
  };
}
