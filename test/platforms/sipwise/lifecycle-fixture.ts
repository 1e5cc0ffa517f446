import type { SubscriberOrder } from '../../../src/platforms/port.ts';
import type { SipwiseClient } from '../../../src/platforms/sipwise/client.ts';
import type { SipwiseSettings } from '../../../src/platforms/sipwise/settings.ts';
import type { LifecycleFixture, World } from '../lifecycle.ts';
import { fixture as conformance } from './fixture.ts';
import { phone } from './further.ts';
import { CASES } from './lifecycle-cases.ts';
import { modifications } from './modifications.ts';
import { order, subscriber } from './orders.ts';
import { stateOf } from './still.ts';

let serial = 0;

/** A subscriber that has something of all that can be changed; its numbers begin with `place`. */
function rich(id: string, place: number, more: Partial<SubscriberOrder> = {}): SubscriberOrder {
  const own = `${700_000 + place}${id.slice(1)}`;
  return subscriber({
    id,
    number: phone(`${own}0`),
    aliases: [phone(`${own}1`), phone(`${own}2`)],
    webUsername: `web-${own}`,
    callForwards: {
      unconditional: {
        destinations: [{ to: 'sip:away@other.example.com' }],
        times: [{ days: ['sun'], from: '00:00', to: '23:59' }],
      },
      unregistered: { destinations: [{ to: 'voicemail', timeout: 3 }] },
      busy: { destinations: [{ to: 'voicemail', timeout: 30 }] },
      noAnswer: {
        ringTimeout: 25,
        destinations: [{ to: '+4366610001' }],
        times: [{ days: ['mon', 'tue'], from: '09:00', to: '17:30' }],
      },
    },
    preferences: {
      block_in_clir: true,
      block_in_list: ['4366412345', '431*'],
      concurrent_max: 2,
      use_rtpproxy: 'ice_strip_candidates',
    },
    voicemail: { pin: '4711', email: 'voice@example.com' },
    native: { email: 'own@example.com', timezone: 'Europe/Vienna' },
    ...more,
  });
}

/** Levels of their own, which a suspension overwrites. */
function world(): World {
  serial++;
  return {
    mine: order(
      [
        rich('s1', serial * 2, { native: { email: 'own@example.com', timezone: 'Europe/Vienna', lock: 2 } }),
        rich('s2', serial * 2),
      ],
      {
        contact: {
          firstName: 'John',
          lastName: 'Doe',
          email: `john.${serial}@example.com`,
          phone: '+4319876',
          street: 'Ring',
          houseNumber: '1',
          country: 'AT',
        },
        native: { max_subscribers: 9, contact: { faxnumber: '+4319877' } },
      },
    ),
    other: order([rich('s1', serial * 2 + 1)]),
  };
}

async function prepare(client: SipwiseClient): Promise<void> {
  await client.create('billingprofiles', { handle: 'gold', name: 'gold', reseller_id: 1 });
}

export const lifecycle: LifecycleFixture<SipwiseClient, SipwiseSettings> = {
  conformance: { ...conformance, prepare },
  world,
  cases: CASES,
  knowsCustomers: true,
  state: (_client, standIn) => stateOf(standIn),
  modifications,
};
