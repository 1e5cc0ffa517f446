import { DOMAIN, PERSON, RESELLER, TLD, type Args, type NgnproHand } from './hand.ts';
import type { Kept, Leftover, Leftovers, Namesake } from './left.ts';
import { digestsOf } from './passwords.ts';
import { makeKept, makeSpares } from './spares.ts';

/*
 * What is on the platform before the first order, made by somebody else. `strangers` are in the way of orders and must
 * never change; `regulars` are customers of the CRM already, whom orders adopt; on `wards` only operations work;
 * `namesakes` have the login that another customer would get.
 */

const ROOM = { stranger: 800, regular: 801, ward: 802 } as const;

const makeCustomer = (hand: NgnproHand, username: string, more: Args): Promise<number> =>
  hand.call('Customer', 'addAccount', {
    account: { username, password: `Left-login-${username}!x`, reseller: RESELLER, ...PERSON, ...more },
  });

async function make(hand: NgnproHand, kind: keyof typeof ROOM, at: number): Promise<Leftover> {
  const customer = `${kind}-${at}`;
  const email = `${customer}@left.example.com`;
  // Some are told by the mail address alone (ngnpro.md, "5001 is ambiguous").
  const isMarked = kind === 'regular' && at % 2 === 0;
  const properties = [
    { name: 'room', value: String(at) },
    ...(isMarked ? [{ name: 'turnup.customer', value: customer }] : []),
  ];
  const customerId = await makeCustomer(hand, customer, { email, properties });
  const sipId = { username: `left.${kind}.${at}`, domain: DOMAIN };
  const account = `${sipId.username}@${sipId.domain}`;
  const numbers = kind === 'ward' ? [] : [`43${ROOM[kind]}10000${at}`, `43${ROOM[kind]}20000${at}`];
  await hand.call('Sip', 'addAccount', {
    account: {
      id: sipId,
      password: digestsOf(sipId, `Left-over-${at}!x`),
      firstName: 'Left',
      lastName: 'Over',
      email,
      timezone: 'Europe/Vienna',
      owner: customerId,
      ...(numbers[0] !== undefined && { rpid: numbers[0] }),
      callLimit: 3,
      timeout: 25,
      groups: ['free-pstn', 'missed-calls', `left-${at}`],
      acl: [{ ip: '198.51.100.0', mask: 24 }],
      properties: [{ name: 'desk', value: `D-${at}` }],
    },
  });
  for (const digits of numbers) {
    await hand.call('Sip', 'addAlias', {
      alias: { id: { username: digits, domain: DOMAIN }, target: sipId, owner: customerId },
    });
    await publish(hand, digits, account, customerId);
  }
  await hand.call('Voicemail', 'addAccount', {
    account: { sipId, name: 'Left Over', password: `90000000${at}`, email, info: 'left', options: { delete: 0 } },
  });
  const desk = 'sip:left@other.example.com';
  await hand.call('Sip', 'setCallDiversions', {
    sipId,
    diversions: { FBUS: desk, FNOA: desk, FNOL: '<voice-mailbox>' },
  });
  await hand.call('Sip', 'setBarringPrefixes', { sipId, prefixes: ['+4390', '+4393'] });
  await hand.call('Sip', 'addPhonebookEntry', { sipId, entry: { uri: `sip:friend${at}@example.org`, name: 'Friend' } });
  if (kind === 'ward') {
    const profiles = { entity: `subscriber://${account}`, profileWeekday: 'left', profileWeekend: 'left' };
    await hand.call('Rating', 'setEntityProfiles', { profiles });
  }
  await hand.call('Sip', 'addBalance', { sipId, value: 50, description: `left over ${at}` });
  return { customer, customerId, email, username: sipId.username, account, numbers };
}

const publish = (hand: NgnproHand, number: string, account: string, owner: number): Promise<number> =>
  hand.call('Enum', 'addNumber', {
    number: { id: { number, tld: TLD }, owner, info: 'left', mappings: [{ type: 'sip', mapto: `sip:${account}` }] },
  });

/** Somebody else's: another mail address, and nothing that tells the CRM's number. */
async function makeNamesake(hand: NgnproHand, at: number): Promise<Namesake> {
  const customer = `N-${String(at).padStart(4, '0')}`;
  const email = `somebody${at}@left.example.com`;
  return { customer, customerId: await makeCustomer(hand, customer.toLowerCase(), { email }) };
}

export async function makeLeftovers(hand: NgnproHand): Promise<Leftovers> {
  const several = async <One>(count: number, one: (at: number) => Promise<One>): Promise<One[]> => {
    const made: One[] = [];
    for (let at = 1; at <= count; at += 1) made.push(await one(at));
    return made;
  };
  const strangers = await several(6, (at) => make(hand, 'stranger', at));
  const regulars = await several(6, (at) => make(hand, 'regular', at));
  const wards = await several(4, (at) => make(hand, 'ward', at));
  const namesakes = await several(8, (at) => makeNamesake(hand, at));
  const published = ['438031000001', '438031000002', '438031000003'];
  for (const digits of published) await publish(hand, digits, strangers[0]!.account, strangers[0]!.customerId);
  const kept: Kept = await makeKept(hand, wards);
  const spares = await makeSpares(hand, wards, 8);
  return { strangers, regulars, wards, namesakes, published, kept, spares };
}
