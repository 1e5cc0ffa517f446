import { z } from 'zod';

const LARGEST_INT = 2_147_483_647;

/** Without control characters, which XML cannot carry; npm `soap` leaves no empty text out, so none is taken. */
export const text = (max = 255): z.ZodString =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    // oxlint-disable-next-line no-control-regex
    .regex(/^[^\u0000-\u001F\u007F\uFFFE\uFFFF]*$/, 'must not hold control characters');

/** An `xs:int`. */
export const int = (least = 0, most = LARGEST_INT): z.ZodInt =>
  z.int(`must be a whole number`).min(least, `must be at least ${least}`).max(most, `must be at most ${most}`);

export const id = int(1);

/** An `xs:double`. */
export const double = (least = 0, most = 1e9): z.ZodNumber =>
  z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`);

/** An `xs:long` of digits, e.g. a telephone number. */
export const digits: z.ZodInt = z
  .int('must be a whole number')
  .min(0, 'must be at least 0')
  .max(Number.MAX_SAFE_INTEGER);

export const username = text(64).regex(/^[^\s@:/?#]+$/, 'must not hold spaces or any of @ : / ? #');
export const domain = text(128).regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'must be a domain name');

/** `username@domain`: the platform's account code. */
export const account = text(193).regex(
  /^[^\s@:/?#]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/,
  'must be user@domain',
);

/** Where a member that is given as null shall be cleared. */
export const clearable = <T extends z.ZodType>(type: T): z.ZodOptional<z.ZodNullable<T>> => type.nullable().optional();

export const userAndDomain = { username, domain };
