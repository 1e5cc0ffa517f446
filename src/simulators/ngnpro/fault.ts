import type { SimulatedAnswer } from '../harness/platform.ts';
import { statusPage } from '../harness/status-page.ts';
import { escapeXml } from './xml.ts';

/**
 * The platform's faults (ngnpro.md, "Faults"): codes seen in the vendor's code, those that follow from how it reacts
 * (`inferred`), and those that nothing public tells, which this stand-in makes up in the page's "absent / present"
 * pairs and beside them (`assumed`; `NgnproOptions.codes` changes them, so that nobody relies on them unnoticed).
 */
const FAULTS = {
  domainAbsent: [1000, 'assumed', 'SIP domain not found'],
  domainPresent: [1001, 'code', 'SIP domain already exists'],
  domainInUse: [1002, 'assumed', 'SIP domain is in use'],
  accountAbsent: [1010, 'inferred', 'SIP account not found'],
  accountPresent: [1011, 'code', 'SIP account already exists'],
  aliasAbsent: [1020, 'assumed', 'SIP alias not found'],
  aliasPresent: [1021, 'assumed', 'SIP alias already exists'],
  groupPresent: [1030, 'inferred', 'SIP account is already in the group'],
  groupAbsent: [1031, 'code', 'SIP account is not in the group'],
  entryAbsent: [1040, 'inferred', 'Phonebook entry not found'],
  entryPresent: [1041, 'assumed', 'Phonebook entry already exists'],
  noMediaTrace: [1060, 'inferred', 'No media trace for that call'],
  peerAbsent: [1070, 'assumed', 'Trusted peer not found'],
  peerPresent: [1071, 'assumed', 'Trusted peer already exists'],
  carrierAbsent: [1080, 'assumed', 'Carrier not found'],
  carrierInUse: [1082, 'assumed', 'Carrier is in use'],
  gatewayAbsent: [1090, 'assumed', 'Gateway not found'],
  gatewayInUse: [1092, 'assumed', 'Gateway is in use'],
  ruleAbsent: [1100, 'assumed', 'Gateway rule not found'],
  routeAbsent: [1110, 'assumed', 'Route not found'],
  voucherAbsent: [1120, 'assumed', 'Prepaid card not found'],
  voucherUsed: [1121, 'assumed', 'Prepaid card is already used'],
  mailboxAbsent: [2000, 'code', 'Voicemail account not found'],
  mailboxPresent: [2001, 'assumed', 'Voicemail account already exists'],
  rangeAbsent: [3000, 'assumed', 'ENUM range not found'],
  rangePresent: [3001, 'assumed', 'ENUM range already exists'],
  numberAbsent: [3002, 'code', 'ENUM number not found'],
  numberPresent: [3003, 'assumed', 'ENUM number already exists'],
  rangeInUse: [3004, 'assumed', 'ENUM range is in use'],
  rangeFull: [3005, 'assumed', 'ENUM range is full'],
  profilesAbsent: [4001, 'code', 'No rating profile for that entity'],
  customerAbsent: [5000, 'code', 'Customer not found'],
  customerPresent: [5001, 'code', 'Customer already exists'],
  customerInUse: [5002, 'assumed', 'Customer is in use'],
  zoneAbsent: [7000, 'assumed', 'DNS zone not found'],
  zonePresent: [7001, 'code', 'DNS zone already exists'],
  recordAbsent: [7002, 'assumed', 'DNS record not found'],
  recordPresent: [7003, 'code', 'DNS record already exists'],
  loginFailed: [9000, 'assumed', 'Login failed'],
  notAuthorised: [9001, 'assumed', 'Not authorized'],
  invalid: [9002, 'assumed', 'Invalid value'],
} as const satisfies Record<string, readonly [number, 'code' | 'inferred' | 'assumed', string]>;

type Faults = typeof FAULTS;
export type FaultName = keyof Faults;
/** Faults whose code nothing public tells. */
export type AssumedFault = { [Name in FaultName]: Faults[Name][1] extends 'assumed' ? Name : never }[FaultName];

/** What an operation refuses with: HTTP 500 with `detail/exception`. */
export class NgnproFault extends Error {
  readonly fault: FaultName;

  /** @param about the object, or what is wrong with it */
  constructor(fault: FaultName, about?: string) {
    super(about === undefined ? FAULTS[fault][2] : `${FAULTS[fault][2]}: ${about}`);
    this.name = 'NgnproFault';
    this.fault = fault;
  }
}

export const invalid = (what: string): NgnproFault => new NgnproFault('invalid', what);

/** What the SOAP layer itself says of a request that reaches no operation: no `detail`. */
export class RequestFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RequestFault';
  }
}

export const XML_HEADERS = { 'content-type': 'text/xml; charset=utf-8' };

const ENVELOPE =
  '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><SOAP-ENV:Body>';

const answerOf = (code: 'Client' | 'Server', text: string, detail: string): SimulatedAnswer => ({
  status: 500,
  headers: XML_HEADERS,
  body:
    `${ENVELOPE}<SOAP-ENV:Fault><faultcode>SOAP-ENV:${code}</faultcode><faultstring>${escapeXml(text)}</faultstring>` +
    `${detail}</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>`,
});

export const requestFaultAnswer = (fault: RequestFault): SimulatedAnswer => answerOf('Client', fault.message, '');

export function faultAnswer(
  { fault, message }: NgnproFault,
  codes: Readonly<Partial<Record<FaultName, number>>>,
  typed: boolean,
): SimulatedAnswer {
  const leaf = (name: string, type: string, value: string): string =>
    `<${name}${typed ? ` xsi:type="xsd:${type}"` : ''}>${escapeXml(value)}</${name}>`;
  const errorcode = leaf('errorcode', 'int', String(codes[fault] ?? FAULTS[fault][0]));
  const exception = `<exception>${errorcode}${leaf('errorstring', 'string', message)}</exception>`;
  return answerOf('Server', 'NGNPro exception', `<detail>${exception}</detail>`);
}

/**
 * An answer that does no work: pages of the HTTP server and what stands in front of it are HTML; a 500 is the server's
 * own trouble, a fault without `detail` (ngnpro.md, "Faults": retryable).
 */
export function refusalOf(status: number): SimulatedAnswer {
  if (status === 500) return answerOf('Server', 'Internal error', '');
  return statusPage(status, 'NGNPro');
}
