import { z } from 'zod';
import { ipAddress, mask, maskFault } from '../shared/network.ts';
import { account, digits, domain, double, id, int, text, userAndDomain, username } from './scalars.ts';

/*
 * The platform's objects as an order names them, member by member (sippulse.md, "DTOs"). What the platform makes itself
 * (ids of new objects, `uri`, `group` …) is left out.
 */

export const did = z.strictObject({
  accountCode: account,
  aliasUsername: text(64).regex(/^\d+$/, 'must be digits'),
  domain,
  username,
  didHeader: text(64).optional(),
  didToRuri: z.boolean().optional(),
  gwid: text(32).optional(),
  localArea: text(64).optional(),
  monthlySubscription: double().optional(),
  reverseBilling: z.boolean().optional(),
});

const addressMembers = {
  account,
  domain,
  ipAddress,
  mask,
  method: z.enum(['iponly', 'techprefix', 'ip+cpt', 'ip+cli']),
  port: int(0, 65_535),
  protocol: z.enum(['tcp', 'udp', 'tls', 'any']),
  techPrefix: text(32).optional(),
  username,
};

const NEEDS_TECH_PREFIX: readonly unknown[] = ['techprefix', 'ip+cpt'];

interface AddressLike {
  readonly account?: unknown;
  readonly domain?: unknown;
  readonly ipAddress?: unknown;
  readonly mask?: unknown;
  readonly method?: unknown;
  readonly techPrefix?: unknown;
  readonly username?: unknown;
}

function checkAddress(ctx: z.core.ParsePayload<AddressLike>): void {
  const { account: code, domain: host, method, techPrefix, username: user } = ctx.value;
  const add = (member: string, message: string): void => {
    ctx.issues.push({ code: 'custom', path: [member], message, input: ctx.value });
  };
  if (code !== undefined && code !== `${String(user)}@${String(host)}`) add('account', 'must be username@domain');
  if (NEEDS_TECH_PREFIX.includes(method) && techPrefix === undefined) {
    add('techPrefix', `is needed with the method ${String(method)}`);
  }
  const wrongMask = maskFault(ctx.value);
  if (wrongMask !== null) add('mask', wrongMask);
}

export const address = z.strictObject(addressMembers).check(checkAddress);

export const addressChange = z
  .strictObject({
    ...z.object(addressMembers).partial().shape,
    id,
    ...userAndDomain,
  })
  .check((ctx) => {
    // What is left out stays as it is, a prefix among it.
    checkAddress({ ...ctx, value: { ...ctx.value, method: undefined } });
  });

const huntGroupMembers = {
  domain,
  description: text(),
  groupList: text(2000).regex(/^[^\s;]+(?:;[^\s;]+)*$/, 'must be user names with ; between them'),
  /** `paralell` is how the platform writes it. */
  method: z.enum(['paralell', 'serial']),
  timeout: int(1, 3600),
};

export const huntGroup = z.strictObject(huntGroupMembers);
export const huntGroupChange = z.strictObject({ ...z.object(huntGroupMembers).partial().shape, id, domain });

const ratePlanMembers = {
  name: text(64),
  domain,
  rateId: int(),
  prepaid: z.boolean(),
  txConnection: int(1, 60),
  cadency: int(1, 60),
  freeMinutes: int().optional(),
  markup: double(-1e6, 1e6).optional(),
  blockCallsWithoutRate: z.boolean().optional(),
  limitToCreditExpires: int().optional(),
  txDelay: int().optional(),
  txDiscard: int().optional(),
};

export const ratePlan = z.strictObject(ratePlanMembers);
export const ratePlanChange = z.strictObject({ ...z.object(ratePlanMembers).partial().shape, id, domain });

const rateMembers = {
  domain,
  name: text(128),
  prefix: text(20).regex(/^[0-9*#+]+$/, 'must be digits'),
  rateId: int(),
  rateValue: double(0, 1e6),
  cadency: int(1, 3600).optional(),
  serviceType: text(32).optional(),
  txConnection: int().optional(),
  txDelay: int().optional(),
  txDiscard: int().optional(),
};

export const rate = z.strictObject(rateMembers);
/** `rateId` names the table the rate is found in; it stays there. */
export const rateChange = z.strictObject({ ...z.object(rateMembers).partial().shape, id, domain, rateId: int() });

export const reseller = z.strictObject({
  domain,
  name: text(64),
  manager: text(128),
  email: z.email('must be a mail address').max(255),
  username,
  password: text(64),
  phone: text(32).optional(),
  mobile: text(32).optional(),
  credit: double().optional(),
});

export const whiteList = z.strictObject({ ...userAndDomain, prefix: text(32).regex(/^[0-9*#+]+$/, 'must be digits') });

const quotaType = z.enum(['M', 'V']);

/** `M` minutes, `V` value. A counter that is left out goes on from where it is. */
export const dailyQuota = z.strictObject({
  ...userAndDomain,
  dailyQuota: z.boolean(),
  dailyQuotaLimit: double().optional(),
  dailyQuotaType: quotaType.optional(),
  dailyQuotaConsumed: double().optional(),
});

export const monthlyQuota = z.strictObject({
  ...userAndDomain,
  monthlyQuota: z.boolean(),
  monthlyQuotaLimit: double().optional(),
  monthlyQuotaType: quotaType.optional(),
  monthlyQuotaConsumed: double().optional(),
});

/** Its members are assumed (sippulse.md): both operations are absent from the live servers seen. */
export const dbAliases = z.strictObject({ ...userAndDomain, aliasUsername: username, aliasDomain: domain });

export const credit = double(-1e9).refine((value) => Math.abs(value) >= 0.0001, 'must not be 0');
export const voicemailPassword = digits;
