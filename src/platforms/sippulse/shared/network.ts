import { z } from 'zod';

/*
 * Members of addresses and locations that an order may name in two ways: for a subscriber and in an operation.
 */

export const ipAddress = z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address' });

/** Bits of an address: its mask when it stands for itself alone. */
export const bitsOf = (address: string): number => (address.includes(':') ? 128 : 32);

export const mask = z.int('must be a whole number').min(0, 'must be at least 0').max(128, 'must be at most 128');

/** What is wrong with a mask of an address, or null. */
export function maskFault({ ipAddress: address, mask: bits }: { ipAddress?: unknown; mask?: unknown }): string | null {
  if (typeof address !== 'string' || typeof bits !== 'number' || bits <= bitsOf(address)) return null;
  return `must be at most ${bitsOf(address)} with this address`;
}

const CONTACT =
  /^sips?:[^\s@<>:]{1,128}@(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,126}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]):(?<port>[1-9]\d{0,4})$/;
const LARGEST_PORT = 65_535;

/** Without its port the platform refuses it (sippulse.md, UserLocationWS). */
export const contact = z
  .string()
  .max(255, 'must have at most 255 characters')
  .refine((value) => Number(CONTACT.exec(value)?.groups?.['port'] ?? Infinity) <= LARGEST_PORT, {
    error: 'must be sip:user@ip:port',
  });
