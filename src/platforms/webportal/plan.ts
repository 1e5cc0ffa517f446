import type { OrderContent, PlannedStep, SubscriberOrder } from '../port.ts';
import { officeName } from './order/office.ts';

/**
 * company → office → user → services (tim-web-portal.md §4). Subscribers of one office are one line: its first makes the
 * office, and undo takes it away after the last of them.
 */
export function plan(order: OrderContent): PlannedStep[] {
  const company = step('company', null, [], `company ${order.customer.externalId}`);
  const offices = new Map<string, string>();
  const steps = [company];
  for (const subscriber of order.subscribers) {
    const office = officeName(subscriber);
    const line = office === null ? 'office' : `office ${office.toLowerCase()}`;
    let before = offices.get(line);
    if (before === undefined) {
      const title = office === null ? 'office' : `office ${office}`;
      const made = step('office', subscriber.id, ['company'], title);
      // Two lines may mean the same office where one names the one that is meant where none is named.
      steps.push({ ...made, line, exclusive: true });
      before = made.id;
      offices.set(line, before);
    }
    for (const [kind, title] of kindsOf(subscriber)) {
      const planned = step(kind, subscriber.id, [before], `${title} ${subscriber.username}@${subscriber.domain}`);
      steps.push({ ...planned, line });
      before = planned.id;
    }
  }
  return steps;
}

function kindsOf({ preferences, callForwards, voicemail }: SubscriberOrder): [kind: string, title: string][] {
  const kinds: [string, string][] = [['subscriber', 'user']];
  if (Object.keys(preferences ?? {}).length > 0) kinds.push(['services', 'services of']);
  if (Object.keys(callForwards ?? {}).length > 0) kinds.push(['callForwards', 'call forwards of']);
  if (voicemail?.pin !== undefined || voicemail?.email !== undefined) kinds.push(['voicemail', 'mailbox of']);
  return kinds;
}

function step(kind: string, item: string | null, needs: readonly string[], title: string): PlannedStep {
  return { id: item === null ? kind : `${item}.${kind}`, kind, item, needs, class: 'compensatable', title };
}
