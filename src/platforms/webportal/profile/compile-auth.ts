import type { Faults } from '../../check-faults.ts';
import {
  compileCall,
  compileConditions,
  compilePointer,
  compileTemplate,
  headerFault,
  type Compiler,
} from './compile-calls.ts';
import type { Auth, Condition } from './model.ts';
import type { AuthShape } from './schema.ts';
import { pathFault } from './template.ts';

const PATH = ['auth'];

/** What asks for a new login where the profile says nothing: RFC 9110 §15.5.2. */
const UNAUTHORIZED: readonly Condition[] = [{ statuses: [401], test: null }];

const LOGIN_NAMES = ['username', 'password'];

export function compileAuth(compiler: Compiler, auth: AuthShape): Auth {
  const { faults } = compiler;
  const expiredOf = ({ expired }: { expired?: Extract<AuthShape, { kind: 'login-session' }>['expired'] }) =>
    expired === undefined ? UNAUTHORIZED : compileConditions(compiler, expired, [...PATH, 'expired'], false);

  switch (auth.kind) {
    case 'header':
      checkHeader(faults, auth.name);
      return auth;
    case 'oauth-client-credentials': {
      const path = compileTemplate(compiler, auth.path, [...PATH, 'path'], []);
      faults.add([...PATH, 'path'], path.length === 0 ? null : pathFault(path));
      return { kind: auth.kind, path, send: auth.send, scope: auth.scope ?? null, expired: expiredOf(auth) };
    }
    case 'login-session': {
      const hasToken = auth.token !== undefined;
      if (hasToken === (auth.cookie !== undefined))
        faults.add(PATH, 'needs either "token" or "cookie": what the session is');
      return {
        kind: auth.kind,
        call: compileCall(compiler, auth, PATH, loginNames(auth)),
        done: compileConditions(compiler, auth.done, [...PATH, 'done'], true),
        refused: compileConditions(compiler, auth.refused, [...PATH, 'refused'], false),
        token: hasToken ? compilePointer(compiler, auth.token ?? '', [...PATH, 'token']) : null,
        cookie: auth.cookie ?? null,
        header: auth.header,
        expired: expiredOf(auth),
      };
    }
    case 'basic':
    case 'bearer':
    case 'client-certificate':
    default:
      return auth;
  }
}

/** Besides the login any name: whether the target has a secret of it, its settings tell. */
function loginNames({ set }: { readonly set: Readonly<Record<string, unknown>> }): string[] {
  const texts = Object.values(set).filter((value) => typeof value === 'string');
  return [
    ...LOGIN_NAMES,
    ...texts.flatMap((text) => [...text.matchAll(/\{([A-Za-z][A-Za-z0-9]*)/g)].map(([, name = '']) => name)),
  ];
}

function checkHeader(faults: Faults, name: string): void {
  const fault = headerFault(name);
  if (fault !== null && name.toLowerCase() !== 'authorization') faults.add([...PATH, 'name'], fault);
}

/** Names of secrets that the target's settings must hold. */
export function secretRefsOf(auth: Auth): string[] {
  if (auth.kind === 'bearer' || auth.kind === 'header') return [auth.secretRef].filter((name) => name !== 'password');
  if (auth.kind !== 'login-session') return [];
  const names = auth.call.set.flatMap(([, value]) =>
    Array.isArray(value)
      ? value.filter((part) => typeof part !== 'string').map((part) => (part as { name: string }).name)
      : [],
  );
  return names.filter((name) => !LOGIN_NAMES.includes(name));
}
