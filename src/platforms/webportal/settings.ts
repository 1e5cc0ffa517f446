import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { TurnupError, type Fault } from '../../errors/index.ts';
import type { TargetSettings } from '../port.ts';
import { secretRefsOf } from './profile/compile-auth.ts';
import type { Profile } from './profile/model.ts';
import { readProfile } from './profile/read.ts';

const profile = z
  .string()
  .min(1)
  .transform((text, ctx): Profile => {
    if (!text.includes('\n')) {
      ctx.addIssue({
        code: 'custom',
        message: 'must be { file: PATH }: the wire profile that you wrote from the manual',
      });
      return z.NEVER;
    }
    const read = readProfile(text);
    for (const { path, message } of read.faults) ctx.addIssue({ code: 'custom', path: [...path], message });
    return read.profile ?? z.NEVER;
  })
  .describe(
    'The wire profile, as `{ file: PATH }`: which calls the portal has. Written from the manual of your portal.',
  );

/** What the configuration of a portal may say beside the settings common to all platforms. */
export const settingsSchema = z.strictObject({
  profile,
  office: z
    .string()
    .min(1)
    .max(200)
    .default('Main office')
    .describe(
      'Name of the office of subscribers that name none in `native.office`. Made where a company has none of it.',
    ),
  domain: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .describe(
      'SIP domain of the portal. Needed where the profile has no field `user.domain`: orders must then name it.',
    ),
  secrets: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/), z.string().min(1).max(4096))
    .default({})
    .describe('Further secrets of the login, by the names that the profile has for them.'),
});

export type WebportalSettings = z.infer<typeof settingsSchema>;

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** `password`, or one of `secrets`. */
  secret(name: string): string;
}

export function credentialsOf({ auth, native }: TargetSettings<WebportalSettings>): Credentials {
  return {
    username: auth.username,
    password: auth.password,
    secrets: native.secrets,
    secret(name) {
      const secret = name === 'password' ? auth.password : native.secrets[name];
      if (secret !== undefined) return secret;
      throw new TurnupError('TURNUP_CONFIG_INVALID', { detail: `the target has no secret "${name}"` });
    },
  };
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(bare);
  return family === 0 ? bare === 'localhost' : LOOPBACK.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

/** What is wrong between the profile and the settings of its target. Paths start at the target's settings. */
export function settingsFaults({ url, tls, native }: TargetSettings<WebportalSettings>): Fault[] {
  const { profile: wire, domain, secrets } = native;
  const faults: Fault[] = [];
  const { protocol, hostname, search } = new URL(url);
  if (protocol !== 'https:' && !isLoopback(hostname)) {
    faults.push({ path: ['url'], message: 'must be https: the login and personal data go over it' });
  }
  if (search !== '') faults.push({ path: ['url'], message: 'must not have a query' });
  if (wire.auth.kind === 'client-certificate' && (tls.cert === undefined || tls.key === undefined)) {
    faults.push({ path: ['tls'], message: 'needs "cert" and "key": the profile logs in by a client certificate' });
  }
  for (const name of secretRefsOf(wire.auth)) {
    if (!Object.hasOwn(secrets, name))
      faults.push({ path: ['secrets', name], message: 'is required: the profile logs in with it' });
  }
  if (!wire.fields.user.has('domain') && domain === undefined) {
    faults.push({ path: ['domain'], message: 'is required: the profile has no field user.domain' });
  }
  return faults;
}

/** Once per start, and in `doctor`. */
export function settingsWarnings({ native }: TargetSettings<WebportalSettings>): string[] {
  const { title, verifiedAgainst } = native.profile;
  if (verifiedAgainst === 'production') return [];
  const against = verifiedAgainst === 'none' ? 'nothing' : 'the web pages only';
  return [
    `profile "${title}" was verified against ${against}: watch its first orders, or hold them back with notBefore.`,
  ];
}
