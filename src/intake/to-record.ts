import { v7 as uuidv7 } from 'uuid';
import { planOrder } from '../../flows/plan.ts';
import type { AcceptInput } from '../orders/accept.ts';
import { canonicalContent, generateMissing, splitSecrets, type Order } from '../orders/model/index.ts';
import type { Platform } from '../platforms/port.ts';
import { generatePassword, type KeyRing } from '../secrets/index.ts';
import { withDomains } from './domains.ts';

export interface RecordInput {
  readonly keyRing: KeyRing;
  readonly platform: Platform;
  /** Checked. */
  readonly order: Order;
  /** Whose order it is. */
  readonly client: string;
  /** Who placed it, for the journal. */
  readonly by: string;
  readonly idempotencyKey?: string | undefined;
  /** How long a repeated post is recognised after the order has ended. */
  readonly idempotencyMs: number;
}

/** An order in the form in which it is kept: secrets are made up where they are missing, and all of them sealed (I8). */
export function toRecord(input: RecordInput): AcceptInput {
  const { keyRing, platform, order, client, by, idempotencyKey, idempotencyMs } = input;
  const id = uuidv7();
  // As posted, before anything is made up: a repeated post must be found equal.
  const content = canonicalContent(order);
  const { body, secrets: given } = splitSecrets(order, platform.nativeSecrets);
  const generated = generateMissing(order, generatePassword);
  const secrets = { ...given, ...generated };
  const hasSecrets = Object.keys(secrets).length > 0;
  return {
    id,
    client,
    by,
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    fingerprint: keyRing.fingerprint(content),
    matches: (fingerprint) => keyRing.verifyFingerprint(fingerprint, content),
    order: withDomains(body),
    platform: platform.name,
    // From the whole order: that a secret is given may be what asks for a step. The plan itself holds none.
    plan: planOrder(platform, order),
    secrets: hasSecrets ? keyRing.seal(JSON.stringify(secrets), id) : null,
    keyId: hasSecrets ? keyRing.currentKeyId : null,
    generated: Object.keys(generated),
    idempotencyMs,
  };
}
