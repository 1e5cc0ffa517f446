import type { Assignment } from '../../src/orders/assignment.ts';
import { listsOf } from '../../src/orders/bodies.ts';
import { joinSecrets, type Order } from '../../src/orders/model/index.ts';
import type { Intent, StepContext } from '../../src/platforms/port.ts';
import type { KeyRing } from '../../src/secrets/index.ts';

const ABSENT = 'absent';

/** Intents are stored sealed: a before-image may hold what a platform shows in clear, PINs and passwords among them. */
export function sealIntent(intent: Intent, keyRing: KeyRing, order: string): { intent: string; keyId?: string } {
  if (intent.state === 'absent') return { intent: ABSENT };
  return { intent: keyRing.seal(JSON.stringify(intent.before), order), keyId: keyRing.currentKeyId };
}

function openIntent(stored: string | null, keyRing: KeyRing, order: string): Intent | null {
  if (stored === null) return null;
  if (stored === ABSENT) return { state: 'absent' };
  return { state: 'different', before: JSON.parse(keyRing.open(stored, order)) };
}

/**
 * Bears what an order creates on a target: unique over all orders and runs, at most 64 characters. A run that goes on
 * with what an earlier one made bears that one's.
 */
export function correlationKey(order: string, run: number): string {
  return `turnup:${order}:${run}`;
}

type Subscriber = Order['subscribers'][number];
type Operation = Order['operations'][number];

/** A step is of a subscriber, of an operation, or of the customer alone. */
function itemOf(itemBody: string | null): Pick<Order, 'subscribers' | 'operations'> {
  if (itemBody === null) return { subscribers: [], operations: [] };
  return listsOf<Subscriber, Operation>(JSON.parse(itemBody) as Subscriber | Operation);
}

/**
 * What a platform's step sees. The order holds the step's own subscriber or operation only, and secrets only when the
 * step opens them (I8).
 */
export function stepContext(
  assignment: Assignment,
  job: { order: string; run: number; item: string | null },
  keyRing: KeyRing,
  opensSecrets: boolean,
): Omit<StepContext, 'client' | 'shared'> {
  const common = JSON.parse(assignment.body) as Omit<Order, 'subscribers' | 'operations'>;
  let order: Order = { ...common, ...itemOf(assignment.itemBody) };
  if (opensSecrets && assignment.secrets !== null) {
    const secrets = JSON.parse(keyRing.open(assignment.secrets, job.order)) as Record<string, string>;
    order = joinSecrets(order, secrets);
  }
  return {
    order,
    subscriber: order.subscribers[0] ?? null,
    operation: order.operations[0] ?? null,
    move: order.moves?.find(({ id }) => id === job.item) ?? null,
    key: correlationKey(job.order, assignment.keyRun ?? job.run),
    needs: assignment.needs as StepContext['needs'],
    intent: openIntent(assignment.intent, keyRing, job.order),
    attempt: assignment.attempt,
  };
}
