/** The parts of an order that this suite looks at. */
export interface OrderSeen {
  readonly id: string;
  readonly externalId: string;
  readonly state: string;
  readonly customer: { readonly externalId: string };
  readonly blockedBy: { readonly kind: string } | null;
  readonly error: { readonly code: string; readonly detail: string | null } | null;
  readonly steps: readonly StepSeen[];
}

export interface StepSeen {
  readonly id: string;
  readonly item: string | null;
  readonly kind: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly attempts: number;
  readonly result: Record<string, unknown> | null;
}

const DOMAIN = 'sip.example.com';

export type OrderBody = ReturnType<typeof makeOrder>;

/** An order of a new customer. Every name and secret in it is of this order and subscriber alone. */
function makeOrder(target: string, mark: string, digits: string, subscribers: number) {
  return {
    externalId: `E2E-${mark}`,
    target,
    customer: {
      externalId: `C-${mark}`,
      contact: { firstName: 'Erika', lastName: `Muster ${mark}`, email: `${mark}@example.com`, country: 'AT' },
    },
    subscribers: Array.from({ length: subscribers }, (_, at) => ({
      id: `s${at + 1}`,
      externalId: `S-${mark}-${at + 1}`,
      username: `${mark}.${at + 1}`,
      domain: DOMAIN,
      password: `sipSecret-${mark}-${at + 1}`,
      webUsername: `web.${mark}.${at + 1}`,
      webPassword: `webSecret-${mark}-${at + 1}`,
      number: { cc: '43', ac: '1', sn: `9${digits}${at + 1}` },
      callForwards: { busy: { destinations: [{ to: 'voicemail' }] } },
      preferences: { block_in_clir: true },
      voicemail: { pin: `83${digits}${at + 1}` },
    })),
  };
}

/** Makes orders that differ in everything; `names` (two letters) keeps those of one world apart from another's. */
export function createOrders(target: string, name: string) {
  let made = 0;
  return (subscribers = 1): OrderBody => {
    made += 1;
    return makeOrder(target, `${name}${made}`, String(made).padStart(5, '0'), subscribers);
  };
}

export function secretsOf(order: OrderBody): string[] {
  return order.subscribers.flatMap(({ password, webPassword, voicemail }) => [password, webPassword, voicemail.pin]);
}
