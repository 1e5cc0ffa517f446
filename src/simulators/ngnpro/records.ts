/** A call as the platform recorded it: nothing a client of the services can make. */
export interface CallRecord {
  /** `username@domain` of the account it is listed under. */
  readonly account: string;
  readonly direction: 'placed' | 'received';
  readonly sessionId: string;
  /** `sip:alice@sip.example.com`. */
  readonly fromURI: string;
  readonly toURI: string;
  /** As the caller's device wrote it; with characters beyond ASCII, if it has any. */
  readonly fromHeader: string;
  /** Unix seconds. */
  readonly startTime: number;
  /** In seconds; null when the call was not completed. */
  readonly duration: number | null;
  readonly status: string;
  readonly price: string;
}

/** A registered device. */
export interface DeviceRecord {
  /** `username@domain`. */
  readonly account: string;
  readonly address: string;
  readonly port: number;
  readonly publicAddress: string;
  readonly publicPort: number;
  readonly transport: string;
  /** In seconds from the moment it is asked for. */
  readonly expires: number;
  readonly userAgent: string;
}

/** The account that has calls and a device from the start. */
const USED = 'reception@sip.example.com';
const DAY = Date.UTC(2026, 10, 20, 9) / 1000;

const call = (
  index: number,
  direction: CallRecord['direction'],
  [fromURI, toURI, fromHeader]: readonly [string, string, string],
  duration: number | null,
): CallRecord => ({
  account: USED,
  direction,
  sessionId: `session-${index}@192.0.2.10`,
  fromURI,
  toURI,
  fromHeader,
  startTime: DAY + index * 3600,
  duration,
  status: duration === null ? '486 Busy Here' : '200 OK',
  price: direction === 'placed' && duration !== null ? (duration / 600).toFixed(4) : '0.0000',
});

const OWN = `sip:${USED}`;

/** Of 20 November 2026, an hour apart from 09:00 UTC: two placed, and three received of which one was not completed. */
export const CALLS: readonly CallRecord[] = [
  call(0, 'placed', [OWN, 'sip:+43987610001@sip.example.com', `"Empfang" <${OWN}>`], 60),
  call(
    1,
    'received',
    ['sip:+4319876@192.0.2.20', OWN, '"J\u00FCrgen M\u00FCller" <sip:+4319876@192.0.2.20;user=phone>'],
    125,
  ),
  call(2, 'received', ['sip:+43664123456@192.0.2.20', OWN, '<sip:+43664123456@192.0.2.20>'], null),
  call(3, 'placed', [OWN, 'sip:0043720111@sip.example.com', `"Empfang" <${OWN}>`], 300),
  call(4, 'received', ['sip:office@pbx.example.net', OWN, '"Office" <sip:office@pbx.example.net>'], 42),
];

export const DEVICES: readonly DeviceRecord[] = [
  {
    account: USED,
    address: '10.0.0.21',
    port: 5060,
    publicAddress: '198.51.100.21',
    publicPort: 40_021,
    transport: 'tls',
    expires: 600,
    userAgent: 'Example Phone 7.2',
  },
];

/** The one call that has a media trace. */
export const TRACED_CALL = 'session-0@192.0.2.10';
