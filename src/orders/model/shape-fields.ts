import { z } from 'zod';

/* Words and limits that the shapes of an order share. */

export const ACTIONS = ['provision', 'modify', 'suspend', 'resume', 'terminate'] as const;
export const ON_FAILURE = ['hold', 'undo'] as const;
export const FORWARD_TYPES = ['unconditional', 'busy', 'noAnswer', 'unregistered', 'unavailable'] as const;
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const LIMITS = {
  operations: 1000,
  moves: 1000,
  aliases: 1000,
  destinations: 50,
  timeWindows: 50,
  preferences: 1000,
  nativeMembers: 1000,
} as const;

interface Meta {
  readonly 'x-needed'?: string;
  readonly examples?: unknown[];
}

export const text = (max: number, description: string, meta: Meta = {}) =>
  z
    .string()
    .min(1)
    .max(max)
    .meta({ description, ...meta });

/** May be cleared in a modify order. */
export const clearableText = (max: number, description: string) =>
  z.string().min(1).max(max).nullish().meta({ description });

/** Marked so that the reference and OpenAPI say that it never comes back. */
const SECRET = { writeOnly: true } as const;

export const secret = (max: number, description: string) =>
  z
    .string()
    .min(1)
    .max(max)
    .optional()
    .meta({ description, ...SECRET });

export const clearableSecret = (max: number, description: string) =>
  z
    .string()
    .min(1)
    .max(max)
    .nullish()
    .meta({ description, ...SECRET });

/** A member of a contact: an empty string stands for absent, null clears it in a modify order. */
export const contactText = (max: number, description: string) => z.string().max(max).nullish().meta({ description });

export const itemId = (description: string) =>
  z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of the characters a-z, 0-9 and -')
    .optional()
    .meta({ description });

export const instant = (description: string) =>
  z.iso
    .datetime({ offset: true, error: 'must be an ISO 8601 time with seconds and a zone, e.g. 2026-12-01T08:00:00Z' })
    .max(64)
    .optional()
    .meta({ description, examples: ['2026-12-01T08:00:00Z'] });

export const native = (of: string) =>
  z
    .record(z.string(), z.unknown())
    .refine(
      (members) => Object.keys(members).length <= LIMITS.nativeMembers,
      `must have at most ${LIMITS.nativeMembers} members`,
    )
    .optional()
    .meta({ description: `The platform's own fields of a ${of} by their own names, checked against its schema.` });

export const telephone = (description: string) =>
  z
    .string()
    .max(64)
    .regex(
      /^$|^\+?[0-9(][0-9 ()/.-]*$/,
      'must be a telephone number: digits, an optional leading plus, spaces and ( ) / . -',
    )
    .nullish()
    .meta({ description });

export const emailAddress = (optionalEmpty: boolean) =>
  z
    .string()
    .max(254)
    .regex(optionalEmpty ? /^$|^[^\s@]+@[^\s@]+$/ : /^[^\s@]+@[^\s@]+$/, 'must be a mail address')
    .nullish();
