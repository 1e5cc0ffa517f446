import { DOMAIN, type Scene } from './story.ts';

const RECEPTION = 'recepcao';
const WORKSHOP = 'oficina';

/** What the demo places on SIPPulse: an office with two phones, then what is not a subscriber's provisioning. */
export function saopauloScenes(target: string, suffix: string): Scene[] {
  const id = (n: number) => `DEMO-${suffix}-${n}`;
  return [
    {
      title: 'an office with two phones, two numbers and credit',
      endsAs: 'completed',
      order: {
        externalId: id(6),
        target,
        customer: {
          externalId: `C-${suffix}-6`,
          contact: {
            firstName: 'Ana Beatriz',
            lastName: 'Moreira',
            email: 'ana.moreira@example.com',
            street: 'Avenida Paulista',
            houseNumber: '1578',
            district: 'Bela Vista',
            postcode: '01310-200',
            city: 'São Paulo',
            state: 'SP',
            country: 'BR',
            taxId: '12.345.678/0001-95',
          },
          billingProfile: 'prepaid',
        },
        subscribers: [
          {
            username: RECEPTION,
            domain: DOMAIN,
            number: '+551130258080',
            aliases: ['+551130258081'],
            callForwards: { noAnswer: { ringTimeout: 20, destinations: [{ to: `sip:${WORKSHOP}@${DOMAIN}` }] } },
            preferences: { blockCollectCalls: true, callLimit: 4 },
            voicemail: { pin: '4711' },
            native: { whiteList: ['5511'], credit: 50 },
          },
          { username: WORKSHOP, domain: DOMAIN, native: { addresses: [{ ipAddress: '192.0.2.10' }] } },
        ],
      },
    },
    {
      title: 'a rate plan, and a hunt group of both phones',
      endsAs: 'completed',
      after: id(6),
      order: {
        externalId: id(7),
        target,
        operations: [
          {
            id: 'plan',
            service: 'RatePlanWS',
            operation: 'insertRatePlan',
            args: {
              ratePlan: {
                name: `office-${suffix}`,
                domain: DOMAIN,
                rateId: 1,
                prepaid: false,
                txConnection: 30,
                cadency: 6,
              },
            },
          },
          {
            id: 'group',
            service: 'HuntGroupWS',
            operation: 'insertHuntGroup',
            args: {
              huntGroup: {
                domain: DOMAIN,
                description: `escritorio-${suffix}`,
                groupList: `${RECEPTION};${WORKSHOP}`,
                method: 'paralell',
                timeout: 20,
              },
            },
          },
        ],
      },
    },
  ];
}
