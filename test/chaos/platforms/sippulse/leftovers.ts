import type { Leftover, Named, Spare, Leftovers } from './left.ts';
import { DOMAIN, type SippulseHand } from './hand.ts';

/*
 * What is on the platform before the first order, made by somebody else. `strangers` are in the way of orders and must
 * never change; `regulars` are customers of the CRM already, whom orders adopt; on `wards` only operations work, and
 * `spares` are there to be removed by them, each once.
 */

const ROOM = { stranger: 8000, regular: 9000, ward: 7000 } as const;
const POSTPAID = 21;

async function makeSubscriber(hand: SippulseHand, username: string, customer: string): Promise<void> {
  await hand.call('SubscriberWS', 'insertSubscriber', {
    subscriber: {
      username,
      domain: DOMAIN,
      password: `Left-over-${username}!x`,
      passwordPortal: `Left-portal-${username}!x`,
      profile: 'default',
      ratePlanId: POSTPAID,
      emailAddress: `${customer}@left.example.com`,
      countryCode: 55,
      areaCode: 11,
      callLimit: 3,
      rings: 25,
      resellerId: 0,
      activeIncomingCalls: true,
      activeOutgoingCalls: true,
      blockCollectCalls: false,
      contractNumber: customer,
      firstName: 'Left',
      lastName: 'Over',
      city: 'Sao Paulo & Co',
    },
  });
}

async function make(hand: SippulseHand, kind: keyof typeof ROOM, at: number): Promise<Leftover> {
  const customer = `${kind}-${at}`;
  const username = `left.${kind}.${at}`;
  const user = { username, domain: DOMAIN };
  const account = `${username}@${DOMAIN}`;
  const numbers = kind === 'ward' ? [] : [0, 1].map((more) => `11${ROOM[kind] + more}000${at}`);
  await makeSubscriber(hand, username, customer);
  await hand.call('SubscriberWS', 'updateSubscriberClassV', {
    subscriber: { ...user, callFwd: `sip:left@other.example.com`, callGroup: 'left', pinCode: '998877' },
  });
  await hand.call('SubscriberWS', 'addCredit', { ...user, value: 50, obs: `left over ${at}` });
  for (const aliasUsername of numbers) {
    const id = await hand.call('DidWS', 'insertDid', { did: { ...user, accountCode: account, aliasUsername } });
    await hand.call('ReloadModulesWS', 'reloadDid', { didId: id });
  }
  await hand.call('WhiteListWS', 'insertWhiteList', { whiteList: { ...user, prefix: `5599${at}` } });
  await hand.call('AddressWS', 'insertAddress', { address: addressOf(account, `198.51.100.${at}`) });
  await hand.call('UserLocationWS', 'addUserLocation', { ...user, contact: `sip:left@198.51.100.${at}:5060` });
  await hand.call('ReloadModulesWS', 'reloadSubscriber', user);
  return { customer, username, account, numbers };
}

function addressOf(account: string, ipAddress: string) {
  const [username = '', domain = ''] = account.split('@');
  return { account, username, domain, ipAddress, mask: 32, method: 'iponly', port: 0, protocol: 'any' };
}

/** What can be removed and made anew by its own operations: two of each kind for each ward. */
async function makeSpares(hand: SippulseHand, ward: Leftover, at: number): Promise<Spare[]> {
  const { username, account } = ward;
  const user = { username, domain: DOMAIN };
  const prefix = `5588${at}`;
  const whiteListId = await hand.call('WhiteListWS', 'insertWhiteList', { whiteList: { ...user, prefix } });
  const ipAddress = `203.0.113.${at}`;
  const addressId = await hand.call('AddressWS', 'insertAddress', { address: addressOf(account, ipAddress) });
  const contact = `sip:spare@203.0.113.${at}:5060`;
  await hand.call('UserLocationWS', 'addUserLocation', { ...user, contact });
  const aliasUsername = `117777${String(at).padStart(4, '0')}`;
  const did = { ...user, accountCode: account, aliasUsername, didHeader: 'spare' };
  const didId = await hand.call('DidWS', 'insertDid', { did });
  await hand.call('ReloadModulesWS', 'reloadDid', { didId });
  const description = `spare-${at}`;
  const huntGroupId = await makeHuntGroup(hand, description, username);
  return [
    {
      service: 'WhiteListWS',
      operation: 'deletetWhiteList',
      args: { ...user, whiteListId },
      thing: `whiteList ${prefix} of ${account}`,
    },
    {
      service: 'AddressWS',
      operation: 'removeAddress',
      args: { ...user, addressId },
      thing: `address ${ipAddress}/32:0 iponly  of ${account}`,
    },
    {
      service: 'UserLocationWS',
      operation: 'removeUserLocation',
      args: { ...user, contact },
      thing: `location ${contact} of ${account}`,
    },
    {
      service: 'DidWS',
      operation: 'deleteDid',
      args: { accountCode: account, didId },
      thing: `did ${aliasUsername} of ${account}`,
    },
    {
      service: 'HuntGroupWS',
      operation: 'removeHuntGroup',
      args: { domain: DOMAIN, huntGroupId },
      thing: `huntGroup ${description}`,
    },
  ];
}

async function makeHuntGroup(hand: SippulseHand, description: string, groupList: string): Promise<number> {
  const huntGroup = { domain: DOMAIN, description, groupList, method: 'serial', timeout: 20 };
  const huntGroupId = await hand.call('HuntGroupWS', 'insertHuntGroup', { huntGroup });
  await hand.call('ReloadModulesWS', 'reloadHuntGroup', { huntGroupId });
  return huntGroupId;
}

export async function makeLeftovers(hand: SippulseHand): Promise<Leftovers> {
  const several = async (kind: keyof typeof ROOM, count: number): Promise<Leftover[]> => {
    const made: Leftover[] = [];
    for (let at = 1; at <= count; at += 1) made.push(await make(hand, kind, at));
    return made;
  };
  const strangers = await several('stranger', 6);
  const regulars = await several('regular', 6);
  const wards = await several('ward', 4);
  const manager = `boss@${DOMAIN}`;
  await makeSubscriber(hand, 'boss', 'boss');
  const account = [strangers[0]!.account];
  await hand.call('AccountGroupWS', 'addAccountGroup', { accountManager: manager, managerProfile: 'default', account });
  const spares: Spare[] = [];
  for (let at = 1; at <= 8; at += 1) spares.push(...(await makeSpares(hand, wards[at % wards.length]!, at)));
  const huntGroups: Named[] = [];
  const ratePlans: Named[] = [];
  for (const at of [1, 2]) {
    const name = `kept-${at}`;
    huntGroups.push({ name, id: await makeHuntGroup(hand, name, wards[0]!.username) });
    const ratePlan = { name, domain: DOMAIN, rateId: 1, prepaid: false, txConnection: 30, cadency: 6 };
    ratePlans.push({ name, id: await hand.call('RatePlanWS', 'insertRatePlan', { ratePlan }) });
  }
  const reseller = 'kept-reseller';
  const person = { manager: 'Rita', email: 'rita@left.example.com', username: 'rita', password: 'Left-reseller-1!x' };
  await hand.call('ResellerWS', 'insertReseller', { reseller: { name: reseller, domain: DOMAIN, ...person } });
  for (const username of [...wards.map((ward) => ward.username), 'boss'])
    await hand.call('ReloadModulesWS', 'reloadSubscriber', { username, domain: DOMAIN });
  await hand.call('ReloadModulesWS', 'reloadAddress', {});
  return { strangers, regulars, wards, manager, huntGroups, ratePlans, reseller, spares };
}
