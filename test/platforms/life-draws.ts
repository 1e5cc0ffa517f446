import fc from 'fast-check';
import type { CallForwards, Contact, OrderContent, PhoneNumber, SubscriberOrder } from '../../src/platforms/port.ts';
import { changeOf, firstOf, moveOf, secondOf } from './life-orders.ts';
import type { World } from './lifecycle.ts';

/* What modify orders by chance are drawn from, member by member. */

export const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });

export const word: fc.Arbitrary<string> = fc
  .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'é', '<', '&', '"', ' ', 'Z', '9') })
  .map((text) => `x${text}x`);

export const flag: fc.Arbitrary<boolean> = fc.boolean();

const CONTACT_CLEARED: readonly string[] = ['lastName', 'street', 'state', 'mobile'].map(
  (name) => `customer.contact.${name}`,
);

/** Given, taken away or not spoken of, for each type; each to one of the destinations. */
export function callForwardsTo(
  destinations: readonly string[],
  types: readonly (keyof CallForwards)[],
): fc.Arbitrary<CallForwards> {
  const forward = fc.constantFrom(...destinations).map((to) => ({ destinations: [{ to }] }));
  return fc.record(Object.fromEntries(types.map((type) => [type, fc.option(forward, { nil: null })])), {
    requiredKeys: [],
  }) as fc.Arbitrary<CallForwards>;
}

/** The numbers of a subscriber by their place in a pool of its own and such as nobody has. */
export const numbersOf = (poolSize: number) =>
  fc.record({
    number: fc.constantFrom('given', 'cleared', 'left'),
    aliases: fc.constantFrom('given', 'cleared', 'left'),
    order: fc.uniqueArray(fc.nat({ max: poolSize - 1 }), { minLength: 1, maxLength: poolSize }),
  });

interface Numbers {
  readonly number: string;
  readonly aliases: string;
  readonly order: readonly number[];
}

interface Named {
  more: Partial<SubscriberOrder>;
  cleared: string[];
}

/** What of the numbers an order names, and which of them it clears. */
export function drawnNumbers({ number, aliases, order }: Numbers, pool: readonly PhoneNumber[]): Named {
  const [head, ...rest] = order.filter((at) => at < pool.length).map((at) => pool[at]!);
  const cleared: string[] = [];
  if (number === 'cleared') cleared.push('number');
  if (aliases === 'cleared' || (aliases === 'given' && rest.length === 0)) cleared.push('aliases');
  return {
    more: { ...(number === 'given' && head && { number: head }), ...(aliases === 'given' && { aliases: rest }) },
    cleared,
  };
}

interface DrawnSubscriber {
  readonly isNamed: boolean;
  readonly numbers: Numbers | undefined;
}

/** For a world: modify orders that change contact, subscribers and numbers, and can all be undone. */
export function modificationsOf<Drawn extends DrawnSubscriber>(parts: {
  readonly one: fc.Arbitrary<Drawn>;
  readonly contact: fc.Arbitrary<Partial<Contact>>;
  readonly billingProfiles: readonly string[];
  subscriberOf(of: SubscriberOrder, drawn: Drawn): { subscriber: SubscriberOrder; cleared: string[] };
}): fc.Arbitrary<(world: World) => OrderContent> {
  return fc
    .record({
      subscribers: fc.tuple(parts.one, parts.one),
      contact: optional(parts.contact),
      contactCleared: fc.subarray([...CONTACT_CLEARED]),
      hasMove: flag,
      billingProfile: optional(fc.constantFrom(...parts.billingProfiles)),
    })
    .map((drawn) => (world: World) => {
      const { contact, contactCleared, billingProfile, hasMove } = drawn;
      const changed = [firstOf(world), secondOf(world)]
        .map((of, at) => ({ of, own: drawn.subscribers[at]! }))
        .filter(({ own: { isNamed } }, at) => isNamed || at === 0)
        // A move changes the numbers of the first, which are then not given beside it.
        .map(({ of, own }, at) => parts.subscriberOf(of, hasMove && at === 0 ? { ...own, numbers: undefined } : own));
      return changeOf(
        world.mine,
        'modify',
        changed.map(({ subscriber }) => subscriber),
        {
          ...(hasMove && { moves: [moveOf(world, { number: world.other.subscribers[0]!.aliases[0]! })] }),
          cleared: [...contactCleared, ...changed.flatMap(({ cleared }) => cleared)],
          customer: { ...(contact && { contact }), ...(billingProfile !== undefined && { billingProfile }) },
        },
      );
    });
}
