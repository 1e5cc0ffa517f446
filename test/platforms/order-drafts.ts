import type { OrderContent, SubscriberOrder } from '../../src/platforms/port.ts';

type Customer = OrderContent['customer'];

/** What is usual on a platform; `serial` is another one in every call. */
interface Usual {
  readonly target: string;
  subscriber(serial: number): Pick<SubscriberOrder, 'username' | 'number' | 'aliases'> & Partial<SubscriberOrder>;
  customer(serial: number): Pick<Customer, 'contact'> & Partial<Customer>;
  /** Whether the order tells its domains. */
  readonly domains?: boolean;
}

export interface Drafts {
  /** A subscriber of an order; names and numbers of its own in every call. */
  subscriber(more?: Partial<SubscriberOrder>): SubscriberOrder;
  /** An order to provision, by default of one subscriber. */
  order(subscribers?: readonly SubscriberOrder[], customer?: Partial<Customer>): OrderContent;
}

/** Makes orders as a platform takes them. */
export function createDrafts(usual: Usual): Drafts {
  let serial = 0;
  const subscriber: Drafts['subscriber'] = (more = {}) => {
    serial++;
    return {
      id: 's1',
      domain: 'sip.example.com',
      password: 'Zx9-kq!vB72mm',
      native: {},
      ...usual.subscriber(serial),
      ...more,
    };
  };
  return {
    subscriber,
    order(subscribers = [subscriber()], customer = {}) {
      serial++;
      return {
        externalId: `CRM-${serial}`,
        target: usual.target,
        action: 'provision',
        customer: { externalId: `C-${serial}`, native: {}, ...usual.customer(serial), ...customer },
        subscribers,
        operations: [],
        ...(usual.domains && { domains: [...new Set(subscribers.map(({ domain }) => domain))] }),
      };
    },
  };
}
