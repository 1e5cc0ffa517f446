import { z } from 'zod';
import type { Json } from '../port.ts';

/*
 * The preferences that an order may name: members of the platform's own DTOs (sippulse.md, "subscriberDTO" and "Others").
 * Which call sets one decides which step does.
 */

const flag = z.boolean({ error: 'must be true or false' });
const int = (least: number, most: number) =>
  z
    .int({ error: 'must be a whole number' })
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);
const amount = z.number({ error: 'must be a number' }).min(0).max(1_000_000_000);
const text = (most: number) =>
  z
    .string({ error: 'must be a text' })
    .min(1, 'must not be empty')
    .max(most, `must have at most ${most} characters`)
    .refine((value) => value === value.trim(), { error: 'must not begin or end with a space' });
const quotaType = z.enum(['M', 'V'], { error: 'must be M (minutes) or V (value)' });
const LARGEST = 2_147_483_647;

/** Switched by a pair of operations and shown by retrieveSubscriber: what sets it, what clears it. */
export const TOGGLES = {
  activeIncomingCalls: ['activateIncommingCalls', 'blockIncommingCalls'],
  activeOutgoingCalls: ['activateOutgoingCalls', 'blockOutgoingCalls'],
  blockAnonymousCalls: ['blockAnonymousCalls', 'activateAnonymousCalls'],
  blockCollectCalls: ['blockCollectCalls', 'activateCollectCalls'],
  blockEntry0303: ['blockEntry0303', 'activateEntry0303'],
  callsOnlyByIp: ['activateCallsOnlyByIp', 'blockCallsOnlyByIp'],
  softphoneAllowed: ['activateSoftphone', 'blockSoftphone'],
  validateSource0303: ['activateValidateSource0303', 'disableValidateSource0303'],
} as const;

/** Switched by a pair of operations and shown by none. */
export const HIDDEN_SWITCHES = {
  active: ['activateSubscriber', 'blockSubscriber'],
  dailyStatistics: ['activateDailyStatistics', 'blockDailyStatistics'],
  privacyCalls: ['activatePrivacyCalls', 'blockPrivacyCalls'],
  topologyHiding: ['activateTopologyHiding', 'blockTopologyHiding'],
} as const;

export type PreferenceGroup = 'subscriber' | 'classV' | 'services' | 'switches' | 'quotas';

interface Definition {
  readonly group: PreferenceGroup;
  readonly schema: z.ZodType;
  /** Whether `null` clears it. */
  readonly clears?: boolean;
}

const of = (group: PreferenceGroup, schema: z.ZodType, clears = false): Definition => ({ group, schema, clears });

export const PREFERENCES: { readonly [name: string]: Definition } = {
  ...Object.fromEntries(Object.keys(TOGGLES).map((name) => [name, of('subscriber', flag)])),
  addServiceHeader: of('subscriber', flag),
  copyPassertedRpid: of('subscriber', flag),
  lowCreditNotification: of('subscriber', flag),
  lowCreditLimit: of('subscriber', amount),
  profile: of('subscriber', text(64)),
  ratePlanId: of('subscriber', int(1, LARGEST)),
  callLimit: of('subscriber', int(0, 1_000_000)),
  rings: of('subscriber', int(1, 3600)),
  rpid: of('subscriber', text(64), true),
  areaCode: of('subscriber', int(0, 99_999)),
  countryCode: of('subscriber', int(1, 999)),
  cityCode: of('subscriber', text(32), true),
  localArea: of('subscriber', text(32), true),
  resellerBillingType: of('subscriber', int(0, 1)),
  resellerMarkup: of('subscriber', amount),
  resellerRatePlanId: of('subscriber', int(1, LARGEST), true),
  bossSecretary: of('classV', text(255), true),
  callGroup: of('classV', text(64), true),
  pickupGroup: of('classV', text(64), true),
  pinCode: of('classV', text(32), true),
  cps: of('services', int(0, 100_000)),
  keepAlive: of('services', int(0, 86_400)),
  ...Object.fromEntries(Object.keys(HIDDEN_SWITCHES).map((name) => [name, of('switches', flag)])),
  dailyQuota: of('quotas', flag),
  dailyQuotaLimit: of('quotas', amount),
  dailyQuotaType: of('quotas', quotaType),
  monthlyQuota: of('quotas', flag),
  monthlyQuotaLimit: of('quotas', amount),
  monthlyQuotaType: of('quotas', quotaType),
};

export type Preferences = { readonly [name: string]: Json };

/** What is wrong with a preference, or null. */
export function preferenceFault(name: string, value: Json): string | null {
  const definition = Object.hasOwn(PREFERENCES, name) ? PREFERENCES[name] : undefined;
  if (!definition) return `is not a preference of the platform; it has ${Object.keys(PREFERENCES).join(', ')}`;
  if (value === null) return definition.clears ? null : 'cannot be cleared: the platform always has a value';
  return definition.schema.safeParse(value).error?.issues[0]?.message ?? null;
}

/** The preferences that are set in one way. */
export function preferencesIn(preferences: Preferences | undefined, ...groups: PreferenceGroup[]): Preferences {
  return Object.fromEntries(
    Object.entries(preferences ?? {}).filter(([name]) => {
      const group = PREFERENCES[name]?.group;
      return group !== undefined && groups.includes(group);
    }),
  );
}

/** Those that a new subscriber is made with; null is what it has by itself. */
export const dtoPreferences = (preferences: Preferences): Preferences => preferencesIn(preferences, 'subscriber');
