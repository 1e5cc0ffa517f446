import { createState, type SippulseState } from './state.ts';

function addDomain(
  state: SippulseState,
  domain: string,
  profiles: readonly string[],
  numbers: readonly string[],
): void {
  state.domains.set(domain, { id: state.nextId('domain'), domain });
  for (const profile of profiles) {
    const id = state.nextId('profile');
    state.profiles.set(id, { id, domain, profile });
  }
  const dialplan = { id: state.nextId('dialplan'), domain, columns: { domain, description: 'default' } };
  state.dialplans.set(dialplan.id, dialplan);
  state.availableNumbers.set(domain, new Set(numbers));
}

function addRatePlan(state: SippulseState, domain: string, name: string, prepaid: boolean): void {
  const id = state.nextId('ratePlan');
  const columns = { name, domain, rateId: 1, prepaid, txConnection: 30, cadency: 6 };
  state.ratePlans.set(id, { id, domain, columns });
}

function addRate(state: SippulseState, domain: string, prefix: string, name: string, rateValue: number): void {
  const id = state.nextId('rate');
  state.rates.set(id, { id, domain, columns: { domain, name, prefix, rateId: 1, rateValue } });
}

const numbersFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(first + index));

/**
 * Fresh data. Logins `admin`/`admin` (every domain) and `limited`/`limited` (`pbx.example.net` only).
 *
 * | domain | profiles (id) | rate plans (id) | rates of table 1 (id) | dial plan (id) | available numbers |
 * |---|---|---|---|---|---|
 * | `sip.example.com` (1) | `default` (11), `residential` (12), `business` (13) | `default` (21), `prepaid` (22) | `55` Brazil (101), `5511` Sao Paulo (102) | `default` (31) | 1130258080 to 1130258099 |
 * | `pbx.example.net` (2) | `default` (14) | `standard` (23) | `55` Brazil (103) | `default` (32) | 2130258080 to 2130258084 |
 *
 * No subscriber, DID, reseller, group or anything else. A number outside the pool can be inserted as a DID all the same.
 */
export function freshState(): SippulseState {
  const state = createState();
  const [first, second] = ['sip.example.com', 'pbx.example.net'] as const;
  addDomain(state, first, ['default', 'residential', 'business'], numbersFrom(1_130_258_080, 20));
  addDomain(state, second, ['default'], numbersFrom(2_130_258_080, 5));
  addRatePlan(state, first, 'default', false);
  addRatePlan(state, first, 'prepaid', true);
  addRatePlan(state, second, 'standard', false);
  addRate(state, first, '55', 'Brazil', 0.05);
  addRate(state, first, '5511', 'Sao Paulo', 0.03);
  addRate(state, second, '55', 'Brazil', 0.06);
  return state;
}
