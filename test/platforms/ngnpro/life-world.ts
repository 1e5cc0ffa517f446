import type { Json, SubscriberOrder } from '../../../src/platforms/port.ts';
import type { StandIn } from '../conformance.ts';
import type { World } from '../lifecycle.ts';
import { stateOf } from './fixture.ts';
import { order, subscriber } from './orders.ts';

/** Two customers: one with two subscribers, in two domains, that have something of all, and another. */
export function world(): World {
  const one = small();
  const mine = order(
    [
      {
        ...one,
        callForwards: {
          unconditional: { destinations: [{ to: '+43666100011' }] },
          noAnswer: { ringTimeout: 20, destinations: [{ to: 'sip:bob@other.example.com' }] },
        },
        preferences: {
          'free-pstn': true,
          callLimit: 4,
          barringPrefixes: ['+43900'],
          rejectMembers: ['sip:spam@example.net'],
          acceptRules: {
            persistent: [{ start: '08:00', stop: '18:00', groups: ['everybody'], days: 31 }],
          },
        },
        voicemail: { pin: '4711', email: 'box@example.com' },
        native: { prepaid: true, region: 'vienna', properties: [{ name: 'desk', value: '12' }] },
      },
      small({
        id: 's2',
        domain: 'pbx.example.net',
        callForwards: { busy: { destinations: [{ to: '+43666100012' }] } },
        voicemail: { pin: '4712' },
      }),
    ],
    { native: { companyCode: 'KG-1', domains: [{ domain: `${one.username}.example.org` }] } },
  );
  // Without a billing profile of its own.
  const { customer, ...other } = order([small()]);
  const { billingProfile: _none, ...rest } = customer;
  return { mine, other: { ...other, customer: rest } };
}

/** With one alias, and in lower case, as the platform keeps names. */
function small(more: Partial<SubscriberOrder> = {}): SubscriberOrder {
  const one = subscriber(more);
  return { ...one, username: one.username.toLowerCase(), aliases: one.aliases.slice(0, 1) };
}

/** What is a set on the platform, in an order that does not depend on what was put there first. */
const SETS: ReadonlySet<string> = new Set(['groups', 'properties', 'barringPrefixes', 'rejectMembers']);

function sorted(value: unknown): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => {
        const inner = sorted(member);
        if (!SETS.has(name) || !Array.isArray(inner)) return [name, inner];
        return [name, inner.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)))];
      }),
  );
}

/** All that is stored; rules that were never set are read like those that are empty. */
export async function wholeState(standIn: Pick<StandIn, 'url'>): Promise<Json> {
  const { accounts = [], ...state } = await stateOf(standIn);
  const read = accounts.map((one) => ({ ...one, acceptRules: { persistent: [], ...(one['acceptRules'] as object) } }));
  return sorted({ ...state, accounts: read });
}
