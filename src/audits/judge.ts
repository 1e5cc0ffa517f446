import type { Found, PlannedStepView, PlanView } from '../../flows/rehearsal/view.ts';
import type { Order } from '../orders/model/index.ts';
import type { Finding } from './audit.ts';

const MISSING = 'TURNUP_OBJECT_MISSING';

/** Null: the customer's own. */
const itemOf = ({ id, kind }: PlannedStepView): string | null => (id === kind ? null : id.slice(0, -(kind.length + 1)));

/** As a person reads them: those of a subscriber without its name, those of the customer with its own. */
function toldOf(item: string | null, member: string): string {
  if (item !== null) return member.replace(`subscribers.${item}.`, '');
  return member.startsWith('customer.') ? member : `customer.${member}`;
}

type Judged = Pick<Finding, 'state' | 'members' | 'why'>;

const whyOf = (found: Found | undefined): string | null =>
  found?.error ? [found.error.title, found.error.detail].filter(Boolean).join(': ') : null;

/** Where a step does not say what it found otherwise, it is all that it is for. */
function wholeOf(item: string | null, kind: string): string {
  return item !== null || kind === 'customer' ? kind : `customer.${kind}`;
}

function judgeSteps(item: string | null, steps: readonly PlannedStepView[]): Judged {
  const looked = steps.filter(({ found }) => found !== undefined);
  const missing = looked.find(({ found }) => found!.error?.code === MISSING);
  if (missing) return { state: 'missing', members: [], why: null };
  const refused = looked.find(({ found }) => found!.state === 'rejected');
  if (refused) return { state: 'unknown', members: [], why: whyOf(refused.found) };
  const members = looked.flatMap(({ kind, found }) => {
    const { state, differs = [] } = found!;
    const isOther = state === 'different' || state === 'absent' || state === 'conflict';
    return differs.length > 0 ? differs.map((member) => toldOf(item, member)) : isOther ? [wholeOf(item, kind)] : [];
  });
  const conflict = looked.find(({ found }) => found!.state === 'conflict');
  if (members.length > 0) return { state: 'differs', members: [...new Set(members)], why: whyOf(conflict?.found) };
  const hangs = looked.find(({ found }) => found!.state === 'unknown');
  if (hangs) return { state: 'unknown', members: [], why: 'hangs on what could not be told' };
  return { state: 'same', members: [], why: null };
}

/**
 * What the target has otherwise than an order would have it, from what the order's steps found: of the customer's own
 * data, and of each subscriber of the order.
 */
export function judge(plan: PlanView, order: Order): Finding[] {
  // What the target never shows has no way back, and what only makes changes known has nothing to compare.
  const steps = Map.groupBy(
    plan.steps.filter((step) => step.class === 'compensatable'),
    itemOf,
  );
  const own = steps.get(null);
  const customer = own && judgeSteps(null, own);
  const isGone = customer?.state === 'missing';
  const row = (subscriber: Finding['subscriber'], judged: Judged): Finding => ({
    customer: order.customer.externalId,
    subscriber,
    ...judged,
    order: null,
  });
  return [
    // A target that keeps no customers has nothing of their own.
    ...(customer ? [row(null, customer)] : []),
    ...order.subscribers.map(({ id, username, domain }) => {
      const judged: Judged = isGone
        ? { state: 'missing', members: [], why: 'its customer is missing' }
        : judgeSteps(id, steps.get(id) ?? []);
      return row({ username, domain }, judged);
    }),
  ];
}
