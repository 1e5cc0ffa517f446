import type { Json, SubscriberOrder } from '../../../src/platforms/port.ts';
import type { StandIn } from '../conformance.ts';
import type { World } from '../lifecycle.ts';
import { stateOf } from './fixture.ts';
import { order, subscriber } from './orders.ts';

/** Two customers: one with two subscribers that have something of all, and another. */
export function world(): World {
  const one = subscriber();
  const mine = order(
    [
      {
        ...one,
        callForwards: {
          unconditional: { destinations: [{ to: '+551130258099' }] },
          noAnswer: { ringTimeout: 20, destinations: [{ to: 'sip:bob@other.example.com' }] },
        },
        preferences: {
          callLimit: 4,
          pinCode: '4321',
          callGroup: 'sales',
          dailyQuota: true,
          dailyQuotaLimit: 100,
          dailyQuotaType: 'M',
        },
        voicemail: { pin: '4711' },
        native: {
          whiteList: ['5511', '5521'],
          addresses: [{ ipAddress: '192.0.2.10' }, { ipAddress: '192.0.2.11', method: 'techprefix', techPrefix: '77' }],
          locations: ['sip:gw@192.0.2.10:5060'],
          did: { didHeader: 'X-Did', monthlySubscription: 3.5 },
        },
      },
      small({
        id: 's2',
        callForwards: { busy: { destinations: [{ to: '+551130258098' }] } },
        voicemail: { pin: '4712' },
      }),
    ],
    { native: { reseller: resellerOf(one.username) } },
  );
  return { mine, other: order([small()], { native: { reseller: resellerOf(`other-${one.username}`) } }) };
}

/** With one alias. */
function small(more: Partial<SubscriberOrder> = {}): SubscriberOrder {
  const one = subscriber(more);
  return { ...one, aliases: one.aliases.slice(0, 1) };
}

const resellerOf = (name: string) => ({
  name: `reseller-${name}`,
  manager: 'Maria',
  email: 'maria@example.com',
  username: `maria-${name}`,
  password: 'Rs9-kq!vB72mm',
});

/** Entries that undo makes again, and so with ids of their own; `whiteList` is what the proxies know of it. */
const MADE_AGAIN = ['dids', 'whiteLists', 'whiteList', 'addresses'];
/** What the services list nowhere. */
const UNLISTED = ['creditTransactions', 'resellerCreditTransactions'];

/** Lists in an order that does not depend on what was put there first. */
function sorted(value: unknown, isMadeAgain: boolean): Json {
  if (Array.isArray(value)) {
    return value
      .map((one) => sorted(one, isMadeAgain))
      .toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
  }
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(isMadeAgain && name === 'id'))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => [name, sorted(member, isMadeAgain || MADE_AGAIN.includes(name))]),
  );
}

/** All that is stored, and what the proxies know of it: a reload that is missing is a difference. */
export async function wholeState(standIn: Pick<StandIn, 'url'>): Promise<Json> {
  const state = Object.entries(await stateOf(standIn)).filter(([kind]) => !UNLISTED.includes(kind));
  return sorted(Object.fromEntries(state), false);
}
