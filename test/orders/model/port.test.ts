import { expect, expectTypeOf, it } from 'vitest';
import { type ACTIONS, FORWARD_TYPES } from '../../../src/orders/model/shape-fields.ts';
import type { Order, Subscriber } from '../../../src/orders/model/index.ts';
import {
  CALL_FORWARD_TYPES,
  type Action,
  type CallForwardType,
  type OrderContent,
  type SubscriberOrder,
} from '../../../src/platforms/port.ts';

// The orders may not import the port nor the port the orders: here the compiler sees both.
it('an order is what a platform expects', () => {
  expectTypeOf<Order>().toExtend<OrderContent>();
  expectTypeOf<Subscriber>().toExtend<SubscriberOrder>();
  expectTypeOf<(typeof ACTIONS)[number]>().toEqualTypeOf<Action>();
  expectTypeOf<(typeof FORWARD_TYPES)[number]>().toEqualTypeOf<CallForwardType>();
  expect(FORWARD_TYPES).toEqual(CALL_FORWARD_TYPES);
});
