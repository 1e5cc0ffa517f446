import { setTimeout as sleep } from 'node:timers/promises';
import { TurnupError } from '../../errors/index.ts';
import { createHttpClient, type HttpClient } from '../../http-client/index.ts';
import type { CallHooks, Connection, TargetSettings } from '../port.ts';
import { createAuth, readAnswer, type Auth } from './auth/apply.ts';
import type { Operation, Profile } from './profile/model.ts';
import type { OperationName } from './profile/operations.ts';
import { readAt } from './profile/pointer.ts';
import { credentialsOf, type WebportalSettings } from './settings.ts';
import type { Change, Item, Made, WebportalClient } from './types.ts';
import { bodyOf, secretsIn } from './wire/bodies.ts';
import type { WireAnswer } from './wire/condition.ts';
import { judge, type Verdict } from './wire/judge.ts';
import { nextPage } from './wire/paging.ts';
import { WebportalRefusal, type JudgedCall } from './wire/refusal.ts';
import { buildCall, withQuery, type WireCall } from './wire/request.ts';
import { awaitJob } from './wire/tickets.ts';
import type { Values } from './wire/values.ts';

/** No answer about one company is near this. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

/** A list with more pages than this is no list of one company's. */
const MOST_PAGES = 500;

interface Shared {
  readonly http: HttpClient;
  readonly auth: Auth;
  readonly profile: Profile;
  readonly office: string;
  readonly domain: string;
}

export function connect(settings: TargetSettings<WebportalSettings>): Connection<WebportalClient> {
  const http = createHttpClient(settings, { maxResponseBytes: MAX_RESPONSE_BYTES });
  const { profile, office, domain = '' } = settings.native;
  const shared: Shared = {
    http,
    profile,
    office,
    domain,
    auth: createAuth(profile, credentialsOf(settings), http),
  };
  return { bind: (hooks) => bindClient(shared, hooks), close: () => http.close() };
}

function bindClient({ http, auth, profile, office, domain }: Shared, hooks: CallHooks): WebportalClient {
  async function send(call: WireCall, isWrite: boolean): Promise<WireAnswer> {
    const { method, path, body } = call;
    for (let renewed = false; ; renewed = true) {
      const login = await auth.headers(hooks);
      const headers = { ...call.headers, ...login };
      const sent = { method, path, headers, write: isWrite, hooks, ...(body !== undefined && { body }) };
      const answer = readAnswer(await http.request(sent));
      if (renewed || !auth.hasExpired(answer)) return answer;
      auth.expire(login);
    }
  }

  function judged(operation: string, call: WireCall, isWrite: boolean, secrets: readonly string[]): JudgedCall {
    return {
      operation,
      sent: call,
      write: isWrite,
      step: hooks.step,
      // When the answer is there: the call itself may have logged in.
      get secrets() {
        return [...auth.secrets, ...secrets];
      },
    };
  }

  /** A refused login stops all other calls of the target at once. */
  async function watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof WebportalRefusal && error.class === 'auth') auth.refuse(error);
      throw error;
    }
  }

  const operationNamed = (name: OperationName): Operation => {
    const operation = profile.operations.get(name);
    if (operation) return operation;
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
      class: 'rejected',
      detail: `the profile "${profile.title}" does not map ${name}`,
      hint: 'Map the operation in the profile, or do the step by hand and skip it.',
    });
  };

  async function write(name: OperationName, names: Values, document: unknown): Promise<Verdict> {
    const operation = operationNamed(name);
    const call = buildCall(profile, operation, names, document);
    return watched(async () => {
      const about = judged(name, call, true, secretsIn(operation, profile, call.document));
      const verdict = judge(profile, operation, about, await send(call, true));
      if (verdict.kind !== 'done' || operation.ticket === null) return verdict;
      const poll = (ticket: string) => send(buildCall(profile, profile.jobs!.poll, { ticket }), false);
      return awaitJob({ profile, operation, about, begun: verdict.answer, poll, pause, signal: hooks.signal });
    });
  }

  async function pages(operation: Operation, names: Values): Promise<unknown[]> {
    const call = buildCall(profile, operation, names);
    const items: unknown[] = [];
    let page = nextPage(operation, null, 0);
    for (let count = 0; page !== null; count++) {
      if (count === MOST_PAGES) {
        throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
          detail: `${operation.name} has more than ${MOST_PAGES} pages`,
        });
      }
      const asked = withQuery(call, page.params);
      const about = judged(operation.name, asked, false, []);
      const verdict = judge(profile, operation, about, await send(asked, false));
      if (verdict.kind !== 'found') break;
      items.push(...verdict.items);
      page = nextPage(operation, { ...page, items: verdict.items, document: verdict.answer.document }, items.length);
    }
    return items;
  }

  const pause = async (ms: number): Promise<void> => {
    await sleep(ms, undefined, { signal: hooks.signal }).catch(() => undefined);
    if (hooks.signal.aborted)
      throw new TurnupError('TURNUP_LEASE_LOST', { detail: 'a wait for the portal was aborted' });
  };

  return {
    profile,
    office,
    domain,
    has: (name) => profile.operations.has(name),
    pause,
    find: (name, names) =>
      watched(async () => {
        const operation = operationNamed(name);
        const documents = await pages(operation, names);
        return documents.map((document): Item => ({ id: idIn(operation, document) ?? keyOf(name, names), document }));
      }),
    async create(name, names, fields): Promise<Made> {
      const operation = operationNamed(name);
      const verdict = await write(name, names, bodyOf(operation, profile, { fields }));
      const answer = verdict.kind === 'done' || verdict.kind === 'exists' ? verdict.answer : null;
      if (answer === null) throw absentParent(name);
      const id = operation.id === null ? null : idOfMade(operation, answer);
      return { kind: verdict.kind === 'exists' ? 'exists' : 'made', id };
    },
    async change(name, names, change: Change = {}) {
      const operation = operationNamed(name);
      const verdict = await write(name, names, bodyOf(operation, profile, change));
      return verdict.kind === 'absent' ? 'absent' : 'done';
    },
  };
}

/** Creates have no rule for it, so this is a fault of ours. */
const absentParent = (name: string): TurnupError =>
  new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `${name} was answered with what a create cannot be answered` });

const textOf = (value: unknown): string | null =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;

function idIn({ id }: Operation, document: unknown): string | null {
  return id === null || id === 'location' ? null : textOf(readAt(document, id));
}

function idOfMade(operation: Operation, { headers, document }: WireAnswer): string | null {
  if (operation.id !== 'location') return idIn(operation, document);
  const last = /([^/?#]+)\/?(?:[?#].*)?$/.exec(String(headers['location'] ?? ''))?.[1];
  try {
    return last === undefined ? null : decodeURIComponent(last);
  } catch {
    return null;
  }
}

/** Where the portal has no ids of its own, a thing is called by its key. */
function keyOf(name: OperationName, names: Values): string {
  const [object] = name.split('.');
  const key = {
    company: names['companyKey'],
    office: names['officeName'],
    user: names['userKey'],
    wlr: names['number'],
  }[object ?? ''];
  return textOf(key) ?? '';
}
