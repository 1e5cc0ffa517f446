import { generateMissing, type Order } from '../orders/model/index.ts';
import type { Platform, TargetSettings } from '../platforms/port.ts';
import { generatePassword } from '../secrets/index.ts';

interface Target {
  readonly platform: Platform;
  readonly settings: TargetSettings;
}

/**
 * Passwords for the subscribers that an order makes and that have none. None where the target has no place for them: a
 * CRM would fetch one that nothing takes.
 */
export function madeUpFor({ platform, settings }: Target, order: Order): Record<string, string> {
  const keeps = platform.keepsPasswords?.(settings) ?? true;
  return keeps ? generateMissing(order, generatePassword) : {};
}
