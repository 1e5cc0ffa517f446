import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json } from '../../port.ts';

/** What was there before a change, of a step that only ever changes: it finds nothing else that is to be done. */
export function imageIn(finding: Exclude<Finding, { state: 'present' }>): Json {
  if (finding.state === 'different') return finding.before;
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the step lacks what was there before it' });
}
