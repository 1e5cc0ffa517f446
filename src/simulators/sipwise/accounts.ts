/** A login of the admin side. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly password: string;
  readonly role: 'admin' | 'reseller';
  /** Null for `admin`. */
  readonly resellerId: number | null;
  readonly readOnly: boolean;
  /** The right to see SIP passwords in clear. */
  readonly showPasswords: boolean;
}

/**
 * The logins of fresh data. `administrator` is the one of the recorded server; the others are there for tests of what
 * a reseller (of reseller 1), a read-only administrator and one without the right to see passwords may not do. Each
 * password equals its login.
 */
export const ACCOUNTS: readonly Account[] = [
  {
    id: 1,
    login: 'administrator',
    password: 'administrator',
    role: 'admin',
    resellerId: null,
    readOnly: false,
    showPasswords: true,
  },
  {
    id: 2,
    login: 'reseller',
    password: 'reseller',
    role: 'reseller',
    resellerId: 1,
    readOnly: false,
    showPasswords: true,
  },
  {
    id: 3,
    login: 'readonly',
    password: 'readonly',
    role: 'admin',
    resellerId: null,
    readOnly: true,
    showPasswords: false,
  },
  {
    id: 4,
    login: 'clerk',
    password: 'clerk',
    role: 'admin',
    resellerId: null,
    readOnly: false,
    showPasswords: false,
  },
];
