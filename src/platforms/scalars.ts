import { z } from 'zod';

/* Values of a platform's SOAP services, as orders and queries give them. */

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

export const domain = text(128).regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'must be a domain name');

/** Where a member that is given as null shall be cleared. */
export const clearable = <T extends z.ZodType>(type: T): z.ZodOptional<z.ZodNullable<T>> => type.nullable().optional();

type Clearable<Shape extends z.ZodRawShape> = {
  [K in keyof Shape]: z.ZodOptional<z.ZodNullable<Shape[K] & z.ZodType>>;
};

export const allClearable = <Shape extends z.ZodRawShape>(shape: Shape): Clearable<Shape> =>
  Object.fromEntries(
    Object.entries(shape).map(([name, type]) => [name, clearable(type as z.ZodType)]),
  ) as unknown as Clearable<Shape>;
