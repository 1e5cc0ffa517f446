import { z } from 'zod';
import { domain, text } from '../../scalars.ts';

export { allClearable, domain, double, id, int, text } from '../../scalars.ts';

/** An `xs:long` of digits, e.g. a telephone number. */
export const digits: z.ZodInt = z
  .int('must be a whole number')
  .min(0, 'must be at least 0')
  .max(Number.MAX_SAFE_INTEGER);

export const username = text(64).regex(/^[^\s@:/?#]+$/, 'must not hold spaces or any of @ : / ? #');

/** `username@domain`: the platform's account code. */
export const account = text(193).regex(
  /^[^\s@:/?#]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/,
  'must be user@domain',
);

export const userAndDomain = { username, domain };
