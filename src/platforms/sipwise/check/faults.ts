import { z } from 'zod';
import { characters } from '../native.ts';

const email = z.email();

/** The platform checks mail addresses itself, some of them only when the subscriber is made (sipwise-ngcp.md §8). */
export function emailFault(value: string): string | null {
  if (characters(value) > 255) return 'must have at most 255 characters';
  return email.safeParse(value).success ? null : 'must be a mail address of the form someuser@example.com';
}
