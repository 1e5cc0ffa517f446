import { v7 as uuidv7 } from 'uuid';
import { planOrder } from '../../flows/plan.ts';
import type { AcceptInput } from '../orders/accept.ts';
import { canonicalContent, splitSecrets, type Order } from '../orders/model/index.ts';
import { secretPaths, type Platform, type TargetSettings } from '../platforms/port.ts';
import type { KeyRing } from '../secrets/index.ts';
import { withDomains } from './domains.ts';
import { madeUpFor } from './made-up.ts';

export interface RecordInput {
  readonly keyRing: KeyRing;
  readonly target: { readonly platform: Platform; readonly settings: TargetSettings };
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
  const { keyRing, target, order, client, by, idempotencyKey, idempotencyMs } = input;
  const id = uuidv7();
  // As posted, before anything is made up: a repeated post must be found equal.
  const content = canonicalContent(order);
  const { body, secrets: given } = splitSecrets(order, secretPaths(target.platform, target.settings));
  const generated = madeUpFor(target, order);
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
    platform: target.platform.name,
    // From the whole order: that a secret is given may be what asks for a step. The plan itself holds none.
    plan: planOrder(target.platform, order),
    secrets: hasSecrets ? keyRing.seal(JSON.stringify(secrets), id) : null,
    keyId: hasSecrets ? keyRing.currentKeyId : null,
    generated: Object.keys(generated),
    idempotencyMs,
  };
}
