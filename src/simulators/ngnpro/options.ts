import type { AssumedFault } from './fault.ts';
import type { CallRecord, DeviceRecord } from './records.ts';

/** How this server differs from the one the reference describes, where nothing public says which is right. */
export interface NgnproOptions {
  /** Whether passwords are kept in clear (ngnpro.md, "Password"); else as digests. Default false. */
  readonly storeClearTextPasswords?: boolean;
  /** Where values bear `xsi:type`: nowhere, in replies, in faults too. Default `replies`. */
  readonly types?: 'none' | 'replies' | 'everywhere';
  /** Name of the one part of a reply. Default `return`. */
  readonly replyPart?: string;
  /** Name of the members of an array in a reply. Default `item`. */
  readonly item?: string;
  /** Whether a member without a value is sent as nil; else it is left out. Default false. */
  readonly nil?: boolean;
  /** Which form of the `auth` header is taken. Default `both`. */
  readonly authHeader?: 'both' | 'unqualified';
  /** Whether `/ngnpro` knows the voicemail port, or only `/ngnpro/voicemail` does. Default `both`. */
  readonly voicemail?: 'both' | 'own';
  /** What setCallDiversions does with a struct without any member. Default `ignored`. */
  readonly emptyDiversions?: 'ignored' | 'fault' | 'cleared';
  /** Whether addBalance takes negative values. Default true. */
  readonly negativeBalance?: boolean;
  /** What becomes of the aliases and the mailbox of a deleted SIP account. Default `removed`. */
  readonly orphans?: 'removed' | 'left';
  /** Other codes for the faults whose code nothing public tells. */
  readonly codes?: Readonly<Partial<Record<AssumedFault, number>>>;
  /** Operations this server lacks (`Sip.getSipTrace`): left out of its WSDL and refused. Default none. */
  readonly without?: readonly string[];
  /** More calls than the ones it starts with. */
  readonly calls?: readonly CallRecord[];
  /** More registered devices than the ones it starts with. */
  readonly devices?: readonly DeviceRecord[];
}

export type NgnproSettings = Required<NgnproOptions>;

export const settingsOf = (options: NgnproOptions): NgnproSettings => ({
  storeClearTextPasswords: false,
  types: 'replies',
  replyPart: 'return',
  item: 'item',
  nil: false,
  authHeader: 'both',
  voicemail: 'both',
  emptyDiversions: 'ignored',
  negativeBalance: true,
  orphans: 'removed',
  codes: {},
  without: [],
  calls: [],
  devices: [],
  ...options,
});
