import { newAccount } from './operations/accounts.ts';
import type { Ownership } from './rows.ts';
import { createState, enumKey, type NgnproState } from './state.ts';

const BEGINNING = Date.UTC(2026, 0, 1);

function addCustomer(state: NgnproState, id: number, reseller: number, username: string, organization: string): void {
  const columns = {
    reseller,
    impersonate: 0,
    resellerActive: id === reseller,
    balance: 0,
    credit: 0,
    companyCode: '',
    username,
    password: username,
    firstName: 'First',
    lastName: 'Last',
    organization,
    tel: '+4319876',
    fax: '',
    sip: '',
    enum: '',
    mobile: '',
    email: `${username}@example.com`,
    web: '',
    address: 'Unknown',
    postcode: 'Unknown',
    city: 'Unknown',
    state: 'N/A',
    country: 'N/A',
    timezone: 'Europe/Vienna',
    language: 'en',
    vatNumber: '',
    bankAccount: '',
    billingEmail: '',
    billingAddress: '',
  };
  state.customers.set(id, { id, columns, properties: [], changed: BEGINNING });
}

function addDomain(state: NgnproState, key: string, ownership: Ownership): void {
  const columns = {
    certificate: '',
    private_key: '',
    match_ip_address: '',
    match_sip_domain: '',
    verify_cert: false,
    require_cert: false,
  };
  state.domains.set(key, { key, ownership, columns, changed: BEGINNING });
}

/** The account of the calls and the device in records.ts. Its password is `reception`, kept as digests. */
function addReception(state: NgnproState): void {
  const columns = {
    password: 'b90f713f32c688de304b2739681af603:df5634f7fae0e1ba1277b8442b30e53c',
    firstName: 'Reception',
    lastName: '',
    email: 'reception@example.com',
    timezone: 'Europe/Vienna',
    owner: 1002,
    rpid: '',
    prepaid: false,
    quota: 0,
    callLimit: 0,
    timeout: 35,
    quickdialPrefix: '',
    region: '',
    acl: [],
    properties: [],
  };
  const row = newAccount({ username: 'reception', domain: 'sip.example.com' }, columns, new Set(), BEGINNING);
  state.accounts.set(row.key, row);
}

/**
 * Fresh data. Logins: the administrator `admin`/`admin`; each customer by its username, which is also its password.
 *
 * | customer | username | reseller |
 * |---|---|---|
 * | 1001 | `reseller` | itself: a reseller |
 * | 1002 | `customer` | 1001 |
 * | 2001 | `other` | itself: a reseller |
 *
 * | domain | customer | reseller |
 * |---|---|---|
 * | `sip.example.com` | 1001 | 1001 |
 * | `pbx.example.net` | 1002 | 1001 |
 * | `other.example.org` | 2001 | 2001 |
 *
 * One ENUM range, prefix `43`, tld `e164.arpa`, 6 to 15 digits, of customer and reseller 1001. Vouchers: id 1 number
 * `1111222233` and id 2 number `4444555566`, 10 each. One SIP account, `reception@sip.example.com` of customer 1002, with
 * the calls and the device of records.ts. Nothing else.
 */
export function freshState(): NgnproState {
  const state = createState();
  const ours = { customer: 1001, reseller: 1001 };
  addCustomer(state, 1001, 1001, 'reseller', 'Reseller Ltd');
  addCustomer(state, 1002, 1001, 'customer', 'Customer Ltd');
  addCustomer(state, 2001, 2001, 'other', 'Other Ltd');
  addDomain(state, 'sip.example.com', ours);
  addDomain(state, 'pbx.example.net', { customer: 1002, reseller: 1001 });
  addDomain(state, 'other.example.org', { customer: 2001, reseller: 2001 });
  state.ranges.set(enumKey('43', 'e164.arpa'), {
    key: enumKey('43', 'e164.arpa'),
    ownership: ours,
    columns: { ttl: 3600, minDigits: 6, maxDigits: 15, size: 0, nameservers: [], info: '' },
    changed: BEGINNING,
  });
  addReception(state);
  for (const [id, number] of [
    [1, '1111222233'],
    [2, '4444555566'],
  ] as const) {
    state.vouchers.set(id, { id, number, value: 10, usedBy: null });
  }
  return state;
}
