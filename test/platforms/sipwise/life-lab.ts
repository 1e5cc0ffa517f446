import type { NumberMove, OrderContent, PhoneNumber, SubscriberOrder } from '../../../src/platforms/port.ts';
import { idOf } from '../../../src/platforms/sipwise/lookup.ts';
import { outcomesOf, type RunRecord } from '../driver.ts';
import { nextKey, type Bench } from './harness.ts';
import { bare, further } from './further.ts';
import { order, subscriber } from './orders.ts';

/** Orders about what an order before them made. */
export interface Life {
  /** Carries out a provision order. */
  born(content?: OrderContent): Promise<OrderContent>;
  customerId(content: OrderContent): Promise<number>;
  subscriberId(one: SubscriberOrder): Promise<number>;
  read(one: SubscriberOrder): Promise<Record<string, unknown>>;
  preferences(one: SubscriberOrder): Promise<Record<string, unknown>>;
  run(content: OrderContent, record?: RunRecord): Promise<RunRecord>;
  outcomes(content: OrderContent): Promise<ReturnType<typeof outcomesOf>>;
  /** Carries it out, and takes it back. */
  thereAndBack(content: OrderContent): Promise<void>;
}

export function createLife(bench: Bench): Life {
  const all = (collection: string) => bench.all(collection);

  async function subscriberId({ username }: SubscriberOrder): Promise<number> {
    return idOf((await all('subscribers')).find((one) => one['username'] === username)!);
  }

  const run: Life['run'] = (content, record) => bench.driver.run(content, nextKey(), record);

  return {
    async born(content = order([subscriber()])) {
      await run(content);
      return content;
    },
    async customerId({ customer }) {
      const hits = (await all('customers')).filter((one) => one['external_id'] === customer.externalId);
      return idOf(hits.at(-1)!);
    },
    subscriberId,
    read: async (one) => bench.client.get(`/api/subscribers/${await subscriberId(one)}`),
    preferences: async (one) => bench.client.get(`/api/subscriberpreferences/${await subscriberId(one)}`),
    run,
    outcomes: async (content) => outcomesOf(await run(content)),
    async thereAndBack(content) {
      const key = nextKey();
      const record = await bench.driver.run(content, key);
      await bench.driver.undo(content, key, record);
    },
  };
}

export const first = ({ subscribers }: OrderContent): SubscriberOrder => subscribers[0]!;

/** A modify order of the first subscriber. */
export const modifying = (
  of: OrderContent,
  more: Partial<SubscriberOrder>,
  cleared: readonly string[] = [],
): OrderContent =>
  further(of, 'modify', {
    subscribers: [bare(first(of), more)],
    cleared: cleared.map((member) => `subscribers.${first(of).id}.${member}`),
  });

export function moving(to: OrderContent, number: PhoneNumber, from: OrderContent, at = 0): OrderContent {
  const giver = from.subscribers[at]!;
  const receiver = first(to);
  const move: NumberMove = {
    id: 'm1',
    number,
    from: { customer: from.customer.externalId, username: giver.username, domain: giver.domain },
    to: { username: receiver.username, domain: receiver.domain },
  };
  return further(to, 'modify', { moves: [move] });
}
