/** What the stand-in's database holds, one type per table. Times are ms since the epoch. */

export const CONTACT_COLUMNS = [
  'email',
  'firstname',
  'lastname',
  'company',
  'street',
  'postcode',
  'city',
  'country',
  'vatnum',
  'comregnum',
  'iban',
  'bic',
  'bankname',
  'phonenumber',
  'mobilenumber',
  'faxnumber',
  'timezone',
  'gpp0',
  'gpp1',
  'gpp2',
  'gpp3',
  'gpp4',
  'gpp5',
  'gpp6',
  'gpp7',
  'gpp8',
  'gpp9',
] as const;
export type ContactColumn = (typeof CONTACT_COLUMNS)[number];

export type ContactRow = { readonly id: number; reseller_id: number | null } & Record<ContactColumn, string | null>;

/** A contract of a reseller on a system contact. Shares its ids with the customers. */
export interface ContractRow {
  readonly id: number;
  contact_id: number;
  status: string;
  readonly type: string;
  billing_profile_id: number | null;
  external_id: string | null;
}

export interface ResellerRow {
  readonly id: number;
  contract_id: number;
  name: string;
  status: string;
}

export interface DomainRow {
  readonly id: number;
  /** The number of the domain on the provisioning side, which some error texts show. */
  readonly internalId: number;
  readonly domain: string;
  readonly reseller_id: number;
}

export interface BillingProfileRow {
  readonly id: number;
  reseller_id: number;
  handle: string;
  name: string;
  status: 'active' | 'terminated';
  settings: Record<string, string | number | boolean | null>;
  peaktime_weekdays: object[];
  peaktime_special: object[];
}

export interface ProfileMapping {
  readonly profile_id: number;
  readonly network_id: number | null;
  readonly start: string | null;
  readonly stop: string | null;
}

export interface CustomerRow {
  readonly id: number;
  contact_id: number;
  /** Of the contact; kept here for the scope of resellers. */
  reseller_id: number;
  type: string;
  status: string;
  billing_profile_definition: string;
  billing_profile_id: number;
  /** Beyond the initial one. */
  billing_profiles: ProfileMapping[];
  max_subscribers: number | null;
  external_id: string | null;
  vat_rate: number;
  add_vat: boolean;
  readonly created: number;
  modified: number;
  activated: number | null;
  terminated: number | null;
  readonly subscribers: Set<SubscriberRow>;
}

export interface NumberRow {
  readonly id: number;
  readonly cc: string;
  readonly ac: string;
  readonly sn: string;
  is_devid: boolean;
  /** Null: known from earlier, free now, not shown. */
  owner: SubscriberRow | null;
  primary: boolean;
}

export interface VoicemailBox {
  pin: string;
  email: string;
  attach: boolean;
  delete: boolean;
  sms_number: string;
}

export type PreferenceScalar = string | number | boolean;
export type PreferenceValue = PreferenceScalar | PreferenceScalar[];

export interface SubscriberRow {
  readonly id: number;
  readonly uuid: string;
  /** The id on the provisioning side, shown inside forward sets; not the API's id. */
  readonly internalId: number;
  readonly customer: CustomerRow;
  readonly domain: DomainRow;
  readonly username: string;
  password: string;
  webusername: string | null;
  hasWebPassword: boolean;
  status: string;
  /** `1` … `5` or null. */
  lock: string | null;
  external_id: string | null;
  email: string | null;
  timezone: string | null;
  administrative: boolean;
  primary: NumberRow | null;
  aliases: NumberRow[];
  readonly created: number;
  modified: number;
  readonly preferences: Map<string, PreferenceValue>;
  voicemail: VoicemailBox;
  forwards: Forwards;
  pbx: PbxSettings | null;
}

export interface PbxSettings {
  pilot: boolean;
  group: boolean;
  extension: string | null;
  huntPolicy: string | null;
  huntTimeout: number | null;
  huntCancelMode: string | null;
}

export const FORWARD_TYPES = ['cfu', 'cfb', 'cft', 'cfna', 'cfs', 'cfr', 'cfo'] as const;
export type ForwardType = (typeof FORWARD_TYPES)[number];

export interface Destination {
  /** A SIP URI or a keyword. */
  destination: string;
  timeout: number;
  priority: number | null;
}

export const TIME_MEMBERS = ['year', 'month', 'mday', 'wday', 'hour', 'minute'] as const;
export type Period = Record<(typeof TIME_MEMBERS)[number], string | null>;

interface ForwardSet {
  readonly id: number;
  readonly owner: SubscriberRow;
  name: string;
}
export interface DestinationSetRow extends ForwardSet {
  destinations: Destination[];
}
export interface TimeSetRow extends ForwardSet {
  times: Period[];
}
/** Callers (`sources`) or dialled numbers (`bnumbers`) a forward is limited to. */
export interface NumberSetRow extends ForwardSet {
  mode: string;
  is_regex: boolean;
  values: string[];
}

export interface MappingRow {
  readonly id: number;
  readonly type: ForwardType;
  destinationSet: DestinationSetRow;
  timeSet: TimeSetRow | null;
  sourceSet: NumberSetRow | null;
  bnumberSet: NumberSetRow | null;
  enabled: boolean;
  use_redirection: boolean;
}

export interface Forwards {
  mappings: MappingRow[];
  destinationSets: DestinationSetRow[];
  timeSets: TimeSetRow[];
  sourceSets: NumberSetRow[];
  bnumberSets: NumberSetRow[];
  ringtimeout: number | null;
}
