import { expect } from 'vitest';
import type { OrderBody, OrderSeen } from './orders.ts';

interface Contact {
  readonly id: number;
  readonly email: string | null;
}
interface Customer {
  readonly id: number;
  readonly status: string;
  readonly contact_id: number;
  readonly external_id: string | null;
}
interface Subscriber {
  readonly id: number;
  readonly customer_id: number;
  readonly username: string;
  readonly password: string;
  readonly webpassword: string | null;
  readonly primary_number: { readonly sn: string } | null;
}
interface Forwards {
  readonly cfb: { readonly destinations: readonly { readonly destination: string }[] } | null;
}

/** What the stand-in holds, as its `/__state` tells it. */
export interface State {
  readonly customercontacts: readonly Contact[];
  readonly customers: readonly Customer[];
  readonly subscribers: readonly Subscriber[];
  /** In the order of `subscribers`. */
  readonly callforwards: readonly Forwards[];
  readonly subscriberpreferences: readonly { readonly id: number; readonly block_in_clir?: boolean }[];
  readonly voicemailsettings: readonly { readonly id: number; readonly pin: string }[];
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: string | null;
  readonly status: number | null;
}

/** Contacts that are there from the start. */
const CONTACTS_BEFORE = 1;

/** The platform as it is from outside, past Turnup. */
export function createPlatform<S = State>(url: string) {
  const read = async <T>(path: string): Promise<T> => (await fetch(`${url}${path}`)).json() as Promise<T>;
  return {
    state: () => read<S>('/__state'),
    calls: () => read<Call[]>('/__calls'),
    async setFaults(...rules: readonly object[]): Promise<void> {
      const answer = await fetch(`${url}/__faults`, { method: 'POST', body: JSON.stringify({ rules }) });
      if (!answer.ok) throw new Error(await answer.text());
    },
  };
}

export type Platform<S = State> = ReturnType<typeof createPlatform<S>>;

function only<T>(items: readonly T[], what: string): T {
  expect(items, what).toHaveLength(1);
  return items[0]!;
}

const resultOf = (order: OrderSeen, id: string) => order.steps.find((step) => step.id === id)?.result;

/** I3: every object of these orders, and nothing else, exists exactly once, with the ids that the orders tell. */
export function expectExactly(state: State, orders: readonly (readonly [OrderBody, OrderSeen])[]): void {
  for (const [body, order] of orders) {
    const { externalId, contact } = body.customer;
    const customer = only(
      state.customers.filter((one) => one.external_id === externalId),
      `customers ${externalId}`,
    );
    const madeContact = only(
      state.customercontacts.filter((one) => one.email === contact.email),
      `contacts ${contact.email}`,
    );
    expect(customer).toMatchObject({ status: 'active', contact_id: madeContact.id });
    expect(resultOf(order, 'customer')).toMatchObject({ customerId: customer.id, contactId: madeContact.id });
    for (const wanted of body.subscribers) {
      const subscriber = only(
        state.subscribers.filter((one) => one.username === wanted.username),
        `subscribers ${wanted.username}`,
      );
      expect(subscriber).toMatchObject({
        customer_id: customer.id,
        password: wanted.password,
        primary_number: { sn: wanted.number.sn },
      });
      expect(order.steps.map((step) => step.result?.['subscriberId'])).toContain(subscriber.id);
      expect(state.callforwards[state.subscribers.indexOf(subscriber)]?.cfb?.destinations).toHaveLength(1);
      const settings = { preferences: state.subscriberpreferences, voicemail: state.voicemailsettings };
      expect(settings.preferences.find(({ id }) => id === subscriber.id)).toMatchObject({ block_in_clir: true });
      expect(settings.voicemail.find(({ id }) => id === subscriber.id)).toMatchObject({ pin: wanted.voicemail.pin });
    }
  }
  const subscribers = orders.flatMap(([body]) => body.subscribers);
  expect(state.customers.map((one) => one.external_id)).toHaveLength(orders.length);
  expect(state.customercontacts).toHaveLength(CONTACTS_BEFORE + orders.length);
  expect(state.subscribers.map((one) => one.username).toSorted()).toEqual(
    subscribers.map((one) => one.username).toSorted(),
  );
}
