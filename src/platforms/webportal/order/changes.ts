import type { Contact, OrderContent, SubscriberOrder } from '../../port.ts';
import type { Profile } from '../profile/model.ts';
import type { Values } from '../wire/values.ts';
import { clears } from './cleared.ts';
import { companyFields, companyName } from './company.ts';
import { userFields } from './user.ts';

/* What a modify order wants otherwise: only fields that it names. Null clears. */

const CONTACT_PREFIX = 'customer.contact.';

export const clearedContact = ({ cleared }: OrderContent): (keyof Contact)[] =>
  (cleared ?? [])
    .filter((path) => path.startsWith(CONTACT_PREFIX))
    .map((path) => path.slice(CONTACT_PREFIX.length) as keyof Contact);

const TAX_FIELDS = ['vatNumber', 'taxCode'];

export function companyChanges(order: OrderContent, profile: Profile): Values {
  const { contact = {}, billingProfile } = order.customer;
  const { externalId: _key, profile: _kind, name: _name, ...given } = companyFields(order, profile);
  const cleared = clearedContact(order);
  const name = companyName(contact);
  const taxes = contact.taxId !== undefined || cleared.includes('taxId') ? TAX_FIELDS : [];
  return {
    ...Object.fromEntries([...cleared, ...taxes].map((field) => [field, null])),
    ...given,
    ...(name !== undefined && { name }),
    ...(billingProfile !== undefined && { profile: billingProfile }),
  };
}

/** Secrets of a user are changed last, in a step of their own. */
const PASSWORD_FIELDS = ['password', 'webPassword'] as const;

const CLEARABLE = ['externalId', 'webUsername', 'number', 'aliases'] as const;

export function userChanges(order: OrderContent, subscriber: SubscriberOrder): Values {
  const { username: _username, domain: _domain, password: _one, webPassword: _two, ...given } = userFields(subscriber);
  const cleared = CLEARABLE.filter((member) => clears(order, `subscribers.${subscriber.id}.${member}`));
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(cleared.map((member) => [member, null])), ...Object.fromEntries(named) };
}

export function passwordChanges(order: OrderContent, subscriber: SubscriberOrder): Values {
  const entries = PASSWORD_FIELDS.map((name) => {
    const isCleared = clears(order, `subscribers.${subscriber.id}.${name}`);
    return [name, subscriber[name] ?? (isCleared ? null : undefined)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Pure: whether there is a password to change at all. */
export const changesPasswords = (order: OrderContent, subscriber: SubscriberOrder): boolean =>
  PASSWORD_FIELDS.some(
    (name) => subscriber[name] !== undefined || clears(order, `subscribers.${subscriber.id}.${name}`),
  );
