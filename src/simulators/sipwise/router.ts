import type { SimulatedAnswer, SimulatedRequest } from '../harness/platform.ts';
import type { Account } from './accounts.ts';
import type { Authenticator } from './auth.ts';
import { bodyReader, objectBody, patchBody } from './bodies.ts';
import { labelsOf, outcomeAnswer, readOnlyAnswer, refusalAnswer, type Labels } from './labels.ts';
import { parseQuery } from './query.ts';
import { invalidUser, pathNotFound, redirectTo, Refusal, unauthorized } from './refusal.ts';
import type { Context, Outcome, Resource } from './resource.ts';
import { serviceDocument, type DocumentedResource } from './service-document.ts';
import type { SipwiseState } from './state.ts';

/** A collection that is no resource of rows: the preference definitions. */
export interface SingleDocument extends DocumentedResource {
  readonly name: string;
  document(): string;
}

export interface Router {
  operation(request: SimulatedRequest): string | null;
  handle(request: SimulatedRequest, state: SipwiseState): Promise<SimulatedAnswer>;
}

interface Route {
  readonly resource: Resource | SingleDocument;
  /** Null: the collection. */
  readonly id: string | null;
  /** A collection asked for without its final slash. */
  readonly slashMissing: boolean;
}

const PATH = /^\/api\/([a-z]+)(?:(\/?)|\/([^/]+)\/?)$/;
/** Honoured in place of the method of the request line (sipwise-ngcp.md §2). */
const OVERRIDES = ['x-http-method', 'x-http-method-override', 'x-method-override', 'x-tunneled-method'];
const VERBS: Record<string, string> = {
  GET: 'read',
  HEAD: 'read',
  OPTIONS: 'options',
  POST: 'create',
  PUT: 'replace',
  PATCH: 'patch',
  DELETE: 'delete',
};

function methodOf(request: SimulatedRequest): string {
  for (const header of OVERRIDES) {
    const value = request.headers[header];
    if (typeof value === 'string') return value.toUpperCase();
  }
  return request.method;
}

function isDocument(resource: Resource | SingleDocument): resource is SingleDocument {
  return 'document' in resource;
}

/** GET brings HEAD, and OPTIONS is everywhere (§8). */
function methodsOf(route: Route): string[] {
  const { resource } = route;
  const own: readonly string[] = route.id === null ? resource.collectionMethods : resource.itemMethods;
  return own.length === 0 ? [] : [...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
}

function idOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Refusal(400, 'Invalid id in request URI');
}

function dispatch(
  resource: Resource,
  route: Route,
  method: string,
  request: SimulatedRequest,
  context: Context,
): Outcome {
  const representation = request.headers['prefer'] === 'return=representation';
  const read = bodyReader(request, method);
  if (route.id === null) {
    return method === 'POST' ? resource.create(objectBody(read), context, representation) : resource.list(context);
  }
  const id = idOf(route.id);
  switch (method) {
    case 'PUT':
      return resource.replace(id, objectBody(read), context, representation);
    case 'PATCH':
      return resource.patch(id, patchBody(read), context, representation);
    case 'DELETE':
      return resource.remove(id, context);
    default:
      return resource.read(id, context);
  }
}

function options(methods: readonly string[], labels: Labels): SimulatedAnswer {
  return {
    status: 200,
    headers: { 'content-type': labels.json, allow: methods.join(', ') },
    body: `${JSON.stringify({ methods })}\n`,
  };
}

export function createRouter(resources: readonly (Resource | SingleDocument)[], authenticator: Authenticator): Router {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));

  function routeOf(path: string): Route | null {
    const found = PATH.exec(path);
    const resource = found ? byName.get(found[1] ?? '') : undefined;
    if (!found || !resource) return null;
    const id = found[3] ?? null;
    return { resource, id, slashMissing: id === null && found[2] === '' };
  }

  async function accountOf(request: SimulatedRequest): Promise<Account | null> {
    return authenticator.authenticate(request.headers.authorization);
  }

  async function serve(request: SimulatedRequest, state: SipwiseState, labels: Labels): Promise<SimulatedAnswer> {
    const method = methodOf(request);
    if (request.path === '/login_jwt' && method === 'POST') return authenticator.login(request);
    const root = request.path === '/api/' || request.path === '/api';
    const route = root ? null : routeOf(request.path);
    const methods = root ? ['GET', 'HEAD', 'OPTIONS'] : route ? methodsOf(route) : [];
    if (!methods.includes(method)) throw pathNotFound();

    const account = await accountOf(request);
    if (!account) return unauthorized(labels.plain);
    if (account.readOnly && !['GET', 'HEAD', 'OPTIONS'].includes(method)) return readOnlyAnswer(labels);
    if (route && !isDocument(route.resource) && route.resource.adminOnly && account.role !== 'admin')
      throw invalidUser();
    if (route?.slashMissing || request.path === '/api') return redirectTo(`${request.origin}${request.path}/`);
    if (method === 'OPTIONS') return options(methods, labels);
    if (!route) return serviceDocument(request.headers.accept, resources, account);
    if (isDocument(route.resource)) {
      return { status: 200, headers: { 'content-type': labels.hal }, body: route.resource.document() };
    }
    const item = route.id !== null && (method === 'GET' || method === 'HEAD');
    if (item && route.resource.genericCode && labels.unservable) {
      throw new Refusal(500, `Requested unknown type '${labels.unservable}', supported types: application/json.`);
    }
    const context: Context = { state, account, query: parseQuery(request.query), now: request.at };
    return outcomeAnswer(dispatch(route.resource, route, method, request, context), labels);
  }

  return {
    operation(request) {
      if (request.path === '/login_jwt') return 'login';
      const route = routeOf(request.path);
      if (!route) return null;
      const method = methodOf(request);
      const verb = VERBS[method] ?? method.toLowerCase();
      return `${route.resource.name}.${verb === 'read' && route.id === null ? 'list' : verb}`;
    },
    async handle(request, state) {
      const labels = labelsOf(request.headers.accept);
      try {
        return await serve(request, state, labels);
      } catch (error) {
        if (error instanceof Refusal) return refusalAnswer(error);
        throw error;
      }
    },
  };
}
