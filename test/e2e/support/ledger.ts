import { expectExactly } from './platform.ts';
import type { OrderBody, OrderSeen } from './orders.ts';
import type { World } from './world.ts';

/** An order as posted, and as it was answered. */
export type Placed = readonly [OrderBody, OrderSeen];

export type Ledger = ReturnType<typeof createLedger>;

/** What the CRM knows it has ordered in one world. */
export function createLedger(world: World) {
  const completed: Placed[] = [];
  return {
    place: (count: number, subscribers = 1): Promise<Placed[]> =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const body = world.order(subscribers);
          return [body, await world.crm.place(body)] as const;
        }),
      ),

    /** Waits until they are completed by themselves; then the platform must hold what was ordered so far, once (I3). */
    async expectCompleted(orders: readonly Placed[]): Promise<OrderSeen[]> {
      const ended = await Promise.all(orders.map(([, { id }]) => world.crm.completed(id)));
      completed.push(...orders.map(([body], at) => [body, ended[at]!] as const));
      expectExactly(await world.platform.state(), completed);
      return ended;
    },
  };
}
