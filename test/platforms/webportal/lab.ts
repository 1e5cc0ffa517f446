import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { parse } from 'yaml';
import type { CallHooks, CallRecord, Connection } from '../../../src/platforms/port.ts';
import { webportal } from '../../../src/platforms/webportal/index.ts';
import type { WebportalClient } from '../../../src/platforms/webportal/types.ts';
import {
  portalProfile,
  type PortalProfileName,
  type Simulator,
  type WebportalOptions,
} from '../../../src/simulators/index.ts';
import { createDriver, type Driver } from '../driver.ts';
import { quick, settingsWith, start, stateOf } from './fixture.ts';

export type Tree = Record<string, unknown>;

/** A profile of the stand-in with something else in it: members by path, `undefined` takes one away. */
export function profileWith(name: PortalProfileName, changes: Readonly<Record<string, unknown>> = {}): Tree {
  const root = parse(quick(portalProfile(name))) as Tree;
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('/');
    const last = steps.pop()!;
    const holder = steps.reduce<Tree>((at, step) => (at[step] ??= {}) as Tree, root);
    if (value === undefined) delete holder[last];
    else holder[last] = value;
  }
  return root;
}

export const textOf = (profile: unknown): string => `${JSON.stringify(profile, null, 1)}\n`;

export interface Lab {
  readonly simulator: Simulator;
  readonly driver: Driver;
  readonly client: WebportalClient;
  readonly calls: CallRecord[];
  readonly connection: Connection<WebportalClient>;
}

/** What the stand-in holds, by the name of its list. */
export const rows = async ({ simulator }: Lab, of: string) => (await stateOf(simulator))[of]!;

/** Test files end what they started. */
export function useLabs() {
  const closers: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closers) await close();
  });

  function connectTo(
    url: string,
    profile: unknown,
    more: { password?: string; secrets?: Record<string, string> } = {},
  ) {
    const settings = settingsWith(url, textOf(profile));
    const auth = { ...settings.auth, ...(more.password !== undefined && { password: more.password }) };
    const native = { ...settings.native, ...(more.secrets && { secrets: more.secrets }) };
    const connection = webportal.connect(
      { ...settings, auth, native },
      { get: async () => null, forget: async () => {} },
    );
    closers.unshift(() => connection.close());
    return connection;
  }

  async function open(
    profile: unknown,
    options: Omit<WebportalOptions, 'profile'> = {},
    password?: string,
  ): Promise<Lab> {
    const simulator = await start({ ticketMs: 2, ...options, profile: textOf(profile) });
    closers.push(() => simulator.close());
    const connection = connectTo(simulator.url, profile, password === undefined ? {} : { password });
    const calls: CallRecord[] = [];
    return {
      simulator,
      connection,
      calls,
      driver: createDriver(webportal, connection),
      client: connection.bind(hooksFor(calls)),
    };
  }

  /** A server of the test's own: every request is answered as it says. */
  async function serve(
    answer: (
      request: IncomingMessage,
      body: string,
    ) => { status: number; body?: string; headers?: Record<string, string> },
  ) {
    const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
    const server = createServer((request, reply) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
        const { status, body: text = '', headers = {} } = answer(request, body);
        reply.writeHead(status, headers).end(text);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closers.push(async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  }

  return { open, serve, connectTo };
}

export const hooksFor = (calls: CallRecord[] = [], signal = new AbortController().signal): CallHooks => ({
  signal,
  beforeCall: async () => {},
  afterCall: (call) => calls.push(call),
});

/** Every call without a login, so that a server of the test's own answers nothing else. */
export const BASIC = { auth: { kind: 'basic' }, basePath: undefined };

export const NAMES = { companyKey: 'C-1', companyId: '7', userId: '9', number: '+390612345', officeName: 'x' };

export const json = (status: number, value: unknown, headers: Record<string, string> = {}) => ({
  status,
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json', ...headers },
});
