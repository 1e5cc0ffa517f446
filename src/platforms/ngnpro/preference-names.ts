import { z } from 'zod';
import type { Json } from '../port.ts';

/*
 * What an order may name in `preferences`, by the platform's own names: members of the account, the switches that are
 * groups, and the rules that have operations of their own (ngnpro.md, "Types" and "Rules worth coding").
 */

const text = (most: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(most, `must have at most ${most} characters`)
    .refine((value) => value === value.trim(), { error: 'must not begin or end with a space' });

const group = text(64).regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be the name of a group');

/** Seconds; the platform takes no more. */
const LONGEST_RINGING = 900;

export const ACCOUNT_MEMBERS = {
  firstName: text(64).optional(),
  lastName: text(64).optional(),
  email: z.email().max(255).optional(),
  timezone: text(64).optional(),
  rpid: text(64).optional(),
  prepaid: z.boolean().optional(),
  quota: z.int().min(0).max(2_147_483_647).optional(),
  callLimit: z.int().min(0).max(100_000).optional(),
  timeout: z.int().min(1).max(LONGEST_RINGING).optional(),
  quickdialPrefix: z
    .string()
    .regex(/^\d{1,16}$/, 'must be digits')
    .optional(),
  region: text(64).optional(),
  acl: z
    .array(
      z.strictObject({
        ip: z.union([z.ipv4(), z.ipv6()], 'must be an IP address'),
        mask: z.int().min(0).max(128),
        tag: text(64).optional(),
      }),
    )
    .max(200)
    .optional(),
};

/**
 * Groups that are features. `prepaid` and `quota` follow the members of that name, `quota` is set by the platform too,
 * and `blocked` is what suspend and resume are about.
 */
export const GROUP_SWITCHES = [
  'free-pstn',
  'anonymous',
  'anonymous-reject',
  'missed-calls',
  'voicemail',
  'trunking',
  'deny-password-change',
  'rate-on-net',
  'sms',
  'payments',
] as const;

/** Never touched by `groups`. */
const OTHERS_GROUPS: ReadonlySet<string> = new Set(['blocked', 'quota', 'prepaid']);

const distinct = (list: readonly unknown[]): boolean => new Set(list).size === list.length;

const groups = z
  .array(group.refine((name) => !OTHERS_GROUPS.has(name), { error: 'is not set by this member' }))
  .max(100)
  .refine(distinct, { error: 'must not hold a group twice' });

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be HH:MM');

const acceptRules = z.strictObject({
  persistent: z
    .array(z.strictObject({ start: time, stop: time, groups: z.array(group).max(50), days: z.int().min(0).max(127) }))
    .max(50)
    .optional(),
  temporary: z.strictObject({ groups: z.array(group).max(50), duration: z.int().min(0).max(31_536_000) }).optional(),
});

/** Rules with operations of their own. */
export const RULES = {
  barringPrefixes: z
    .array(z.string().regex(/^\+[1-9]\d{0,19}$/, 'must be a plus and digits of which the first is not 0'))
    .max(500)
    .refine(distinct, { error: 'must not hold a prefix twice' }),
  rejectMembers: z
    .array(
      z
        .string()
        .max(255)
        .regex(/^sip:[^\s@]+@[^\s@]+$/, 'must be sip:user@host'),
    )
    .max(500)
    .refine(distinct, { error: 'must not hold a URI twice' }),
  acceptRules,
};

export type RuleName = keyof typeof RULES;
export const RULE_NAMES = Object.keys(RULES) as RuleName[];

const SCHEMAS: { readonly [name: string]: z.ZodType } = {
  ...ACCOUNT_MEMBERS,
  ...Object.fromEntries(GROUP_SWITCHES.map((name) => [name, z.boolean()])),
  groups,
  ...RULES,
};

export const schemaOfPreference = (name: string): z.ZodType | undefined =>
  Object.hasOwn(SCHEMAS, name) ? SCHEMAS[name] : undefined;

export const isAccountMember = (name: string): boolean => Object.hasOwn(ACCOUNT_MEMBERS, name);
export const isSwitch = (name: string): boolean => (GROUP_SWITCHES as readonly string[]).includes(name);
export const isRule = (name: string): name is RuleName => Object.hasOwn(RULES, name);

type Preferences = { readonly [name: string]: Json } | undefined;

/** Those of the order's preferences that are members of the account. */
export const accountMembersIn = (preferences: Preferences): { [name: string]: Json } =>
  Object.fromEntries(Object.entries(preferences ?? {}).filter(([name]) => isAccountMember(name)));

/** The groups that an order wants a subscriber to be in, of those it is in. */
export function wantedGroups(preferences: Preferences, found: readonly string[]): string[] {
  const list = preferences?.['groups'];
  const base =
    list === undefined
      ? [...found]
      : [...((list ?? []) as readonly string[]), ...found.filter((name) => OTHERS_GROUPS.has(name))];
  const switches = Object.entries(preferences ?? {}).filter(([name]) => isSwitch(name));
  const off = switches.filter(([, value]) => value !== true).map(([name]) => name);
  const on = switches.filter(([, value]) => value === true).map(([name]) => name);
  return [...new Set([...base, ...on])].filter((name) => !off.includes(name));
}
