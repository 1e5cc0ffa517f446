import { z } from 'zod';
import { callsSettings } from './calls/index.ts';

const int = z.int().min(0).max(2_147_483_647);

/** What the configuration of a SIPPulse target may say beside the settings common to all platforms. */
export const settingsSchema = z.strictObject({
  profile: z
    .string()
    .min(1)
    .max(64)
    .default('default')
    .describe(
      'Profile of a new subscriber where the order names none. Where the domain has no such profile, its only one.',
    ),
  ratePlanId: int
    .optional()
    .describe(
      'Rate plan of a new subscriber where the order has no `customer.billingProfile`. Left out: the plan named ' +
        '`default`, or the only one of the domain.',
    ),
  countryCode: int
    .default(55)
    .describe('Country code of a new subscriber; numbers of this country are sent without it.'),
  areaCode: int.default(11).describe('Area code of a new subscriber whose number says none.'),
  callLimit: int.default(2).describe('Simultaneous calls of a new subscriber.'),
  rings: int.default(30).describe('Seconds a new subscriber rings before a call counts as not answered.'),
  cps: int.default(5).describe('Calls per second of a new subscriber.'),
  keepAlive: int.default(0).describe('Seconds between the keep-alive messages to a new subscriber; 0: none.'),
  numberFormat: z
    .enum(['national', 'international'])
    .default('national')
    .describe(
      '`national`: DIDs and forwards of the target’s own country are sent without the country code, as the vendor’s ' +
        'examples have them.',
    ),
  basicAuth: z
    .strictObject({
      username: z.string().max(255).describe('User name; may be empty.'),
      password: z.string().max(1024).describe('Password; may be empty.'),
    })
    .optional()
    .describe('HTTP Basic in front of the services, beside the login in each call.'),
  calls: callsSettings.optional().describe('Call records, read from the platform’s database. Left out: off.'),
});

export type SippulseSettings = z.infer<typeof settingsSchema>;
