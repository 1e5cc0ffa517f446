import type { Json, JsonObject, OrderContent, SubscriberOrder } from '../../port.ts';
import type { Values } from '../wire/values.ts';
import { ADDRESS_FIELDS, nativeFields } from './company.ts';

/** What an order says of an office, with the portal's own fields beside ours. */
const OWN_MEMBERS: readonly string[] = ['name', ...ADDRESS_FIELDS, 'emergencyArea'];

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type WithOffice = Pick<SubscriberOrder, 'native'>;

/** `native.office`: a name, or an object with one. */
export function officeMembers({ native }: WithOffice): JsonObject {
  const { office } = native;
  if (typeof office === 'string') return { name: office };
  return isObject(office) ? office : {};
}

/** Null: the one that the target's settings name. */
export function officeName(subscriber: WithOffice): string | null {
  const { name } = officeMembers(subscriber);
  return typeof name === 'string' && name !== '' ? name : null;
}

/** The same for subscribers of one office, as far as the order tells; null: of the one that the settings name. */
export const officeGroup = (subscriber: WithOffice): string | null => officeName(subscriber)?.toLowerCase() ?? null;

/** Fields that the order gives of the office itself. */
export function givenOfficeFields(subscriber: WithOffice): Values {
  const members = officeMembers(subscriber);
  const own = Object.fromEntries(Object.entries(members).filter(([name]) => OWN_MEMBERS.includes(name)));
  return { ...own, ...nativeFields(members, OWN_MEMBERS) };
}

/** As it is made: where the customer is, unless the order says otherwise. */
export function officeFields(order: OrderContent, subscriber: WithOffice, name: string): Values {
  const given = givenOfficeFields(subscriber);
  const hasAddress = ADDRESS_FIELDS.some((field) => given[field] !== undefined);
  const { contact = {} } = order.customer;
  const address = Object.fromEntries(ADDRESS_FIELDS.map((field) => [field, contact[field]]));
  return { ...(!hasAddress && address), ...given, name };
}
