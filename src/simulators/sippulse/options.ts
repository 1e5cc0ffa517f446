/** How this server differs from the one the reference describes, where nothing public says which is right. */
export interface SippulseOptions {
  /** What a retrieve of an absent subscriber or group answers (sippulse.md, "Not knowable publicly"). Default `empty`. */
  readonly absent?: 'empty' | 'fault';
  /** Whether `retrieveSubscriber` shows `password` and `passwordPortal` (sippulse.md, subscriberDTO). Default false. */
  readonly passwordOnRetrieve?: boolean;
  /** Operations this server lacks: left out of its WSDLs and refused. Default none. */
  readonly without?: readonly string[];
  /** Which spelling of the seven operations with two this server knows. Default `both`. */
  readonly spelling?: 'both' | 'live' | 'page';
  /** How the path of the white list service is spelled. Default `WhiteListWS`, as on live servers. */
  readonly whiteListPath?: 'WhiteListWS' | 'WhitelistWS';
  /** HTTP Basic credentials that a front server wants before anything else. Default none. */
  readonly basicAuth?: { readonly username: string; readonly password: string } | null;
}

export type SippulseSettings = Required<SippulseOptions>;

export const settingsOf = (options: SippulseOptions): SippulseSettings => ({
  absent: 'empty',
  passwordOnRetrieve: false,
  without: [],
  spelling: 'both',
  whiteListPath: 'WhiteListWS',
  basicAuth: null,
  ...options,
});

/** The page's four that neither live WSDL seen has (sippulse.md, SubscriberWS). */
export const ABSENT_ON_LIVE_SERVERS = [
  'activateTopologyHiding',
  'blockTopologyHiding',
  'insertDBAliases',
  'deleteDBAliases',
] as const;
