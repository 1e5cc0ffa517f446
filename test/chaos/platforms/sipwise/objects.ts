import type { StepSeen } from '../../seen.ts';
import {
  forwardFaults,
  imageOf,
  linesOf,
  memberFaults,
  preferenceFaults,
  voicemailFaults,
  type Line,
} from './contents.ts';
import {
  casesOf,
  digitsOf,
  nameOf,
  stepOf,
  subscriberOf,
  tellerOf,
  type Case,
  type Told,
  type Violate,
} from '../../audit/evidence.ts';
import type { SubscriberBody } from '../../orders.ts';
import type { SipwiseEvidence, State } from './hand.ts';

const isDone = (step: StepSeen | undefined): boolean => step?.state === 'done';
/** It is there because of this order. */
const isMade = (step: StepSeen | undefined): boolean => isDone(step) && step?.outcome === 'created';
const isApplied = (step: StepSeen | undefined): boolean => isDone(step) && step?.outcome !== 'adopted';

/** The platform holds what the orders' own records say, each thing once, and nothing else. */
export function auditObjects(evidence: SipwiseEvidence, violate: Violate): void {
  const cases = casesOf(evidence);
  const told = tellerOf(evidence, violate);
  auditContacts(evidence, cases, told);
  auditCustomers(evidence, cases, told);
  auditSubscribers(evidence, cases, told);
  auditNumbers(evidence.after, told);
  auditLeftovers(evidence, cases, told);
}

/**
 * The deadline passed when nobody knew yet whether a lost call had done its work: the order is held with the step open, and
 * its retry or undo finds out.
 */
function isOpen({ order }: Case, step: StepSeen | undefined, { journals }: SipwiseEvidence): boolean {
  if (step?.state !== 'failed' || step.error?.code !== 'TURNUP_DEADLINE_PASSED') return false;
  const before = (journals.get(order.id) ?? []).findLast(
    ({ type, step: id }) => id === step.id && type.startsWith('step') && type !== 'stepFailed',
  );
  return before?.type === 'stepStarted' || before?.detail['class'] === 'ambiguous';
}

function auditContacts(evidence: SipwiseEvidence, cases: readonly Case[], told: Told): void {
  const { before, after } = evidence;
  const left = new Set(before.customercontacts.map(({ id }) => id));
  const byKey = Map.groupBy(
    after.customercontacts.filter(({ id }) => !left.has(id)),
    ({ gpp0 }) => gpp0,
  );
  for (const one of cases) {
    const { order } = one;
    const step = stepOf(one, 'contact');
    const keys = [...byKey.keys()].filter((key) => key?.includes(order.id));
    const found = keys.flatMap((key) => byKey.get(key)!);
    for (const key of keys) byKey.delete(key);
    const ids = found.map(({ id }) => id);
    const wanted = isMade(step) ? [step!.result?.['contactId']] : [];
    if (JSON.stringify(ids) !== JSON.stringify(wanted) && !(ids.length === 1 && isOpen(one, step, evidence))) {
      const rule = ids.length > wanted.length ? (wanted.length > 0 ? 'I3 once' : 'I4 nothing left') : 'I3 there';
      told(one, rule, `contacts that bear its key: [${ids.join()}], its record says [${wanted.join()}]`);
    }
  }
  for (const [key, contacts] of byKey)
    told(undefined, 'no stray objects', `contact ${contacts.map(({ id }) => id).join()} with gpp0 ${key}`);
}

function mayHaveMade(one: Case, customer: State['customers'][number], evidence: SipwiseEvidence): boolean {
  const contact = stepOf(one, 'contact')?.result?.['contactId'];
  return isOpen(one, stepOf(one, 'customer'), evidence) && contact === customer.contact_id;
}

function auditCustomers(evidence: SipwiseEvidence, cases: readonly Case[], told: Told): void {
  const { before, after } = evidence;
  const left = new Set(before.customers.map(({ id }) => id));
  const live = after.customers.filter(({ id, status }) => !left.has(id) && status !== 'terminated');
  const makers = new Map<unknown, Case>();
  for (const one of cases) {
    const step = stepOf(one, 'customer');
    if (!isMade(step)) continue;
    const id = step!.result?.['customerId'];
    const found = live.find((customer) => customer.id === id);
    if (makers.has(id))
      told(one, 'I3 once', `customer ${String(id)} is also that of ${makers.get(id)!.order.externalId}`);
    makers.set(id, one);
    if (!found) {
      told(one, 'I3 there', `customer ${String(id)} is not on the platform`);
      continue;
    }
    if (found.external_id !== one.entry.body.customer?.externalId)
      told(one, 'content', `customer ${found.id} has external_id ${found.external_id}`);
    if (found.contact_id !== step!.result?.['contactId'])
      told(one, 'content', `customer ${found.id} has contact ${found.contact_id}`);
  }
  for (const customer of live) {
    if (makers.has(customer.id) || cases.some((one) => mayHaveMade(one, customer, evidence))) continue;
    const owner = cases.find(({ entry }) => entry.body.customer?.externalId === customer.external_id);
    told(
      owner,
      'I3 once, I4 nothing left',
      `customer ${customer.id} (${customer.external_id}, contact ${customer.contact_id}) is nobody's`,
    );
  }
  const living = after.customers.filter(({ status }) => status !== 'terminated');
  for (const [externalId, same] of Map.groupBy(living, ({ external_id: id }) => id)) {
    if (same.length > 1 && externalId !== null)
      told(undefined, 'I3 once', `${same.length} live customers ${externalId}: ${same.map(({ id }) => id).join()}`);
  }
}

const CONTENT: Readonly<Record<string, typeof memberFaults>> = {
  subscriber: memberFaults,
  callForwards: forwardFaults,
  preferences: preferenceFaults,
  voicemail: voicemailFaults,
};

function auditSubscribers(evidence: SipwiseEvidence, cases: readonly Case[], told: Told): void {
  const { before, after, credentials } = evidence;
  const left = new Set(before.subscribers.map(({ id }) => id));
  const lines = linesOf(after);
  const customers = new Map(after.customers.map((customer) => [customer.id, customer]));
  const makers = new Map<number, Case>();
  for (const one of cases) {
    for (const step of one.order.steps.filter(({ kind }) => kind === 'subscriber')) {
      const body = subscriberOf(one, step.item)!;
      const found = [...lines.values()].filter(
        ({ subscriber }) => nameOf(subscriber) === nameOf(body) && !left.has(subscriber.id),
      );
      const ids = found.map(({ subscriber }) => subscriber.id);
      const wanted = isMade(step) ? [step.result?.['subscriberId']] : [];
      if (JSON.stringify(ids) !== JSON.stringify(wanted) && !(ids.length === 1 && isOpen(one, step, evidence))) {
        const rule = ids.length > wanted.length ? (wanted.length > 0 ? 'I3 once' : 'I4 nothing left') : 'I3 there';
        told(one, rule, `subscribers ${nameOf(body)}: [${ids.join()}], its record says [${wanted.join()}]`);
      }
      const [line] = found;
      if (line && isOpen(one, step, evidence)) makers.set(line.subscriber.id, one);
      if (!line || !isMade(step)) continue;
      makers.set(line.subscriber.id, one);
      const customer = customers.get(line.subscriber.customer_id);
      if (customer?.external_id !== one.entry.body.customer?.externalId)
        told(one, 'content', `${nameOf(body)} belongs to customer ${customer?.external_id}`);
      if (body.password === undefined && credentials.get(one.order.id)?.[body.username] !== line.subscriber.password) {
        told(one, 'content', `the password made up for ${nameOf(body)} is not the one that can be fetched`);
      }
      for (const other of one.order.steps.filter(({ item }) => item === step.item)) {
        if (!isApplied(other)) continue;
        for (const fault of CONTENT[other.kind]?.(body, line) ?? []) told(one, 'content', `${nameOf(body)}: ${fault}`);
      }
    }
  }
  for (const { id, ...subscriber } of after.subscribers) {
    if (!left.has(id) && !makers.has(id))
      told(undefined, 'no stray objects', `subscriber ${id} ${nameOf(subscriber)} is nobody's`);
  }
}

function auditNumbers(after: State, told: Told): void {
  const live = new Set(after.subscribers.map(({ id }) => id));
  for (const [digits, same] of Map.groupBy(after.numbers, digitsOf)) {
    if (same.length > 1) told(undefined, 'I3 once', `number ${digits} is there ${same.length} times`);
    for (const { subscriber_id: owner } of same)
      if (!live.has(owner)) told(undefined, 'no stray objects', `number ${digits} of subscriber ${owner}, who is gone`);
  }
}

/** Strangers are as they were to the last byte; regulars have what the orders that stand gave them, and the rest as it was. */
function auditLeftovers({ before, after, leftovers }: SipwiseEvidence, cases: readonly Case[], told: Told): void {
  const [was, is] = [linesOf(before), linesOf(after)];
  const same = <T extends { id: number }>(what: string, then: readonly T[], now: readonly T[]): void => {
    for (const one of then) {
      const found = now.find(({ id }) => id === one.id);
      if (JSON.stringify(found) !== JSON.stringify(one))
        told(
          undefined,
          'I4 adopted is untouched',
          `${what} ${one.id} was ${JSON.stringify(one)}, is ${JSON.stringify(found)}`,
        );
    }
  };
  same('contact', before.customercontacts, after.customercontacts);
  same('customer', before.customers, after.customers);
  for (const { subscriberId, username } of leftovers.strangers) {
    if (JSON.stringify(is.get(subscriberId)) !== JSON.stringify(was.get(subscriberId)))
      told(undefined, 'I4 adopted is untouched', `${username} has changed`);
  }
  for (const { subscriberId, username } of leftovers.regulars) {
    const line = is.get(subscriberId);
    if (!line) {
      told(undefined, 'I4 adopted is untouched', `${username} is gone`);
      continue;
    }
    const should = whatStands(was.get(subscriberId)!, username, cases);
    if (imageOf(line) !== should.image)
      told(should.last, 'I4 restored', `${username} is ${imageOf(line)}, should be ${should.image}`);
  }
}

/** The line as it was, with the changes of the steps that stand, in their order. */
function whatStands(line: Line, username: string, cases: readonly Case[]): { image: string; last: Case | undefined } {
  const steps = cases.flatMap((one) =>
    one.order.steps.flatMap((step) => {
      const body = subscriberOf(one, step.item);
      return body?.username === username ? [{ one, step, body }] : [];
    }),
  );
  let stands = line;
  for (const { step, body } of steps.toSorted((a, b) =>
    (a.step.finishedAt ?? '') < (b.step.finishedAt ?? '') ? -1 : 1,
  )) {
    if (!isDone(step)) continue;
    if (step.kind === 'callForwards')
      stands = { ...stands, forwards: { ...stands.forwards, ...orderedForwards(body) } };
    if (step.kind === 'preferences')
      stands = { ...stands, preferences: { ...stands.preferences, ...body.preferences } };
    if (step.kind === 'voicemail')
      stands = { ...stands, voicebox: { ...stands.voicebox, ...(body.voicemail as Partial<Line['voicebox']>) } };
  }
  return { image: imageOf(stands), last: steps.at(-1)?.one };
}

function orderedForwards(body: SubscriberBody): Line['forwards'] {
  const names: Readonly<Record<string, string>> = {
    unconditional: 'cfu',
    busy: 'cfb',
    noAnswer: 'cft',
    unregistered: 'cfna',
  };
  return Object.fromEntries(
    Object.entries(body.callForwards ?? {}).map(([type, forward]) => [
      names[type]!,
      forward && {
        destinations: forward.destinations.map(({ to, timeout }) => ({
          destination: to === 'voicemail' ? 'voicebox' : to.startsWith('+') ? `sip:${to.slice(1)}@${body.domain}` : to,
          timeout,
        })),
        ...(forward.ringTimeout !== undefined && { ringtimeout: forward.ringTimeout }),
        times: forward.times ?? [],
      },
    ]),
  );
}
