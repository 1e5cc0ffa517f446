import type { Leftover, Leftovers } from './left.ts';
import type { SipwiseHand } from './hand.ts';

/*
 * What is on the platform before the first order, made by somebody else. `strangers` are in the way of orders and must
 * never change; `regulars` are customers of the CRM already, whom orders adopt.
 */

export const DOMAIN = 'sip.example.com';

async function make(hand: SipwiseHand, kind: 'stranger' | 'regular', at: number): Promise<Leftover> {
  const customer = `${kind}-${at}`;
  const contactId = await hand.create('customercontacts', {
    email: `${customer}@left.example.com`,
    firstname: 'Left',
    lastname: 'Over',
    country: 'AT',
    reseller_id: 1,
  });
  const customerId = await hand.create('customers', {
    status: 'active',
    type: 'sipaccount',
    contact_id: contactId,
    billing_profile_id: 1,
    external_id: customer,
    subscriber_email_template_id: null,
    passreset_email_template_id: null,
    invoice_email_template_id: null,
    invoice_template_id: null,
  });
  const number = { cc: '43', ac: kind === 'stranger' ? '800' : '801', sn: String(100_000 + at) };
  const username = `left.${kind}.${at}`;
  const externalId = `${customer}-line`;
  const subscriberId = await hand.create('subscribers', {
    customer_id: customerId,
    domain: DOMAIN,
    username,
    password: `Left-over-${at}!x`,
    external_id: externalId,
    primary_number: number,
  });
  await hand.put(`/api/callforwards/${subscriberId}`, {
    cfu: { destinations: [{ destination: 'voicebox', timeout: 300 }] },
    cfb: { destinations: [{ destination: `4380199${at}`, timeout: 20 }] },
  });
  await hand.patch(`/api/subscriberpreferences/${subscriberId}`, [
    { op: 'add', path: '/block_in_clir', value: true },
    { op: 'add', path: '/block_out_list', value: ['4390*'] },
  ]);
  await hand.patch(`/api/voicemailsettings/${subscriberId}`, [
    { op: 'replace', path: '/pin', value: `90000000${at}` },
    { op: 'replace', path: '/email', value: `${customer}@box.example.com` },
  ]);
  return { customer, customerId, username, externalId, subscriberId, number };
}

export async function makeLeftovers(
  hand: SipwiseHand,
  counts: { strangers: number; regulars: number },
): Promise<Leftovers> {
  const strangers: Leftover[] = [];
  const regulars: Leftover[] = [];
  for (let at = 1; at <= counts.strangers; at += 1) strangers.push(await make(hand, 'stranger', at));
  for (let at = 1; at <= counts.regulars; at += 1) regulars.push(await make(hand, 'regular', at));
  return { strangers, regulars };
}
