import { isFault } from '../fault.ts';
import type { NgnproClient, SipId } from '../types.ts';

export interface Membership {
  /** Groups to be in. */
  readonly joined: readonly string[];
  /** Groups not to be in. */
  readonly left: readonly string[];
}

/** One by one, so that groups which the platform itself sets meanwhile stay; a set of them is repeatable. */
export async function bringGroupsTo(client: NgnproClient, sipId: SipId, { joined, left }: Membership): Promise<void> {
  for (const group of joined) await tolerating('inGroup', () => client.call('SipPort', 'addToGroup', { sipId, group }));
  for (const group of left) {
    await tolerating('notInGroup', () => client.call('SipPort', 'removeFromGroup', { sipId, group }));
  }
}

async function tolerating(fault: 'inGroup' | 'notInGroup', work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // 1030 was seen on removals too (ngnpro.md, "Faults").
    if (!isFault(error, fault, ...(fault === 'notInGroup' ? (['inGroup'] as const) : []))) throw error;
  }
}
