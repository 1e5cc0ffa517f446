import { z } from 'zod';

/** What the configuration of a Sipwise target may say beside the settings common to all platforms. */
export const settingsSchema = z.strictObject({
  resellerId: z.int().min(1).default(1).describe('Reseller whose contacts and billing profiles are used.'),
  authScheme: z
    .enum(['token', 'basic'])
    .default('token')
    .describe(
      '`token` logs in once and falls back to `basic` where the platform has no token login; `basic` costs the ' +
        'platform over half a second of CPU per call. A client certificate in `tls` replaces both.',
    ),
});

export type SipwiseSettings = z.infer<typeof settingsSchema>;
