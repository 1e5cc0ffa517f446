import { DIVERSIONS, type Diversion, type Diversions } from '../forwards.ts';
import { isFault } from '../fault.ts';
import type { NgnproClient, SipId } from '../types.ts';
import { itemOf, textOrNull } from './read.ts';

const MEMBERS: readonly Diversion[] = Object.values(DIVERSIONS);

/** All diversions of a subscriber; null when there is no such subscriber. */
export async function readDiversions(client: NgnproClient, sipId: SipId): Promise<Required<Diversions> | null> {
  try {
    const found = itemOf(await client.call('SipPort', 'getCallDiversions', { sipId })) ?? {};
    return Object.fromEntries(MEMBERS.map((member) => [member, textOrNull(found[member])])) as Required<Diversions>;
  } catch (error) {
    if (isFault(error, 'accountUnknown')) return null;
    throw error;
  }
}

/** The diversions of `wanted` that are otherwise, as they are. */
export function otherDiversions(wanted: Diversions, found: Required<Diversions>): Diversions {
  const others = (Object.keys(wanted) as Diversion[]).filter((member) => (wanted[member] ?? null) !== found[member]);
  return Object.fromEntries(others.map((member) => [member, found[member]]));
}

/** Sets the whole of them: those that are not in `wanted` go back as they were found in the same turn. */
export async function setDiversions(
  client: NgnproClient,
  sipId: SipId,
  found: Required<Diversions>,
  wanted: Diversions,
): Promise<void> {
  const all = Object.entries({ ...found, ...wanted }).filter(([, destination]) => destination !== null);
  // An empty struct is dropped on its way; the vendor's client sends this member in its place (ngnpro.md).
  const diversions = all.length > 0 ? Object.fromEntries(all) : { nocondition: 'empty' };
  await client.call('SipPort', 'setCallDiversions', { sipId, diversions });
}
