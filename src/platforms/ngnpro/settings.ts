import { z } from 'zod';
import type { TargetSettings } from '../port.ts';

const id = z.int().min(1).max(2_147_483_647);

/** What the configuration of an NGNPro target may say beside the settings common to all platforms. */
export const settingsSchema = z.strictObject({
  voicemailUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where VoicemailPort is, where it is apart: `https://cdr.example.com/ngnpro/voicemail`. Left out: at `url`, as on SIP Thor.',
    ),
  presenceUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the presence service is, where it is apart. Left out: at `url`.'),
  wsdlUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where the platform shows its own WSDL, with which `turnup doctor` compares ours. Left out: `url` and `/wsdl`.',
    ),
  login: z
    .enum(['administrator', 'customer'])
    .default('administrator')
    .describe('Whether the login is an administrator of the platform or one of its customers (a reseller).'),
  qualifiedAuth: z
    .boolean()
    .default(false)
    .describe('Whether the `auth` header has the platform’s namespace. The vendor’s own client sends none.'),
  xsiTypes: z.boolean().default(false).describe('Whether every value says its type, for a server that asks for it.'),
  passwords: z
    .enum(['digest', 'clear'])
    .default('digest')
    .describe('`digest`: the platform is sent digests of subscribers’ passwords and never sees the passwords.'),
  numberFormat: z
    .enum(['digits', 'plus'])
    .default('digits')
    .describe('How numbers are written in aliases, forwards and caller ids: `43987610001` or `+43987610001`.'),
  enum: z
    .enum(['auto', 'always', 'never'])
    .default('auto')
    .describe(
      'Whether numbers are published in ENUM. `auto`: where the platform has any range in the tree; each number must then be in one.',
    ),
  enumTld: z
    .string()
    .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/)
    .max(64)
    .default('e164.arpa')
    .describe('Suffix of the ENUM tree where numbers are published.'),
  reseller: id
    .optional()
    .describe(
      'Reseller of new customers. Left out: the one that is impersonated, that of the subscribers’ domains, or the login’s own.',
    ),
  timezone: z.string().min(1).max(64).default('UTC').describe('Time zone of new customers and subscribers.'),
});

/** A password is in each call, wherever it goes. */
export function settingsWarnings({ url, native }: TargetSettings<NgnproSettings>): string[] {
  if (!url.startsWith('https:')) return [];
  return (['voicemailUrl', 'presenceUrl'] as const)
    .filter((name) => native[name]?.startsWith('http:'))
    .map((name) => `${name} is plain HTTP, and url is not`);
}

export type NgnproSettings = z.infer<typeof settingsSchema>;
