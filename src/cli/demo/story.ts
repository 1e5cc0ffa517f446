import type { OrderState } from '../../orders/states.ts';

/** One order of the demo and how it should end. */
export interface Scene {
  title: string;
  order: { externalId: string; target: string; [member: string]: unknown };
  endsAs: OrderState;
  /** Posted only when the order of this `externalId` has ended. */
  after?: string;
}

export const DOMAIN = 'sip.example.com';
/** Numbers of a subscriber that was on the platform before Turnup came. */
export const LEFTOVER = { username: 'old-fax', number: { cc: '43', ac: '1', sn: '5550199' } };
const TAKEN = '+4315550199';

function contact(firstName: string, lastName: string, more: Record<string, string> = {}) {
  const email = `${firstName}.${lastName}@example.com`.toLowerCase();
  return {
    firstName,
    lastName,
    email,
    street: 'Mariahilfer Straße',
    houseNumber: '12',
    postcode: '1060',
    city: 'Wien',
    country: 'AT',
    ...more,
  };
}

const voicemail = { destinations: [{ to: 'voicemail', timeout: 300 }] };

/** What the demo places on Sipwise NGCP. `suffix` keeps the names of one run apart from another's. */
export function viennaScenes(target: string, suffix: string): Scene[] {
  const id = (n: number) => `DEMO-${suffix}-${n}`;
  return [
    {
      title: 'a new customer with one subscriber',
      endsAs: 'completed',
      order: {
        externalId: id(1),
        target,
        customer: { externalId: `C-${suffix}-1`, contact: contact('Johanna', 'Doerfler'), billingProfile: 'default' },
        subscribers: [
          {
            externalId: `S-${suffix}-1`,
            username: 'johanna',
            domain: DOMAIN,
            number: '+4315550101',
            aliases: ['+4315550102'],
            callForwards: {
              unregistered: {
                destinations: [
                  { to: '+43664555010', timeout: 20 },
                  { to: 'voicemail', timeout: 300 },
                ],
              },
              noAnswer: { ringTimeout: 20, ...voicemail },
            },
            preferences: { block_in_clir: true },
            voicemail: { pin: '4711', email: 'johanna.doerfler@example.com' },
          },
        ],
      },
    },
    {
      title: 'a company with three subscribers',
      endsAs: 'completed',
      order: {
        externalId: id(2),
        target,
        customer: {
          externalId: `C-${suffix}-2`,
          contact: contact('Mateo', 'Ruiz', { company: 'Ruiz & Töchter Installationen', taxId: 'ATU12345678' }),
        },
        subscribers: ['office', 'workshop', 'van'].map((username, at) => ({
          username: `ruiz-${username}`,
          domain: DOMAIN,
          number: `+431555020${at + 1}`,
          ...(at === 0 && {
            callForwards: {
              busy: voicemail,
              unconditional: {
                destinations: [{ to: '+43664555020' }],
                times: [{ days: ['sat', 'sun'], from: '00:00', to: '23:59' }],
              },
            },
          }),
          preferences: { block_in_clir: at === 2 },
        })),
      },
    },
    {
      title: 'a second subscriber for the first customer',
      endsAs: 'completed',
      after: id(1),
      order: {
        externalId: id(3),
        target,
        customer: { externalId: `C-${suffix}-1` },
        subscribers: [
          { username: 'johanna-home', domain: DOMAIN, number: '+4315550103', callForwards: { busy: voicemail } },
        ],
      },
    },
    {
      title: 'a number that the platform refuses: somebody has it',
      endsAs: 'held',
      order: {
        externalId: id(4),
        target,
        customer: { externalId: `C-${suffix}-4`, contact: contact('Petra', 'Novak') },
        subscribers: [{ username: 'petra', domain: DOMAIN, number: TAKEN }],
      },
    },
    {
      title: 'the same number, to be undone when it is refused',
      endsAs: 'failed',
      order: {
        externalId: id(5),
        target,
        onFailure: 'undo',
        customer: { externalId: `C-${suffix}-5`, contact: contact('Luca', 'Bianchi', { country: 'IT' }) },
        subscribers: [{ username: 'luca', domain: DOMAIN, number: TAKEN }],
      },
    },
  ];
}
