import { evidenceOf, type ErrorClass, type TurnupError } from '../../src/errors/index.ts';
import { scrubText } from '../../src/observability/index.ts';
import { evidencePlace, type SealedEvidence } from '../../src/orders/evidence.ts';
import type { KeyRing } from '../../src/secrets/index.ts';

/** What an answer means is not known, or whether the work was done: then a person has to read it. */
const KEPT: ReadonlySet<ErrorClass> = new Set(['bug', 'ambiguous']);

/**
 * What the target answered, as it is stored; undefined where the failure is understood, or nothing was answered. The
 * platform has taken out the secrets that it knows; what looks like others goes here.
 */
export function sealEvidence(
  error: TurnupError,
  { order, step }: { readonly order: string; readonly step: string },
  keyRing: KeyRing,
): SealedEvidence | undefined {
  const evidence = KEPT.has(error.class) ? evidenceOf(error) : null;
  if (!evidence) return undefined;
  const { object, sent, answered } = evidence;
  const scrubbed = {
    ...evidence,
    object: scrubText(object),
    sent: sent && { ...sent, text: scrubText(sent.text) },
    answered: { ...answered, text: scrubText(answered.text) },
  };
  return { sealed: keyRing.seal(JSON.stringify(scrubbed), evidencePlace(order, step)), keyId: keyRing.currentKeyId };
}
