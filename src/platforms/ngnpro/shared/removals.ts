import { isFault } from '../fault.ts';
import type { NgnproClient, SipId } from '../types.ts';
import { findAlias, findDomain } from './lists.ts';

/*
 * Removals that are content with what is gone already. By which code that is told is not public for all; there the look
 * decides (ngnpro.md, "Retry").
 */

export async function alias(client: NgnproClient, id: SipId): Promise<void> {
  try {
    await client.call('SipPort', 'deleteAlias', { id });
  } catch (error) {
    if (!isFault(error) || (await findAlias(client, id))) throw error;
  }
}

export async function domain(client: NgnproClient, name: string): Promise<void> {
  try {
    await client.call('SipPort', 'deleteDomain', { domain: name });
  } catch (error) {
    if (!isFault(error) || (await findDomain(client, name))) throw error;
  }
}

export async function enumNumber(client: NgnproClient, number: string): Promise<void> {
  try {
    await client.call('EnumPort', 'deleteNumber', { enumId: { number, tld: client.defaults.enumTld } });
  } catch (error) {
    if (!isFault(error, 'numberUnknown')) throw error;
  }
}

export async function mailbox(client: NgnproClient, sipId: SipId): Promise<void> {
  try {
    await client.call('VoicemailPort', 'deleteAccount', { sipId });
  } catch (error) {
    if (!isFault(error, 'mailboxUnknown', 'accountUnknown')) throw error;
  }
}

export async function profiles(client: NgnproClient, entity: string): Promise<void> {
  try {
    await client.call('RatingPort', 'deleteEntityProfiles', { entity });
  } catch (error) {
    if (!isFault(error, 'profileUnknown')) throw error;
  }
}

export async function account(client: NgnproClient, sipId: SipId): Promise<void> {
  try {
    await client.call('SipPort', 'deleteAccount', { sipId });
  } catch (error) {
    if (!isFault(error, 'accountUnknown')) throw error;
  }
}

export async function customer(client: NgnproClient, id: number): Promise<void> {
  try {
    await client.call('CustomerPort', 'deleteAccount', { id });
  } catch (error) {
    if (!isFault(error, 'customerUnknown')) throw error;
  }
}
