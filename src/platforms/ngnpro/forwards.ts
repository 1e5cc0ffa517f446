import type { CallForwards, CallForwardType } from '../port.ts';
import { userPartOf } from './numbers.ts';
import type { NgnproDefaults } from './types.ts';

/** The order's names and the platform's members (ngnpro.md, CallDiversions). */
export const DIVERSIONS = {
  unconditional: 'FUNC',
  busy: 'FBUS',
  noAnswer: 'FNOA',
  unregistered: 'FNOL',
  unavailable: 'FUNV',
} as const satisfies { readonly [type in CallForwardType]: string };

export type Diversion = (typeof DIVERSIONS)[CallForwardType];

/** By diversion; null: off. */
export type Diversions = { readonly [diversion in Diversion]?: string | null };

/** The literal that stands for the mailbox. */
export const MAILBOX = '<voice-mailbox>';

/** What is diverted to the mailbox where voicemail is on (ngnpro.md, "Rules worth coding"). */
export const VOICEMAIL_TYPES = ['busy', 'noAnswer', 'unregistered'] as const;

/** A destination as the platform has it: a SIP URI, or the mailbox. */
function destinationFor(to: string, domain: string, format: Pick<NgnproDefaults, 'numberFormat'>): string {
  if (to === 'voicemail') return MAILBOX;
  return to.startsWith('+') ? `sip:${userPartOf(to.slice(1), format)}@${domain.toLowerCase()}` : to;
}

/** The diversions that an order names. */
export function wantedDiversions(
  forwards: CallForwards,
  domain: string,
  format: Pick<NgnproDefaults, 'numberFormat'>,
): Diversions {
  const wanted: { [diversion in Diversion]?: string | null } = {};
  for (const [type, diversion] of Object.entries(DIVERSIONS) as [CallForwardType, Diversion][]) {
    const forward = forwards[type];
    if (forward === undefined) continue;
    const to = forward?.destinations[0]?.to;
    wanted[diversion] = to === undefined ? null : destinationFor(to, domain, format);
  }
  return wanted;
}
