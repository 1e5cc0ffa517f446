import { z } from 'zod';
import { allClearable, digits, domain, double, id, int, text, userAndDomain, username } from './scalars.ts';

/* The subscriber's objects as an order names them (sippulse.md, "DTOs"). */

const password = text(64);
const uri = text().regex(/^sips?:[^\s@]+@[^\s@]+$/, 'must be sip:user@host');

const billing = {
  contractNumber: text(64),
  firstName: text(64),
  lastName: text(64),
  document: text(32),
  address: text(),
  number: text(32),
  complement: text(64),
  quarter: text(64),
  city: text(64),
  state: text(64),
  zip: text(16),
  phone: digits,
  mobile: digits,
};

const required = {
  password,
  passwordPortal: password,
  profile: text(64),
  ratePlanId: int(),
  emailAddress: z.email('must be a mail address').max(255),
  countryCode: int(1, 999),
  areaCode: int(0, 99_999),
  callLimit: int(0, 100_000),
  voicemail: z.boolean(),
  resellerId: int(),
  callsOnlyByIp: z.boolean(),
  addServiceHeader: z.boolean(),
};

const switches = {
  activeIncomingCalls: z.boolean(),
  activeOutgoingCalls: z.boolean(),
  blockCollectCalls: z.boolean(),
  blockAnonymousCalls: z.boolean(),
  blockEntry0303: z.boolean(),
  validateSource0303: z.boolean(),
  lowCreditNotification: z.boolean(),
  lowCreditLimit: double(),
  softphoneAllowed: z.boolean(),
  copyPassertedRpid: z.boolean(),
  resellerBillingType: int(0, 1),
  resellerMarkup: double(-1e6, 1e6),
};

const texts = {
  voiceMailPassword: digits,
  resellerRatePlanId: id,
  rings: int(1, 3600),
  rpid: text(),
  callFwd: uri,
  fwdBusy: uri,
  noAnswer: uri,
  ...billing,
  cityCode: text(16),
  localArea: text(64),
};

export const newSubscriber = z.strictObject({
  ...userAndDomain,
  ...required,
  ...z.object(switches).partial().shape,
  ...z.object(texts).partial().shape,
});

/** What is left out stays as it is, null clears. */
export const subscriberChange = z.strictObject({
  ...userAndDomain,
  ...z.object(required).partial().shape,
  ...z.object(switches).partial().shape,
  ...allClearable(texts),
});

export const billingChange = z.strictObject({ ...userAndDomain, ...allClearable(billing) });

export const classVChange = z.strictObject({
  ...userAndDomain,
  ...allClearable({
    bossSecretary: text(),
    callFwd: uri,
    callGroup: text(64),
    fwdBusy: uri,
    noAnswer: uri,
    pickupGroup: text(64),
    pinCode: text(32).regex(/^\d+$/, 'must be digits'),
  }),
});

/** `cps` and `keepAlive` are always sent and can never be read, so that leaving them out would set them to 0. */
export const servicesChange = z.strictObject({
  ...userAndDomain,
  cps: int(),
  keepAlive: int(),
  areaCode: required.areaCode.optional(),
  callLimit: required.callLimit.optional(),
  countryCode: required.countryCode.optional(),
  email: required.emailAddress.optional(),
  ...allClearable({ cityCode: text(16), localArea: text(64), rpid: text() }),
});

const sameNew = (ctx: z.core.ParsePayload<{ newPassword: string; confirmNewPassword?: string | undefined }>): void => {
  const { newPassword, confirmNewPassword } = ctx.value;
  if (confirmNewPassword !== undefined && confirmNewPassword !== newPassword) {
    ctx.issues.push({
      code: 'custom',
      path: ['confirmNewPassword'],
      message: 'must be the same as newPassword',
      input: undefined,
    });
  }
};

/** The password it has may be left out: it is read where it is needed. */
export const passwordChange = z
  .strictObject({
    username,
    domain,
    actualPassword: password.optional(),
    newPassword: password,
    confirmNewPassword: password.optional(),
  })
  .check(sameNew);

export const customerPasswordChange = z
  .strictObject({
    username,
    domain,
    actualPassword: password,
    newPassword: password,
    confirmNewPassword: password.optional(),
  })
  .check(sameNew);

export const customerLogin = z.strictObject({ username, domain, password });
