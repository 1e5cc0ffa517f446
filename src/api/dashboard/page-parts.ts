import { html, type Html } from './html.ts';

/* What pages of our own have in common. */

const TONES: Readonly<Record<string, string>> = {
  completed: 'good',
  done: 'good',
  same: 'good',
  held: 'bad',
  failed: 'bad',
  missing: 'bad',
  partial: 'warn',
  pending: 'warn',
  pendingCancellation: 'warn',
  differs: 'warn',
  foreign: 'warn',
  unknown: 'warn',
};

/** A state, in the colour of what it means. */
export const stateMark = (name: string): Html => html`<span class="state ${TONES[name] ?? ''}">${name}</span>`;

export const time = (iso: string | null): Html =>
  iso === null ? html`–` : html`<time datetime="${iso}">${iso.slice(0, 23).replace('T', ' ')}</time>`;
