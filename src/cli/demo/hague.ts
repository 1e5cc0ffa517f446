import { DOMAIN, type Scene } from './story.ts';

/** An account that another customer of the platform has had since before the demo. */
const TAKEN = 'reception';

/** What the demo places on NGNPro: an office, one whose second name is taken, and a carrier with its gateway and routes. */
export function hagueScenes(target: string, suffix: string): Scene[] {
  const id = (n: number) => `DEMO-${suffix}-${n}`;
  const contact = (firstName: string, lastName: string, email: string) => ({
    firstName,
    lastName,
    email,
    phone: '+43732555040',
    street: 'Hauptplatz',
    houseNumber: '1',
    postcode: '4020',
    city: 'Linz',
    country: 'AT',
  });
  const operation = (name: string, call: string, args: object) => ({
    id: name,
    service: 'SipPort',
    operation: call,
    args,
  });
  return [
    {
      title: 'an office with two phones, an alias, numbers in ENUM and a mailbox',
      endsAs: 'completed',
      order: {
        externalId: id(10),
        target,
        customer: {
          externalId: `C-${suffix}-10`,
          contact: { ...contact('Sophie', 'Huber', 'sophie.huber@example.com'), company: 'Huber Optik' },
          billingProfile: 'office',
        },
        subscribers: [
          {
            externalId: `S-${suffix}-10`,
            username: 'huber-shop',
            domain: DOMAIN,
            number: '+43732555041',
            aliases: ['+43732555042'],
            callForwards: {
              unregistered: { destinations: [{ to: '+43664555041' }] },
              noAnswer: { ringTimeout: 20, destinations: [{ to: 'voicemail' }] },
            },
            preferences: { 'free-pstn': true, callLimit: 4, barringPrefixes: ['+43900'] },
            voicemail: { pin: '4711', email: 'sophie.huber@example.com' },
          },
          { username: 'huber-lab', domain: DOMAIN, number: '+43732555043', preferences: { anonymous: true } },
        ],
      },
    },
    {
      title: 'two phones of which one name is taken: to be undone',
      endsAs: 'failed',
      order: {
        externalId: id(11),
        target,
        onFailure: 'undo',
        customer: { externalId: `C-${suffix}-11`, contact: contact('Jan', 'de Vries', 'jan.devries@example.com') },
        subscribers: [
          { username: 'devries', domain: DOMAIN, number: '+43732555044' },
          { username: TAKEN, domain: DOMAIN },
        ],
      },
    },
    {
      title: 'a carrier, its gateway and routes, each by what the one before made',
      endsAs: 'completed',
      order: {
        externalId: id(12),
        target,
        operations: [
          operation('carrier', 'addCarrier', { carrier: { name: `backbone-${suffix}` } }),
          operation('gateway', 'addGateway', {
            gateway: { name: 'sbc-1', carrier_id: { from: 'carrier' }, ip: '192.0.2.30' },
          }),
          operation('routes', 'addRoutes', {
            routes: ['43', '49'].map((prefix) => ({ carrier_id: { from: 'carrier' }, prefix, priority: 1 })),
          }),
        ],
      },
    },
  ];
}
