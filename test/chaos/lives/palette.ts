import type { ForwardOrder, SubscriberBody } from '../orders.ts';

/** What may be ordered of a subscriber and a customer on a platform; all is drawn anew each time. */
export interface Palette {
  readonly domain: string;
  /** Whether there are customers, so that they can be changed and locked whole and end with all they have. */
  readonly hasCustomers: boolean;
  /** Left out: there are moves of numbers. */
  readonly hasMoves?: false;
  /**
   * Of a subscriber's number. `named`: it is also the user name, so that there is no other and it never changes; `needed`:
   * there is always one; left out: it may have one.
   */
  readonly numbering?: 'named' | 'needed';
  /** Left out: any. @param at from 0, another for each; the last is nobody's */
  username?(life: number, at: number): string;
  /** Billing profiles. */
  readonly profiles: readonly string[];
  /** E.164, another for each. */
  number(at: number): string;
  contact(customer: string): Readonly<Record<string, string>>;
  contactChange(): Readonly<Record<string, string | null>>;
  forwards(): Readonly<Record<string, ForwardOrder>>;
  preferences(): Readonly<Record<string, unknown>>;
  /** Preferences that can be unset. */
  readonly clearable: readonly string[];
  /** What a new subscriber has besides. */
  besides(username: string): Partial<SubscriberBody>;
  /** Both left out: there are no mailboxes. */
  voicemail?(): NonNullable<SubscriberBody['voicemail']>;
  voicemailChange?(): SubscriberBody['voicemail'];
}
