import { z } from 'zod';
import { madeBefore } from '../../operations/references.ts';
import { allClearable, clearable, domain, double, id, int, text } from '../../scalars.ts';

export { clearable, domain, double, id, int, text };

/* Values as orders and queries name them (ngnpro.md, "Types"). */

/** `%` would be a wildcard of the platform's filters; `<autoincrement>` makes another account each time it is tried. */
export const username = text(64).regex(/^[^\s@:/?#%<>]+$/, 'must not hold spaces or any of @ : / ? # % < >');

export const sipId = z.strictObject({ username, domain });

/** Ids of what an order may make before it uses them. */
export const carrierId = madeBefore('carrierId', id);
export const gatewayId = madeBefore('gatewayId', id);
export const customerId = madeBefore('customerId', id);

/** Customer id that may be none. */
export const owner = madeBefore('customerId', int());

export const sipUri = text().regex(/^sips?:[^\s@]+@[^\s@]+$/, 'must be sip:user@host');
export const email = z.email('must be a mail address').max(255, 'must have at most 255 characters');
export const timezone = text(64).regex(/^[A-Za-z0-9_+/-]+$/, 'must be the name of a time zone');
export const digits = (max: number): z.ZodString => text(max).regex(/^\d+$/, 'must be digits');
export const names = (max = 64): z.ZodArray<z.ZodString> =>
  z.array(text(max)).max(200, 'must have at most 200 entries');
/** Suffix of an ENUM tree. */
export const tld = text(64).regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'must be a domain name');
export const ip = z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address' });
export const port = int(0, 65_535);
export const seconds = int(0);

export interface Shapes {
  /** Of a new object. */
  readonly made: z.ZodObject;
  /** What is left out stays as it is, null clears. */
  readonly change: z.ZodObject;
}

/**
 * @param key names the object
 * @param required of a new one
 */
export const shapes = (key: z.ZodRawShape, required: z.ZodRawShape, optional: z.ZodRawShape): Shapes => ({
  made: z.strictObject({ ...key, ...required, ...z.object(optional).partial().shape }),
  change: z.strictObject({ ...key, ...z.object(required).partial().shape, ...allClearable(optional) }),
});

/** Of an object whose id the platform makes. */
export function shapesById(required: z.ZodRawShape, optional: z.ZodRawShape): Shapes {
  const { made } = shapes({}, required, optional);
  const { change } = shapes({ id }, required, optional);
  return { made, change };
}
