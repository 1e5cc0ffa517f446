import type { Json } from '../../port.ts';

/*
 * The columns of both views and what they become (sippulse.md, CDR tables). Which of them a server has depends on its
 * version and edition: a reader asks only for those that are there.
 */

/** `number`: also where the database keeps it as text. `flag`: 0 or 1. `time`: without a zone, to be read as local. */
export type ColumnKind = 'text' | 'number' | 'flag' | 'time';

export interface CallSource {
  /** Member `source` of what is read from here. */
  readonly name: 'rated' | 'failed';
  readonly table: string;
  /** Start of the call. */
  readonly time: string;
  readonly columns: Readonly<Record<string, ColumnKind>>;
}

const PARTIES = { src_uri: 'text', dst_uri: 'text', caller_domain: 'text', caller_id: 'text' } as const;

const RATED: CallSource = {
  name: 'rated',
  table: 'vi_cdrs',
  time: 'call_start_time',
  columns: {
    id: 'number',
    call_start_time: 'time',
    ...PARTIES,
    sip_call_id: 'text',
    sip_from_tag: 'text',
    sip_to_tag: 'text',
    // Seconds, though the column is a varchar.
    duration: 'number',
    rate: 'number',
    price: 'number',
    accountcode: 'text',
    service: 'text',
    rateplan_name: 'text',
    rateplan_tx_conn: 'number',
    rateplan_cadency: 'number',
    rateplan_rateid: 'number',
    rateplan_markup: 'number',
    rateplan_prepaid: 'flag',
    reseller_id: 'number',
    reseller_rateplan_id: 'number',
    reseller_name: 'text',
    gwid: 'number',
    gw_address: 'text',
    gw_name: 'text',
    gw_rateid: 'number',
    providerid: 'number',
    provider_tx_conn: 'number',
    provider_cadency: 'number',
    provider_name: 'text',
    profile: 'text',
    user_agent: 'text',
    src_ip: 'text',
    matched_prefix: 'text',
    matched_prefix_name: 'text',
    reseller_rate: 'number',
    reseller_price: 'number',
    reseller_matched_prefix: 'text',
    reseller_matched_prefix_name: 'text',
    cost: 'number',
    cost_price: 'number',
  },
};

const FAILED: CallSource = {
  name: 'failed',
  table: 'acc',
  time: 'time',
  columns: {
    id: 'number',
    time: 'time',
    sip_code: 'text',
    sip_reason: 'text',
    ...PARTIES,
    callid: 'text',
    from_tag: 'text',
    to_tag: 'text',
    accountcode: 'text',
    service: 'text',
    gwid: 'number',
    profile: 'text',
    user_agent: 'text',
    src_ip: 'text',
    // From here on STFC editions only.
    poippi_origem: 'text',
    poippi_destino: 'text',
    eot_origem: 'text',
    eot_destino: 'text',
    direction: 'text',
    descritor: 'text',
  },
};

export const CALL_SOURCES: readonly CallSource[] = [RATED, FAILED];

/** Without these a call cannot be found. */
export function indispensable(source: CallSource): readonly string[] {
  return [source.time, 'accountcode', 'caller_id', 'caller_domain'];
}

function numberOf(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return Buffer.isBuffer(value) ? value.toString('utf8') : null;
}

/**
 * What the database gave as JSON. What is no number in a column of numbers becomes null.
 * @param toUtc of a local `yyyy-MM-dd HH:mm:ss`, ISO 8601 UTC
 */
export function toJson(kind: ColumnKind, value: unknown, toUtc: (local: string) => string | null): Json {
  const text = textOf(value);
  if (text === null || kind === 'text') return text;
  if (kind === 'time') return toUtc(text);
  const number = numberOf(text);
  return kind === 'flag' && number !== null ? number !== 0 : number;
}
