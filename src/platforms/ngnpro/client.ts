import { randomBytes } from 'node:crypto';
import { createHttpClient, type HttpClient } from '../../http-client/index.ts';
import { createOnceCache, type OnceCache } from '../once-cache.ts';
import type { CallHooks, Connection, TargetSettings } from '../port.ts';
import type { Surface } from '../soap/surface.ts';
import { isFault } from './fault.ts';
import { createLogin, type Login } from './login.ts';
import type { NgnproSettings } from './settings.ts';
import { createPortCaller, type PortCaller } from './soap/call.ts';
import { fetchLiveSurface } from './soap/live-wsdl.ts';
import { PORTS, type Place, type PortName } from './soap/ports.ts';
import type { Args, NgnproClient, NgnproDefaults, Plain } from './types.ts';

/** Pages of lists are asked for by a hundred; traces are the largest texts. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

/** How long domains and ranges that were read are taken to be there. */
const REFERENCES_TTL_MS = 60_000;

interface Address {
  readonly http: HttpClient;
  readonly path: string;
  readonly caller: PortCaller;
}

/** In the place of a customer's id. */
const NOBODY = 0;

interface Shared {
  readonly actsFor: number | null;
  readonly addresses: { readonly [place in Place]: Address };
  readonly wsdl: { readonly http: HttpClient; readonly path: string };
  readonly login: Login;
  readonly references: OnceCache<unknown>;
  readonly defaults: NgnproDefaults;
}

/**
 * One client per address and credential set: npm soap keeps the `auth` header on the client, so that a shared one would
 * race between logins (ngnpro.md, "npm soap" 8). Who is impersonated is part of the credentials, and sees other things.
 */
export function connect(settings: TargetSettings<NgnproSettings>): Connection<NgnproClient> {
  const hosts = new Map<string, HttpClient>();
  const hostOf = (url: URL): HttpClient => {
    let http = hosts.get(url.origin);
    if (!http) {
      http = createHttpClient({ ...settings, url: url.origin }, { maxResponseBytes: MAX_RESPONSE_BYTES });
      hosts.set(url.origin, http);
    }
    return http;
  };
  const acting = new Map<number, Shared>();
  const sharedFor = (impersonate: number): Shared => {
    let shared = acting.get(impersonate);
    if (!shared) {
      shared = sharedOf(actingFor(settings, impersonate), hostOf);
      acting.set(impersonate, shared);
    }
    return shared;
  };
  return {
    bind: (hooks) => bindClient(sharedFor, impersonatedBy(settings, hooks.client), hooks),
    async close() {
      for (const http of hosts.values()) await http.close();
    },
  };
}

function impersonatedBy(
  { impersonate = {}, auth }: Pick<TargetSettings<NgnproSettings>, 'impersonate' | 'auth'>,
  client = '',
): number {
  return (Object.hasOwn(impersonate, client) ? impersonate[client] : auth.impersonate) ?? NOBODY;
}

/** The customers of a client that has somebody of its own belong to that one, not to the target's reseller. */
function actingFor(settings: TargetSettings<NgnproSettings>, impersonate: number): TargetSettings<NgnproSettings> {
  const { auth, native } = settings;
  if (impersonate === auth.impersonate) return settings;
  const { impersonate: _own, ...login } = auth;
  if (impersonate === NOBODY) return { ...settings, auth: login };
  const { reseller: _reseller, ...others } = native;
  return { ...settings, auth: { ...login, impersonate }, native: others };
}

function sharedOf(settings: TargetSettings<NgnproSettings>, hostOf: (url: URL) => HttpClient): Shared {
  const { native } = settings;
  const placeAt = (url: string): Address => {
    const parsed = new URL(url);
    const http = hostOf(parsed);
    return { http, path: pathOf(parsed), caller: createPortCaller(http, settings) };
  };
  const main = placeAt(settings.url);
  const wsdlUrl = new URL(native.wsdlUrl ?? `${settings.url.replace(/\/+$/, '')}/wsdl`);
  return {
    actsFor: settings.auth.impersonate ?? null,
    addresses: {
      main,
      voicemail: native.voicemailUrl === undefined ? main : placeAt(native.voicemailUrl),
      presence: native.presenceUrl === undefined ? main : placeAt(native.presenceUrl),
    },
    wsdl: { http: hostOf(wsdlUrl), path: `${wsdlUrl.pathname}${wsdlUrl.search}` },
    login: createLogin(),
    references: createOnceCache<unknown>(REFERENCES_TTL_MS),
    defaults: defaultsOf(settings),
  };
}

/** The ports share one address without a path of their own below it. */
const pathOf = ({ pathname }: URL): string => (pathname === '/' ? '/' : pathname.replace(/\/+$/, ''));

/** Without what is no business of steps: they are given these. */
export function defaultsOf({ auth, native }: Pick<TargetSettings<NgnproSettings>, 'auth' | 'native'>): NgnproDefaults {
  const { passwords, numberFormat, enum: publish, enumTld, timezone, login } = native;
  const { reseller = auth.impersonate ?? null } = native;
  return { passwords, numberFormat, enum: publish, enumTld, timezone, reseller, login };
}

/** Reads are those that are called so (ngnpro.md, "Ports and methods"). */
export const isRead = (operation: string): boolean => operation.startsWith('get');

function bindClient(sharedFor: (impersonate: number) => Shared, impersonate: number, hooks: CallHooks): NgnproClient {
  const shared = sharedFor(impersonate);
  async function send(port: PortName, operation: string, args: Args): Promise<Plain> {
    const { path, caller } = shared.addresses[PORTS[port].place];
    return caller.call({ port, operation, path, args, write: !isRead(operation), hooks });
  }

  return {
    async call(port, operation, args = {}) {
      const { hasLogin } = PORTS[port];
      try {
        const reply = await send(port, operation, args);
        if (hasLogin) shared.login.proven();
        return reply;
      } catch (error) {
        if (hasLogin && isFault(error)) throw await shared.login.judge(error, send);
        throw error;
      }
    },
    liveSurface: (): Promise<Surface | null> => fetchLiveSurface(shared.wsdl.http, shared.wsdl.path, hooks),
    throwaway: () => randomBytes(24).toString('base64url'),
    defaults: shared.defaults,
    actsFor: shared.actsFor,
    itself: () => bindClient(sharedFor, NOBODY, hooks),
    references: shared.references,
  };
}
