import { TurnupError } from '../../errors/index.ts';
import { createHttpClient, type HttpClient, type HttpResponse } from '../../http-client/index.ts';
import type { CallHooks, Connection, DefinitionsCache, TargetSettings } from '../port.ts';
import { readDefinitions } from './definitions.ts';
import { createOnceCache, type OnceCache } from '../once-cache.ts';
import { isRefusal, keepAnswer, SipwiseRefusal } from './refusal.ts';
import { createSession, type Session } from './session.ts';
import type { SipwiseSettings } from './settings.ts';
import type { Item, SipwiseClient } from './types.ts';

export type { Item, PatchOperation, SipwiseClient } from './types.ts';

/** How long a domain or billing profile that was found is taken to be there. */
const ID_TTL_MS = 300_000;

const ACCEPT = 'application/json';
const JSON_TYPE = 'application/json';
const PATCH_TYPE = 'application/json-patch+json';

export function connect(
  settings: TargetSettings<SipwiseSettings>,
  cache: DefinitionsCache<SipwiseClient>,
): Connection<SipwiseClient> {
  const http = createHttpClient(settings);
  const session = createSession({
    http,
    scheme: settings.tls.cert === undefined ? settings.native.authScheme : 'certificate',
    username: settings.auth.username,
    password: settings.auth.password,
  });
  const shared = {
    http,
    session,
    cache,
    ids: createOnceCache<number>(ID_TTL_MS),
    resellerId: settings.native.resellerId,
  };
  return {
    bind: (hooks) => bindClient(shared, hooks),
    close: () => http.close(),
  };
}

interface Shared {
  readonly http: HttpClient;
  readonly session: Session;
  readonly cache: DefinitionsCache<SipwiseClient>;
  readonly ids: OnceCache<number>;
  readonly resellerId: number;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly write: boolean;
  readonly contentType?: string;
  readonly body?: unknown;
}

function bindClient(shared: Shared, hooks: CallHooks): SipwiseClient {
  const { http, session, cache } = shared;

  async function send(call: Call) {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    for (let renewed = false; ; renewed = true) {
      const authorization = await session.authorization(hooks);
      const response = await http.request({
        method: call.method,
        path: call.path,
        headers: {
          accept: ACCEPT,
          ...(authorization === null ? {} : { authorization }),
          ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
        },
        ...(body === undefined ? {} : { body }),
        write: call.write,
        hooks,
      });
      if (response.status >= 200 && response.status < 300) return response;
      const refusal = new SipwiseRefusal({ ...call, step: hooks.step }, response);
      // The answer to an expired token is also the answer to a role that may not: a fresh token tells them apart.
      if (!renewed && session.renewable && isRefusal(refusal, 403, /^Invalid user/)) {
        session.expire(authorization);
        continue;
      }
      if (refusal.class === 'auth') session.refuse(refusal);
      throw refusal;
    }
  }

  const client: SipwiseClient = {
    resellerId: shared.resellerId,
    ids: shared.ids,
    async get(path) {
      const call: Call = { method: 'GET', path, write: false };
      return readObject(call, await send(call));
    },
    async create(collection, body) {
      const path = `/api/${collection}/`;
      const call: Call = { method: 'POST', path, write: true, contentType: JSON_TYPE, body };
      const response = await send(call);
      const id = /\/(\d+)\/?$/.exec(String(response.headers['location'] ?? ''))?.[1];
      if (id === undefined) {
        const detail = `POST ${path} was answered ${response.status} without a Location`;
        throw keepAnswer(new TurnupError('TURNUP_OUTCOME_UNKNOWN', { detail }), call, response);
      }
      return Number(id);
    },
    async put(path, body) {
      await send({ method: 'PUT', path, write: true, contentType: JSON_TYPE, body });
    },
    async patch(path, operations) {
      await send({ method: 'PATCH', path, write: true, contentType: PATCH_TYPE, body: operations });
    },
    async remove(path) {
      await send({ method: 'DELETE', path, write: true });
    },
    definitions: async () => readDefinitions(await cache.get(client)),
    forgetDefinitions: () => cache.forget(),
  };
  return client;
}

function readObject(call: Call, response: HttpResponse): Item {
  try {
    const parsed: unknown = JSON.parse(response.text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Item;
  } catch {
    // Falls through: an answer that is no JSON is not quoted, it may be anything.
  }
  const detail = `GET ${call.path.split('?', 1)[0]} was not answered with a JSON object`;
  throw keepAnswer(new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail }), call, response);
}
