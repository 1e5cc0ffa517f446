import type { CustomerBody, OrderBody, SubscriberBody } from '../../orders.ts';
import type { Values } from './dialect.ts';
import { MAIN_OFFICE } from './hand.ts';

/* What an order says of companies, offices and users, by the names that profiles have for it (tim-web-portal.md §4). */

type Contact = Readonly<Record<string, string | null>>;

const ADDRESS = ['street', 'houseNumber', 'postcode', 'city', 'state', 'country'];

/** A private person's has letters; an Italian company's goes without its country. */
function taxesOf({ taxId }: Contact): Values {
  if (typeof taxId !== 'string') return {};
  return /^(?:IT)?\d{11}$/.test(taxId) ? { vatNumber: taxId.replace('IT', '') } : { taxCode: taxId };
}

const nameIn = ({ company, firstName, lastName }: Contact): string | undefined =>
  company ?? (firstName === undefined ? undefined : `${firstName} ${lastName}`);

export function companyValues({ externalId, contact = {}, billingProfile, native }: CustomerBody): Values {
  const profile = billingProfile ?? (contact['company'] === undefined ? 'retail' : 'company');
  return { ...contact, externalId, name: nameIn(contact), ...taxesOf(contact), profile, ...native };
}

/** What a modify order wants otherwise of a company. */
export function companyChanges({ contact = {}, billingProfile, native }: CustomerBody): Values {
  const isTaxed = contact['taxId'] !== undefined;
  return {
    ...contact,
    name: nameIn(contact),
    ...(isTaxed && { vatNumber: null, taxCode: null }),
    ...taxesOf(contact),
    profile: billingProfile,
    ...native,
  };
}

const officeIn = ({ native }: SubscriberBody): Values => {
  const office = native?.['office'];
  return typeof office === 'string' ? { name: office } : ((office ?? {}) as Values);
};

export const officeNameOf = (body: SubscriberBody): string =>
  (officeIn(body)['name'] as string | undefined) ?? MAIN_OFFICE;

/** Without an address of its own it is where the customer is. */
export function officeValues({ customer }: OrderBody, body: SubscriberBody): Values {
  const own = officeIn(body);
  const hasAddress = ADDRESS.some((name) => own[name] !== undefined);
  const address = Object.fromEntries(ADDRESS.map((name) => [name, customer?.contact?.[name]]));
  return { ...(!hasAddress && address), ...own, name: officeNameOf(body) };
}

export function userValues({
  username,
  domain,
  password,
  externalId,
  number,
  aliases,
  native,
}: SubscriberBody): Values {
  const { office: _office, ...own } = native ?? {};
  return { username, domain, password, externalId, number, aliases, ...own };
}

/** The number it is known by. */
export const numberOf = ({ number }: SubscriberBody): string => (typeof number === 'string' ? number : 'none');

/** What a step sets of what hangs on a user; null where it is no such step. */
export function groupValues({ callForwards, preferences, voicemail }: SubscriberBody, kind: string): Values | null {
  switch (kind) {
    case 'services':
      return preferences ?? {};
    case 'callForwards': {
      const none = { unconditional: null, busy: null, noAnswer: null, ringTimeout: null };
      if (callForwards === null) return none;
      const to = Object.entries(callForwards ?? {}).map(([type, forward]) => [
        type,
        forward?.destinations[0]?.to ?? null,
      ]);
      return { ...Object.fromEntries(to), ringTimeout: callForwards?.['noAnswer']?.ringTimeout };
    }
    case 'voicemail':
      return { ...voicemail };
    default:
      return null;
  }
}
