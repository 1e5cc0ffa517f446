import { DOMAIN, type Scene } from './story.ts';

/** A number that left to another operator before the demo began. */
const PORTED_OUT = '+390699999999';

/** What the demo places on a hosting network's portal, whose calls a wire profile tells and which queues its work. */
export function romeScenes(target: string, suffix: string): Scene[] {
  const id = (n: number) => `DEMO-${suffix}-${n}`;
  const user = (number: string) => ({ username: number.slice(1), domain: DOMAIN, number });
  return [
    {
      title: 'a hosted company with two offices and three users',
      endsAs: 'completed',
      order: {
        externalId: id(8),
        target,
        customer: {
          externalId: `C-${suffix}-8`,
          contact: {
            company: 'Officine Bianchi Srl',
            email: 'officine.bianchi@example.com',
            phone: '+390655550100',
            street: 'Via Appia',
            houseNumber: '7',
            postcode: '00179',
            city: 'Roma',
            state: 'RM',
            country: 'IT',
            taxId: 'IT12345678901',
          },
        },
        subscribers: [
          {
            ...user('+390655550101'),
            callForwards: { noAnswer: { ringTimeout: 20, destinations: [{ to: '+390655550102' }] } },
            preferences: { clir: true, barring: 'international' },
          },
          user('+390655550102'),
          { ...user('+390655550103'), native: { office: 'Magazzino' } },
        ],
      },
    },
    {
      title: 'a number that was ported out: to be undone when it is refused',
      endsAs: 'failed',
      order: {
        externalId: id(9),
        target,
        onFailure: 'undo',
        customer: {
          externalId: `C-${suffix}-9`,
          contact: { firstName: 'Giulia', lastName: 'Verdi', email: 'giulia.verdi@example.com', country: 'IT' },
        },
        subscribers: [user(PORTED_OUT)],
      },
    },
  ];
}
