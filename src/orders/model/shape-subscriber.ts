import { z } from 'zod';
import { e164Fault } from './numbers.ts';
import {
  clearableSecret,
  clearableText,
  DAYS,
  emailAddress,
  itemId,
  LIMITS,
  native,
  secret,
  text,
} from './shape-fields.ts';

const digits = (min: number, max: number, description: string) =>
  z
    .string()
    .regex(new RegExp(`^[0-9]{${min},${max}}$`), `must be ${min} to ${max} digits`)
    .meta({ description });

export const numberShape = z
  .union([
    z
      .string()
      .max(64)
      .meta({
        description: "E.164. Becomes cc and sn with an empty ac, unless the target's `areaCodes` names a prefix of it.",
        examples: ['+43987610001'],
      }),
    z.strictObject({
      cc: digits(1, 3, 'Country code.'),
      ac: digits(0, 14, 'Area code; may be empty or left out.').optional(),
      sn: digits(1, 14, 'Subscriber number.'),
    }),
  ])
  .meta({
    id: 'PhoneNumber',
    description: 'A possible E.164 number, as a string or in parts; it need not be assigned.',
  });

function destinationFault(to: string): string | null {
  if (to === 'voicemail') return null;
  if (to.startsWith('sip:')) {
    return /^sip:[^\s@<>"]+@[^\s@<>"]+$/.test(to) ? null : 'must be a SIP URI of the form sip:user@host';
  }
  const fault = e164Fault(to);
  return fault && `must be an E.164 number, sip:user@host or voicemail; as a number it ${fault}`;
}

const destinationShape = z
  .strictObject({
    to: z
      .string()
      .max(255)
      .check((ctx) => {
        const fault = destinationFault(ctx.value);
        if (fault) ctx.issues.push({ code: 'custom', message: fault, input: ctx.value });
      })
      .meta({
        description: 'An E.164 number, `sip:user@host`, or `voicemail`.',
        examples: ['+4366610001', 'sip:bob@example.com', 'voicemail'],
      }),
    timeout: z
      .int()
      .min(0)
      .max(3600)
      .optional()
      .meta({ description: 'Seconds this destination rings before the next is tried.' }),
  })
  .meta({ id: 'ForwardDestination', description: 'Where a call is forwarded to.' });

const timeOfDay = (description: string) =>
  z
    .string()
    .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'must be a time of day, 00:00 to 23:59')
    .meta({ description, examples: ['08:00'] });

const timeWindowShape = z
  .strictObject({
    days: z.array(z.enum(DAYS)).min(1).max(7).meta({ description: 'Days of the week.' }),
    from: timeOfDay('Start, local time of the platform.'),
    to: timeOfDay('End; later than `from`. A window over midnight is given as two.'),
  })
  .meta({ id: 'TimeWindow', description: 'When a forward is in force.' });

const forwardMembers = {
  destinations: z.array(destinationShape).min(1).max(LIMITS.destinations).meta({ description: 'Tried in this order.' }),
  times: z
    .array(timeWindowShape)
    .min(1)
    .max(LIMITS.timeWindows)
    .nullish()
    .meta({ description: '`null` or absent: always.' }),
};

const forwardShape = z.strictObject(forwardMembers).meta({ id: 'CallForward', description: 'A call forward.' });

const noAnswerShape = z
  .strictObject({
    ...forwardMembers,
    ringTimeout: z
      .int()
      .min(1)
      .max(3600)
      .optional()
      .meta({ description: 'Seconds the subscriber rings before the call is forwarded.' }),
  })
  .meta({ id: 'NoAnswerForward', description: 'The call forward on no answer.' });

const callForwardsShape = z
  .strictObject({
    unconditional: forwardShape.nullish().meta({ description: 'Every call.' }),
    busy: forwardShape.nullish().meta({ description: 'When the line is busy.' }),
    noAnswer: noAnswerShape.nullish().meta({ description: 'When nobody answers.' }),
    unregistered: forwardShape.nullish().meta({ description: 'When no device is registered.' }),
    unavailable: forwardShape
      .nullish()
      .meta({ description: 'When the line cannot be reached; only where the platform has it.' }),
  })
  .meta({ id: 'CallForwards', description: 'Call forwards by the event that sets them off.' });

const voicemailShape = z
  .strictObject({
    pin: z
      .string()
      .regex(/^[0-9]{1,32}$/, 'must be 1 to 32 digits')
      .optional()
      .meta({ description: 'PIN of the mailbox.', writeOnly: true }),
    email: emailAddress(false).meta({ description: 'Where messages are sent.' }),
  })
  .meta({ id: 'Voicemail', description: "The subscriber's voice mailbox." });

export const subscriberShape = z
  .strictObject({
    id: itemId(
      'Name of the subscriber within the order, unique there; steps are named after it. Default: s1, s2 … by position.',
    ),
    externalId: clearableText(255, "The CRM's subscriber number."),
    username: text(
      255,
      'SIP user name, by the rules of the platform. Together with `domain` unique in the order, letter case ignored.',
    ),
    domain: z
      .string()
      .min(1)
      .max(253)
      .regex(/^[^\s@/]+$/, 'must be a domain name without spaces, @ and /')
      .meta({ description: 'SIP domain; must exist on the target.', examples: ['sip.example.com'] }),
    password: secret(
      255,
      'SIP password. Left out of a provision order: generated, and read once from `GET /v1/orders/{id}/credentials`.',
    ),
    webUsername: clearableText(255, 'User name of the self-care login.'),
    webPassword: clearableSecret(255, 'Password of the self-care login.'),
    number: numberShape
      .nullish()
      .meta({ description: 'Primary number, unique in the order over all numbers and aliases.' }),
    aliases: z
      .array(numberShape)
      .max(LIMITS.aliases)
      .nullish()
      .meta({ description: 'Further numbers, in the same forms.' }),
    callForwards: callForwardsShape.nullish().meta({ description: 'Where calls go that are not answered here.' }),
    preferences: z
      .record(z.string().min(1), z.unknown())
      .refine(
        (members) => Object.keys(members).length <= LIMITS.preferences,
        `must have at most ${LIMITS.preferences} members`,
      )
      .nullish()
      .meta({ description: "Preferences by the platform's own names." }),
    voicemail: voicemailShape.nullish().meta({ description: 'Settings of the voice mailbox.' }),
    native: native('subscriber'),
  })
  .meta({ id: 'Subscriber', description: 'One telephone subscriber.' });
