import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const salt = randomBytes(32);
const digest = (value: string): Buffer => createHmac('sha256', salt).update(value).digest();

/** Whether two secrets are equal, in a time that says nothing about where they differ or how long they are. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}
