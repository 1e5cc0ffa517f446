import { expect } from 'vitest';

interface Row {
  readonly id: number;
}

/** What the stand-in for SIPPulse holds, as its `/__state` tells it. */
export interface SippulseState {
  readonly subscribers: readonly (Row & {
    readonly username: string;
    readonly contractNumber: string;
    readonly password: string;
    readonly callFwd?: string;
    readonly credit: number;
    readonly voicemail: boolean;
  })[];
  readonly dids: readonly (Row & { readonly username: string; readonly aliasUsername: string })[];
  readonly whiteLists: readonly (Row & { readonly username: string; readonly prefix: string })[];
  readonly addresses: readonly (Row & { readonly username: string; readonly ipAddress: string })[];
  readonly userLocations: readonly { readonly account: string; readonly contact: string }[];
  readonly creditTransactions: readonly { readonly account: string; readonly value: number }[];
  readonly ratePlans: readonly (Row & { readonly name: string })[];
  readonly huntGroups: readonly (Row & { readonly description: string; readonly groupList: string })[];
  readonly unreloaded: readonly unknown[];
}

const DOMAIN = 'sip.example.com';

export type SippulseOrder = ReturnType<typeof sippulseOrder>;

/** An order that makes one of everything a subscriber may have. `mark` and `serial` (two digits) are its own. */
export function sippulseOrder(mark: string, serial: number) {
  const username = `${mark}.user`;
  return {
    externalId: `E2E-${mark}`,
    target: 'saopaulo',
    customer: {
      externalId: `C-${mark}`,
      contact: { firstName: 'Ana', lastName: `Moreira ${mark}`, email: `${mark}@example.com`, country: 'BR' },
      billingProfile: 'default',
    },
    subscribers: [
      {
        username,
        domain: DOMAIN,
        password: `sipSecret-${mark}`,
        webPassword: `webSecret-${mark}`,
        number: `+551140000${String(serial).padStart(3, '0')}`,
        aliases: [`+551150000${String(serial).padStart(3, '0')}`],
        callForwards: { unconditional: { destinations: [{ to: 'sip:other@example.com' }] } },
        preferences: { pinCode: `pinSecret-${mark}`, topologyHiding: true, dailyQuota: false },
        // No digits that a number with many decimals might have.
        voicemail: { pin: `8391572${String(serial).padStart(4, '7')}` },
        native: {
          whiteList: [`551199${serial}`],
          addresses: [{ ipAddress: `192.0.2.${serial}` }],
          locations: [`sip:${username}@192.0.2.${serial}:5060`],
          credit: 25,
        },
      },
    ],
  };
}

/** An order of what is nobody's provisioning: a rate plan, and a hunt group of two. */
export function sippulseOperations(mark: string, members: readonly string[]) {
  return {
    externalId: `E2E-${mark}`,
    target: 'saopaulo',
    operations: [
      {
        id: 'plan',
        service: 'RatePlanWS',
        operation: 'insertRatePlan',
        args: {
          ratePlan: { name: `plan-${mark}`, domain: DOMAIN, rateId: 1, prepaid: false, txConnection: 30, cadency: 6 },
        },
      },
      {
        id: 'group',
        service: 'HuntGroupWS',
        operation: 'insertHuntGroup',
        args: {
          huntGroup: {
            domain: DOMAIN,
            description: `group-${mark}`,
            groupList: members.join(';'),
            method: 'paralell',
            timeout: 20,
          },
        },
      },
    ],
  };
}

export function sippulseSecrets({ subscribers }: SippulseOrder): string[] {
  return subscribers.flatMap(({ password, webPassword, voicemail, preferences }) => [
    password,
    webPassword,
    voicemail.pin,
    preferences.pinCode,
  ]);
}

/** I3: everything of these orders, and nothing else, is there exactly once, and the proxies serve it. */
export function expectOnlyThese(state: SippulseState, orders: readonly SippulseOrder[]): void {
  const subscribers = orders.flatMap((order) => order.subscribers.map((subscriber) => ({ order, subscriber })));
  const named = (rows: readonly object[], ...members: readonly string[]): string[] =>
    rows.map((row) => members.map((member) => String((row as Record<string, unknown>)[member])).join(' ')).toSorted();
  const each = (texts: (one: (typeof subscribers)[number]['subscriber']) => readonly string[]): string[] =>
    subscribers.flatMap(({ subscriber }) => texts(subscriber)).toSorted();

  expect(named(state.subscribers, 'username', 'password', 'callFwd', 'credit')).toEqual(
    each((one) => [`${one.username} ${one.password} sip:other@example.com ${one.native.credit}`]),
  );
  expect(named(state.subscribers, 'contractNumber', 'username')).toEqual(
    subscribers.map(({ order, subscriber }) => `${order.customer.externalId} ${subscriber.username}`).toSorted(),
  );
  expect(named(state.dids, 'username', 'aliasUsername')).toEqual(
    each((one) => [one.number, ...one.aliases].map((number) => `${one.username} ${number.slice('+55'.length)}`)),
  );
  expect(named(state.whiteLists, 'username', 'prefix')).toEqual(
    each((one) => one.native.whiteList.map((prefix) => `${one.username} ${prefix}`)),
  );
  expect(named(state.addresses, 'username', 'ipAddress')).toEqual(
    each((one) => one.native.addresses.map(({ ipAddress }) => `${one.username} ${ipAddress}`)),
  );
  expect(named(state.userLocations, 'account', 'contact')).toEqual(
    each((one) => one.native.locations.map((contact) => `${one.username}@${DOMAIN} ${contact}`)),
  );
  expect(named(state.creditTransactions, 'account', 'value')).toEqual(
    each((one) => [`${one.username}@${DOMAIN} ${one.native.credit}`]),
  );
  expect(state.unreloaded).toEqual([]);
}
