import { DOMAIN, type Scene } from './story.ts';

/*
 * One subscriber from birth to end. Each order is posted when the one before has ended, so that one can read along; a CRM
 * may post them all at once: orders of one customer run one after the other anyway.
 */

interface Part {
  readonly title: string;
  readonly action: string;
  readonly contact?: object;
  readonly more?: object;
}

function scenesOf(target: string, customer: string, suffix: string, first: number, parts: readonly Part[]): Scene[] {
  const id = (at: number): string => `DEMO-${suffix}-${first + at}`;
  return parts.map(({ title, action, contact, more }, at) => ({
    title,
    endsAs: 'completed',
    ...(at > 0 && { after: id(at - 1) }),
    order: {
      externalId: id(at),
      target,
      action,
      customer: { externalId: `${customer}-${suffix}`, ...contact },
      ...more,
    },
  }));
}

/** On Sipwise NGCP. */
export function viennaLife(target: string, suffix: string): Scene[] {
  const marie = { username: 'marie', domain: DOMAIN };
  const home = { username: 'marie-home', domain: DOMAIN };
  const contact = {
    firstName: 'Marie',
    lastName: 'Lang',
    email: 'marie.lang@example.com',
    city: 'Graz',
    country: 'AT',
  };
  return scenesOf(target, 'C-life', suffix, 20, [
    {
      title: "Marie's life begins: two phones, three numbers",
      action: 'provision',
      contact: { contact, billingProfile: 'default' },
      more: {
        subscribers: [
          { ...marie, number: '+4315550301', aliases: ['+4315550302'], preferences: { block_in_clir: true } },
          { ...home, number: '+4315550303' },
        ],
      },
    },
    {
      title: 'she moves to Linz, and has calls she misses sent to her mailbox',
      action: 'modify',
      contact: { contact: { city: 'Linz' } },
      more: {
        subscribers: [
          {
            ...marie,
            callForwards: { noAnswer: { ringTimeout: 20, destinations: [{ to: 'voicemail', timeout: 300 }] } },
            preferences: { block_in_clir: null },
            voicemail: { pin: '2468', email: 'marie.lang@example.com' },
          },
        ],
      },
    },
    { title: 'she does not pay: suspended', action: 'suspend' },
    { title: 'she pays: resumed', action: 'resume' },
    {
      title: 'one of her numbers moves to the other phone',
      action: 'modify',
      more: { moves: [{ number: '+4315550302', from: marie, to: home }] },
    },
    { title: 'she gives the first phone up', action: 'terminate', more: { subscribers: [marie] } },
    {
      title: 'its number is free, and hers again on a new one',
      action: 'provision',
      more: { subscribers: [{ username: 'marie-office', domain: DOMAIN, number: '+4315550301' }] },
    },
    { title: 'she leaves, with all that was hers', action: 'terminate' },
  ]);
}

/** On SIPPulse, where a customer is no object: orders name the subscribers. */
export function saopauloLife(target: string, suffix: string): Scene[] {
  const rui = { username: 'rui', domain: DOMAIN };
  const contact = {
    firstName: 'Rui',
    lastName: 'Prado',
    email: 'rui.prado@example.com',
    street: 'Rua Augusta',
    houseNumber: '900',
    postcode: '01304-001',
    city: 'São Paulo',
    state: 'SP',
    country: 'BR',
  };
  return scenesOf(target, 'C-vida', suffix, 40, [
    {
      title: "Rui's life begins",
      action: 'provision',
      contact: { contact, billingProfile: 'prepaid' },
      more: { subscribers: [{ ...rui, number: '+551130258082' }] },
    },
    {
      title: 'calls while he talks go to his colleague',
      action: 'modify',
      more: {
        subscribers: [{ ...rui, callForwards: { busy: { destinations: [{ to: `sip:colega@${DOMAIN}` }] } } }],
      },
    },
    { title: 'he does not pay: suspended', action: 'suspend', more: { subscribers: [rui] } },
    { title: 'he pays: resumed', action: 'resume', more: { subscribers: [rui] } },
    { title: 'he leaves', action: 'terminate', more: { subscribers: [rui] } },
  ]);
}

/** On NGNPro, where a customer is suspended by blocking its accounts. */
export function hagueLife(target: string, suffix: string): Scene[] {
  const nina = { username: 'nina', domain: DOMAIN };
  const contact = {
    firstName: 'Nina',
    lastName: 'Berger',
    email: 'nina.berger@example.com',
    city: 'Wels',
    country: 'AT',
  };
  return scenesOf(target, 'C-leven', suffix, 60, [
    {
      title: "Nina's life begins",
      action: 'provision',
      contact: { contact },
      more: {
        subscribers: [
          { ...nina, number: '+43732555051', aliases: ['+43732555052'], preferences: { 'free-pstn': true } },
        ],
      },
    },
    {
      title: 'another number for one of hers, and a mailbox for calls she misses',
      action: 'modify',
      more: {
        subscribers: [
          {
            ...nina,
            aliases: ['+43732555053'],
            preferences: { 'free-pstn': null, anonymous: true },
            voicemail: { pin: '2468', email: 'nina.berger@example.com' },
          },
        ],
      },
    },
    { title: 'she does not pay: suspended', action: 'suspend' },
    { title: 'she pays: resumed', action: 'resume' },
    { title: 'she leaves, with all that was hers', action: 'terminate' },
  ]);
}
