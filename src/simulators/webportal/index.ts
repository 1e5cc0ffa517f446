import { readFileSync } from 'node:fs';
import type { SimulatedAnswer, SimulatedPlatform, SimulatedRequest } from '../harness/platform.ts';
import { classOfStatus, send, worded, wordedError, wordedFound, type Worded } from './answers.ts';
import { placeAt } from './document.ts';
import type { Outcome } from './outcome.ts';
import { createPortal } from './portal.ts';
import { listOf, readPortalProfile, type Found, type Operation, type PortalProfile } from './profile.ts';
import { createRoutes, type Matched } from './routes.ts';
import { createSessions } from './sessions.ts';
import { createState, type PortalState, type Ticket } from './state.ts';

export { ProfileUnreadable } from './profile.ts';

export interface WebportalOptions {
  /** Text of a wire profile; left out: `status`. */
  readonly profile?: string;
  /** How long a queued call waits, in ms. */
  readonly ticketMs?: number;
  /** How many calls a login is good for; left out: all. */
  readonly callsPerLogin?: number;
}

/** The profiles that come with this stand-in. They are nobody else's. */
export const PORTAL_PROFILES = ['status', 'outcome'] as const;
export type PortalProfileName = (typeof PORTAL_PROFILES)[number];

export const portalProfile = (name: PortalProfileName): string =>
  readFileSync(new URL(`profiles/${name}.yaml`, import.meta.url), 'utf8');

const TICKET_MS = 30;

const READS = /\.(?:find|list|get)$|^jobs\./;

/**
 * A stand-in for a hosting network's web portal (tim-web-portal.md §4): a wire profile tells its calls and its words,
 * what it does is its own. What nobody outside can know of the real one is decided the awkward way: a company or office
 * that is made twice is there twice, and nothing goes that something hangs on.
 *
 * @throws ProfileUnreadable
 */
export function createWebportal(secret: Buffer, options: WebportalOptions = {}): SimulatedPlatform {
  const profile = readPortalProfile(options.profile ?? portalProfile('status'));
  const routes = createRoutes(profile);
  const startedAt = Date.now();
  const sessions = createSessions(profile, secret, options.callsPerLogin);
  const turnedAway = new WeakSet<SimulatedRequest>();
  let state = createState();
  const portal = createPortal(profile, () => state);
  const ticketMs = options.ticketMs ?? TICKET_MS;

  /** What is due is done whether or not anybody asks after it, in the order it came: the same when it is told again. */
  function runDue(now: number): void {
    for (const ticket of state.tickets.values()) {
      if (!ticket.work) continue;
      if (ticket.dueAt > now) return;
      ticket.work();
    }
  }

  /** Logins end with the process. What was kept from before it had a good one then. */
  function refusal(request: SimulatedRequest): Worded | null {
    const refused = request.at < startedAt ? null : sessions.refusal(request);
    if (refused) turnedAway.add(request);
    return refused;
  }

  function queue(matched: Matched, operation: Operation, request: SimulatedRequest): Worded {
    const id = state.nextId('ticket');
    const ticket: Ticket = { id, dueAt: request.at + ticketMs, state: 'waiting', result: null, work: null };
    ticket.work = () => {
      ticket.work = null;
      const outcome = portal.perform(matched);
      ticket.state = outcome.kind === 'done' ? 'done' : 'failed';
      ticket.result = wordOutcome(profile, matched, operation, outcome, request).document;
    };
    state.tickets.set(id, ticket);
    const { status, document } = worded(operation.done, 200);
    return { status, document: placeAt(document, operation.ticket ?? '/ticket', id) };
  }

  function tell(ticketId: string | undefined): Worded {
    const ticket = state.tickets.get(ticketId ?? '');
    const { jobs } = profile;
    if (!ticket || !jobs) return wordedError(profile, 'rejected', 'jobs.poll', 'there is no such ticket');
    const { poll } = jobs;
    if (ticket.state === 'waiting') return worded(poll.pending, 200);
    const result =
      poll.result === undefined || poll.result === '' ? ticket.result : placeAt({}, poll.result, ticket.result);
    return worded(ticket.state === 'done' ? poll.done : poll.failed, 200, structuredClone(result));
  }

  function answer(request: SimulatedRequest): SimulatedAnswer {
    runDue(request.at);
    const body = readBody(request);
    if (sessions.isLogin(request)) return sessions.logIn(request, body);
    const refused = refusal(request);
    if (refused) return send(refused);
    const matched = routes.match(request, body);
    if (!matched) return send(wordedError(profile, 'rejected', null, 'there is no such page'));
    if (matched.operation === 'jobs.poll') return send(tell(matched.names['ticket']));
    const operation = profile.operations.get(matched.operation)!;
    if (operation.ticket !== undefined && isKnown(state, matched)) return send(queue(matched, operation, request));
    const outcome = portal.perform(matched);
    const words = wordOutcome(profile, matched, operation, outcome, request);
    const isLocated = operation.id === 'header:location' && outcome.kind === 'done' && outcome.id !== undefined;
    return send(words, isLocated ? { location: `${request.path}/${outcome.id}` } : {});
  }

  return {
    operation: (request) =>
      sessions.isLogin(request) ? 'login' : (routes.match(request, readBody(request))?.operation ?? null),
    changes: (request, { status }) => {
      const operation = routes.match(request, readBody(request))?.operation;
      return operation !== undefined && !READS.test(operation) && status < 300 && !turnedAway.has(request);
    },
    handle: (request) => answer(request),
    /** In the profile's own words where it has some for what the status means. */
    refusal(status) {
      const errorClass = classOfStatus(status);
      const words = errorClass === null ? null : wordedError(profile, errorClass, null, 'out of order');
      return send(words ?? { status, document: { message: 'out of order' } });
    },
    state: () => {
      runDue(Number.POSITIVE_INFINITY);
      const { companies, offices, users, lines, limits, portedOut } = state;
      return {
        companies: [...companies.values()],
        offices: [...offices.values()],
        users: [...users.values()],
        lines: [...lines.values()],
        limits: Object.fromEntries(limits),
        portedOut: [...portedOut],
      };
    },
    reset: () => {
      state = createState();
      sessions.reset();
    },
  };
}

/** A call about something that is not there is answered at once, as only work is queued. */
function isKnown(state: PortalState, { operation, names }: Matched): boolean {
  if (operation.endsWith('.create')) return true;
  const { companyId, officeId, userId, lineId } = names;
  if (lineId !== undefined) return state.lines.has(lineId);
  if (userId !== undefined) return state.users.has(userId);
  if (officeId !== undefined) return state.offices.has(officeId);
  return companyId === undefined || state.companies.has(companyId);
}

function readBody({ body, headers }: SimulatedRequest): unknown {
  const text = body.toString('utf8');
  if (/form-urlencoded/i.test(headers['content-type'] ?? '')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function wordOutcome(
  profile: PortalProfile,
  { operation: name }: Matched,
  operation: Operation,
  outcome: Outcome,
  request: SimulatedRequest,
): Worded {
  switch (outcome.kind) {
    case 'done': {
      const { id } = operation;
      const isTold = outcome.id !== undefined && id?.startsWith('/') === true;
      return worded(operation.done, 200, isTold ? placeAt({}, id, outcome.id) : {});
    }
    case 'found':
      return wordPage(operation, listOf<Found>(operation.found)[0] ?? { status: 200 }, outcome.items, request);
    case 'absent':
      return operation.absent ? worded(operation.absent, 404) : wordedError(profile, 'rejected', name, 'not found');
    case 'exists':
      return operation.exists ? worded(operation.exists, 409) : wordedError(profile, 'conflict', name, outcome.message);
    case 'error':
    default:
      return wordedError(profile, outcome.class, name, outcome.message);
  }
}

/** A list comes in pages of the size that the profile reads; one by a cursor in pages of two. */
function wordPage({ paging }: Operation, found: Found, items: readonly unknown[], { query }: SimulatedRequest): Worded {
  if (!paging || found.many !== true) return wordedFound(found, items, (document) => document);
  const asked = Number(new URLSearchParams(query).get(paging.param) ?? Number.NaN);
  const size = paging.size ?? 2;
  const given = Number.isNaN(asked) ? 0 : asked;
  const start =
    paging.kind === 'page' ? Math.max(0, (Number.isNaN(asked) ? 0 : asked - (paging.first ?? 1)) * size) : given;
  const end = start + size;
  const more = (document: unknown): unknown =>
    paging.kind === 'cursor' && end < items.length && paging.next !== undefined
      ? placeAt(document, paging.next, String(end))
      : document;
  return wordedFound(found, items.slice(start, end), more);
}
