import { ServiceFault } from './fault.ts';
import type { Fields } from './values.ts';

export interface Principal {
  readonly login: string;
  /** The domains it may touch; null for all of them. */
  readonly domains: readonly string[] | null;
}

/** `admin`/`admin` for every domain, `limited`/`limited` for `pbx.example.net` only. */
const PRINCIPALS: readonly (Principal & { readonly password: string })[] = [
  { login: 'admin', password: 'admin', domains: null },
  { login: 'limited', password: 'limited', domains: ['pbx.example.net'] },
];

/** @throws ServiceFault: a wrong login is a fault like any other, without a code */
export function authenticate(given: Fields | undefined): Principal {
  const found = PRINCIPALS.find(({ login, password }) => login === given?.['login'] && password === given['password']);
  if (!found) throw new ServiceFault('User not authenticated');
  return found;
}

export const mayTouch = ({ domains }: Principal, domain: string): boolean => domains?.includes(domain) ?? true;
