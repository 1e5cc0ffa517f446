import type { Path } from '../../check-faults.ts';
import type { Contact, OrderContent, SubscriberOrder } from '../../port.ts';
import { clearedContact, companyChanges, passwordChanges, userChanges } from '../order/changes.ts';
import { clears } from '../order/cleared.ts';
import { companyPath, isMapped } from './company.ts';
import { checkCallable, checkNamedCompany, checkNamedUser } from './named.ts';
import type { About } from './needs.ts';
import { checkGroups, checkRange, userPath } from './subscriber.ts';
import { USER_MEMBERS } from '../order/user.ts';
import { checkGiven, checkNativeNames, refuseUnmapped } from './values.ts';

const CUSTOMER: Path = ['customer'];
const CONTACT: Path = ['customer', 'contact'];

/** Orders that change what is there. */
export function checkModification(order: OrderContent, about: About): void {
  checkNamedCompany(order, about);
  checkChangedCompany(order, about);
  for (const [index, subscriber] of order.subscribers.entries()) {
    checkChangedUser(order, subscriber, ['subscribers', index], about);
  }
  for (const [index] of (order.moves ?? []).entries()) {
    about.faults.add(
      ['moves', index],
      'have no call at this portal: a number is freed by one order and taken by the next',
    );
  }
}

function checkChangedCompany(order: OrderContent, about: About): void {
  const { profile, faults, needs } = about;
  const { contact = {}, billingProfile, native } = order.customer;
  const fields = profile.fields.company;
  const cleared = clearedContact(order);
  const members = [...(Object.keys(contact) as (keyof Contact)[]), ...cleared];
  if (members.length > 0 || billingProfile !== undefined || Object.keys(native).length > 0) {
    needs.operation('company.update', CUSTOMER);
  }
  for (const member of members) refuseUnmapped(isMapped(profile, contact, member, false), [...CONTACT, member], about);
  if (billingProfile !== undefined) refuseUnmapped(fields.has('profile'), [...CUSTOMER, 'billingProfile'], about);
  if (profile.keys.company !== 'externalId' && members.includes('taxId')) {
    faults.add([...CONTACT, 'taxId'], 'is what the company is known by and cannot be changed');
  }
  checkName(contact, cleared, about);
  checkNativeNames(fields, native, [], [...CUSTOMER, 'native'], about);
  checkGiven(fields, companyChanges(order, profile), ({ name }) => companyPath(name, contact), about);
}

/** The field of a name says several members, so that one of them alone would lose the others. */
function checkName(contact: Contact, cleared: readonly (keyof Contact)[], { profile, faults }: About): void {
  if (!profile.fields.company.has('name')) return;
  for (const member of ['company', 'firstName', 'lastName'] as const) {
    if (cleared.includes(member))
      faults.add([...CONTACT, member], 'cannot be cleared: it is a part of the name on the portal');
  }
  const [first, last] = [contact.firstName !== undefined, contact.lastName !== undefined];
  if (contact.company === undefined && first !== last) {
    faults.add(
      [...CONTACT, first ? 'lastName' : 'firstName'],
      'is required with the other: the portal has one field for the name',
    );
  }
}

const SIMPLE = ['externalId', 'webUsername', 'number', 'aliases'] as const;

function checkChangedUser(order: OrderContent, subscriber: SubscriberOrder, path: Path, about: About): void {
  const { profile, faults } = about;
  const { user } = profile.fields;
  checkNamedUser(subscriber, path, about);
  const changes = userChanges(order, subscriber);
  const passwords = passwordChanges(order, subscriber);
  const isChanged = Object.keys(changes).length + Object.keys(passwords).length > 0;
  if (isChanged) checkCallable('user.update', path, about);
  for (const name of [...SIMPLE, ...Object.keys(passwords)]) {
    if (Object.hasOwn({ ...changes, ...passwords }, name)) refuseUnmapped(user.has(name), [...path, name], about);
  }
  if (Object.hasOwn(changes, 'number')) {
    if (!user.has('username')) faults.add([...path, 'number'], 'cannot be changed: it is what users are named by');
    else if (changes['number'] === null && profile.keys.user === 'number') {
      faults.add([...path, 'number'], 'cannot be cleared: users are known by it');
    }
  }
  if (subscriber.native['office'] !== undefined) {
    faults.add(
      [...path, 'native', 'office'],
      'cannot be changed by an order: terminate the user and provision it anew',
    );
  }
  checkRange(subscriber, path, about);
  checkNativeNames(user, subscriber.native, USER_MEMBERS, [...path, 'native'], about);
  checkGiven(user, { ...changes, ...passwords }, ({ name }) => userPath(name, path), about);
  checkClearedGroups(order, subscriber, path, about);
  checkGroups(subscriber, path, about);
}

function checkClearedGroups(order: OrderContent, { id }: SubscriberOrder, path: Path, about: About): void {
  const { needs, faults } = about;
  const isCleared = (member: string): boolean => clears(order, `subscribers.${id}.${member}`);
  if (isCleared('preferences'))
    faults.add([...path, 'preferences'], 'cannot be cleared as a whole: name each one as null');
  if (isCleared('voicemail')) faults.add([...path, 'voicemail'], 'cannot be cleared as a whole; voicemail.email can');
  if (isCleared('callForwards')) needs.operation('callForwards.set', [...path, 'callForwards']);
  if (isCleared('voicemail.email')) needs.operation('voicemail.set', [...path, 'voicemail', 'email']);
}
