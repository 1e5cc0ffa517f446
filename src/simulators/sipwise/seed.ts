import { fold } from './collation.ts';
import { CONTACT_COLUMNS, type BillingProfileRow, type ContactRow } from './rows.ts';
import { addCustomerContact, createState, type SipwiseState } from './state.ts';

export function blankContact(id: number, resellerId: number | null): ContactRow {
  const columns = Object.fromEntries(CONTACT_COLUMNS.map((column) => [column, null]));
  return { id, reseller_id: resellerId, ...columns } as ContactRow;
}

/** A billing profile as the server fills it when only the required members are given (§8.9). */
export function blankBillingProfile(id: number, resellerId: number, handle: string, name: string): BillingProfileRow {
  return {
    id,
    reseller_id: resellerId,
    handle,
    name,
    status: 'active',
    settings: {
      prepaid: false,
      prepaid_library: 'libswrate',
      interval_charge: 0,
      interval_free_time: 0,
      interval_free_cash: 0,
      fraud_interval_limit: null,
      fraud_interval_lock: null,
      fraud_interval_notify: null,
      fraud_daily_limit: null,
      fraud_daily_lock: null,
      fraud_daily_notify: null,
      fraud_use_reseller_rates: false,
      currency: null,
      advice_of_charge: false,
      ignore_domain: false,
    },
    peaktime_weekdays: [],
    peaktime_special: [],
  };
}

/**
 * Fresh data as the recorded exchanges expect it: reseller 1 `default` with its contract, the billing profile with the
 * handle `default`, contact 1 (customer contact) and 2 (system contact), and the domain `sip.example.com`. Beyond
 * that, one name of each kind a preference may refer to, since the API of this stand-in cannot make them: rewrite rule
 * set `e164`, ncos level `no-premium`, sound set `default`.
 */
export function freshState(secret: Buffer): SipwiseState {
  const state = createState(secret);
  const resellerId = state.nextId('resellers');
  const customerContact = blankContact(state.nextId('contacts'), resellerId);
  customerContact.email = 'default-customer@default.invalid';
  addCustomerContact(state, customerContact);
  const systemContact = blankContact(state.nextId('contacts'), null);
  systemContact.email = 'default-system@default.invalid';
  state.systemContacts.set(systemContact.id, systemContact);

  const profile = blankBillingProfile(
    state.nextId('billingprofiles'),
    resellerId,
    'default',
    'Default Billing Profile',
  );
  state.billingProfiles.set(profile.id, profile);
  // Contracts and customers are one table on the platform, so the reseller's contract takes id 1.
  const contractId = state.nextId('contracts');
  state.contracts.set(contractId, {
    id: contractId,
    contact_id: systemContact.id,
    status: 'active',
    type: 'reseller',
    billing_profile_id: profile.id,
    external_id: null,
  });
  state.resellers.set(resellerId, { id: resellerId, contract_id: contractId, name: 'default', status: 'active' });

  addDomain(state, 'sip.example.com', resellerId);
  state.references.rewriteRuleSets.add('e164');
  state.references.ncosLevels.add('no-premium');
  state.references.soundSets.add('default');
  return state;
}

/** Internal ids start elsewhere than the API's, so that nobody mistakes one for the other. */
const INTERNAL_OFFSET = 4;

export function addDomain(state: SipwiseState, domain: string, resellerId: number): number {
  const id = state.nextId('domains');
  const row = { id, internalId: id + INTERNAL_OFFSET, domain, reseller_id: resellerId };
  state.domains.set(id, row);
  state.domainByName.set(fold(domain), row);
  return id;
}
