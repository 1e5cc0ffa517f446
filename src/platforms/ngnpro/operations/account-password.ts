import { passwordFor } from '../password.ts';
import { sipIdFor } from '../shared/kinds.ts';
import type { NgnproClient, SipId } from '../types.ts';
import type { Item } from './spec.ts';

const DIGESTS = /^[0-9a-f]{32}:[0-9a-f]{32}$/;

const idOf = (item: Item): SipId => sipIdFor(item['id'] as SipId);

/** Whether the password that the platform shows, in clear or as digests, is the wanted one. */
export function isKeptPassword(member: string, wanted: Item, found: Item): boolean {
  const [password, kept] = [wanted[member], found[member]];
  if (typeof password !== 'string' || typeof kept !== 'string') return false;
  return kept === password || kept === passwordFor(idOf(found), password, { passwords: 'digest' });
}

/** As it is sent; digests that were read go back as they are. */
export function withSentPassword({ defaults }: NgnproClient, item: Item): Item {
  const { password } = item;
  if (typeof password !== 'string' || password === '' || DIGESTS.test(password)) return item;
  return { ...item, password: passwordFor(idOf(item), password, defaults) };
}
