import { z } from 'zod';
import type { Json } from '../../port.ts';
import { DIVERSIONS, MAILBOX } from '../forwards.ts';
import { textsIn } from './listing.ts';
import { int, sipUri, text } from './scalars.ts';
import type { OperationSpec } from './spec.ts';
import { isBlank, isObject } from './values.ts';
import { wholeSpec } from './whole.ts';

/* What an account has as a whole: diversions, rules, members that are rejected, prefixes that are barred. */

const MEMBERS = Object.values(DIVERSIONS);
const destination = z.union([sipUri, z.literal(MAILBOX)], { error: `must be sip:user@host or ${MAILBOX}` });

const diversionsIn = (value: unknown): { readonly [member: string]: string | null } =>
  Object.fromEntries(
    MEMBERS.map((member) => {
      const to = isObject(value) ? value[member] : null;
      return [member, typeof to === 'string' && to !== '' ? to : null];
    }),
  );

/** What the vendor's client sends in the place of an empty struct (ngnpro.md, "Rules worth coding"). */
const NONE = { nocondition: 'empty' };

const GROUPS = 'must be names of groups, everybody or nobody';
const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 08:30');
const groups = z
  .array(text(64), { error: GROUPS })
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 entries');

const rules = z.strictObject({
  persistent: z
    .array(z.strictObject({ start: clock, stop: clock, groups, days: int(0, 127) }))
    .max(100, 'must have at most 100 entries')
    .optional(),
  /** `duration` in minutes. */
  temporary: z
    .strictObject({ groups, duration: int(1) })
    .nullable()
    .optional(),
});

function rulesIn(value: unknown): Json {
  const { persistent, temporary } = isObject(value) ? value : {};
  const isOn = isObject(temporary) && !isBlank(temporary['groups']) && !isBlank(temporary['duration']);
  return {
    persistent: (Array.isArray(persistent) ? persistent : []) as Json,
    temporary: (isOn ? temporary : null) as Json,
  };
}

const barredPrefix = text(32).regex(/^\+[1-9]\d*$/, 'must be + and digits of which the first is not 0');

const list = (set: string, get: string, part: string, title: string, member: z.ZodString): OperationSpec =>
  wholeSpec({
    port: 'SipPort',
    get,
    set,
    title,
    part,
    shape: z.array(member).max(500, 'must have at most 500 entries'),
    read: textsIn,
    wanted: textsIn,
  });

export const CALL_SETTINGS: readonly OperationSpec[] = [
  wholeSpec({
    port: 'SipPort',
    get: 'getCallDiversions',
    set: 'setCallDiversions',
    title: 'Set the call diversions of an account; those left out are off',
    part: 'diversions',
    shape: z.strictObject(Object.fromEntries(MEMBERS.map((member) => [member, destination.optional()]))),
    read: diversionsIn,
    wanted: diversionsIn,
    sent: (value) => (Object.values(value ?? {}).every(isBlank) ? NONE : value),
  }),
  wholeSpec({
    port: 'SipPort',
    get: 'getAcceptRules',
    set: 'setAcceptRules',
    title: 'Set from whom an account accepts calls, and when',
    part: 'rules',
    shape: rules,
    read: (reply) => rulesIn(isObject(reply) ? reply['rules'] : null),
    wanted: rulesIn,
  }),
  list(
    'setRejectMembers',
    'getRejectMembers',
    'members',
    'Set whose calls an account rejects',
    text().regex(/^sips?:\S+$/, 'must be a SIP URI'),
  ),
  list(
    'setBarringPrefixes',
    'getBarringPrefixes',
    'prefixes',
    'Set the prefixes that an account may not call',
    barredPrefix,
  ),
];
