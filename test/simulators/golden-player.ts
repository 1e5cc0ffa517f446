import { readdirSync, readFileSync } from 'node:fs';
import { compare, compareHeaders, fill, fillText, type Vars } from './golden-match.ts';
import { exchange, type WireAnswer, type WireRequest } from './wire.ts';

interface Step {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string | null>>;
    readonly body?: unknown;
    readonly rawBody?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: Readonly<Record<string, unknown>>;
  };
  readonly capture?: Readonly<Record<string, string>>;
}

export interface Scenario {
  readonly name: string;
  readonly why: string;
  readonly steps: readonly Step[];
}

const FOLDER = new URL('../golden/sipwise/', import.meta.url);

export const SCENARIOS: readonly Scenario[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .toSorted()
  .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Scenario);

const basic = (user: string, password: string): string => Buffer.from(`${user}:${password}`).toString('base64');

/** Where the scenarios are played, with the placeholders every scenario may use. */
export interface Stage {
  readonly base: string;
  readonly authorization: string;
  readonly vars: Vars;
}

async function readJson(stage: Omit<Stage, 'vars'>, path: string): Promise<Record<string, unknown>> {
  const headers = { Accept: 'application/json', Authorization: stage.authorization };
  const answer = await exchange(stage.base, { method: 'GET', path, headers });
  return JSON.parse(answer.text) as Record<string, unknown>;
}

async function firstId(stage: Omit<Stage, 'vars'>, path: string, collection: string): Promise<number> {
  const body = await readJson(stage, path);
  const embedded = body['_embedded'] as Record<string, { id: number }[]>;
  const id = embedded[`ngcp:${collection}`]?.[0]?.id;
  if (id === undefined) throw new Error(`nothing at ${path}`);
  return id;
}

/** Sets the stage on a target with fresh data. With `token` the login is by JWT where a step names none of its own. */
export async function setStage(base: string, user: string, pass: string, token = false): Promise<Stage> {
  let authorization = `Basic ${basic(user, pass)}`;
  if (token) {
    const body = JSON.stringify({ username: user, password: pass });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await exchange(base, { method: 'POST', path: '/login_jwt', headers, body });
    authorization = `Bearer ${(JSON.parse(answer.text) as { jwt: string }).jwt}`;
  }
  const stage = { base, authorization };
  return {
    ...stage,
    vars: {
      user,
      pass,
      basic: basic(user, pass),
      basicBadPass: basic(user, `not-${pass}`),
      billingProfileId: await firstId(stage, '/api/billingprofiles/?handle=default', 'billingprofiles'),
      domainId: await firstId(stage, '/api/domains/?domain=sip.example.com', 'domains'),
    },
  };
}

function prepare(step: Step, stage: Stage, vars: Vars): WireRequest {
  const { method, path, body, rawBody } = step.request;
  const headers: Record<string, string> = { Accept: 'application/json', Authorization: stage.authorization };
  for (const [name, value] of Object.entries(step.request.headers ?? {})) {
    if (value === null) delete headers[name];
    else headers[name] = fillText(value, vars);
  }
  const json = body === undefined ? undefined : JSON.stringify(fill(body, vars));
  return {
    method,
    path: fillText(path, vars),
    headers,
    body: rawBody === undefined ? json : fillText(rawBody, vars),
  };
}

/** The parsed JSON object or list, else `{ text }`. */
function bodyOf(answer: WireAnswer): unknown {
  try {
    const value: unknown = JSON.parse(answer.text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // no JSON: compared as text
  }
  return { text: answer.text.trimEnd() };
}

function capture(rule: string, answer: WireAnswer, body: unknown): unknown {
  if (rule === 'from Location') return Number(answer.headers.location?.split('/').pop());
  const [, pointer = ''] = rule.split('from body ');
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], body);
}

async function playStep(step: Step, stage: Stage, vars: Record<string, unknown>): Promise<string[]> {
  const answer = await exchange(stage.base, prepare(step, stage, vars));
  const body = bodyOf(answer);
  for (const [name, rule] of Object.entries(step.capture ?? {})) vars[name] = capture(rule, answer, body);
  const { status, headers = {}, body: recorded } = step.response;
  if (answer.status !== status) return [`status: recorded ${status}, got ${answer.status} ${answer.text}`];
  const textual = typeof recorded['text'] === 'string' && Object.keys(recorded).length === 1;
  const got = textual ? { text: answer.text.trimEnd() } : body;
  return [...compareHeaders(headers, answer.headers, vars), ...compare(recorded, got, vars, '')];
}

/** Plays a scenario; differences, each with the number of its step, none when all match. */
export async function play(scenario: Scenario, stage: Stage): Promise<string[]> {
  const vars: Record<string, unknown> = { ...stage.vars };
  const differences: string[] = [];
  for (const [index, step] of scenario.steps.entries()) {
    const found = await playStep(step, stage, vars);
    const { method, path } = step.request;
    differences.push(...found.map((one) => `${index + 1} ${method} ${path}: ${one}`));
  }
  return differences;
}
