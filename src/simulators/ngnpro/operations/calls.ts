import { NgnproFault, invalid } from '../fault.ts';
import { accountIn, checkAdministrator, sipIdOf, type Context, type Operations } from '../operation.ts';
import { quotedPrintable } from '../quoted-printable.ts';
import { CALLS, DEVICES, TRACED_CALL, type CallRecord } from '../records.ts';
import { timestamp } from '../state.ts';
import { number, struct, text, type Struct } from '../values.ts';
import { accountsIn } from './accounts.ts';

const PROXY = '192.0.2.10';

/** Several strings arrive quoted-printable (ngnpro.md, CallsQuery): which ones is assumed. */
const shown = (call: CallRecord): Struct => ({
  sessionId: call.sessionId,
  fromTag: `from-${call.sessionId}`,
  toTag: `to-${call.sessionId}`,
  fromURI: quotedPrintable(call.fromURI),
  toURI: quotedPrintable(call.toURI),
  fromHeader: quotedPrintable(call.fromHeader),
  startTime: timestamp(call.startTime * 1000),
  stopTime: call.duration === null ? undefined : timestamp((call.startTime + call.duration) * 1000),
  duration: call.duration ?? 0,
  status: quotedPrintable(call.status),
  price: call.price,
  proxyIP: PROXY,
  applicationTypes: ['audio'],
});

const KINDS = {
  placed: ({ direction }) => direction === 'placed',
  received: ({ direction }) => direction === 'received',
  missed: ({ direction, duration }) => direction === 'received' && duration === null,
} satisfies Record<string, (call: CallRecord) => boolean>;

/** Newest first; a limit or a date of 0 is none. */
function callsOf(kind: keyof typeof KINDS, args: Struct, context: Context): readonly CallRecord[] {
  const { key } = accountIn(args, context);
  const query = struct(struct(args, 'query'), kind);
  const from = number(query, 'fromDate');
  const to = number(query, 'toDate') || Infinity;
  const limit = number(query, 'limit') || Infinity;
  return [...CALLS, ...context.settings.calls]
    .filter((call) => call.account === key && KINDS[kind](call) && call.startTime >= from && call.startTime <= to)
    .toSorted((left, right) => right.startTime - left.startTime)
    .slice(0, limit);
}

const summary = (calls: readonly CallRecord[]): Struct => ({
  calls: calls.length,
  price: calls.reduce((sum, { price }) => sum + Number(price), 0),
});

/** @throws NgnproFault */
function callIdIn(args: Struct): string {
  const callId = text(struct(args, 'filter'), 'callId');
  if (callId === '') throw invalid('filter.callId is missing');
  return callId;
}

export const callOperations: Operations = {
  /** The lists that the query asks for. */
  getCalls(args, context) {
    accountIn(args, context);
    const asked = (['placed', 'received', 'missed'] as const).filter((kind) => struct(args, 'query')[kind]);
    return Object.fromEntries(asked.map((kind) => [kind, callsOf(kind, args, context).map(shown)]));
  },

  getCallStatistics: (args, context) => ({
    placed: summary(callsOf('placed', args, context)),
    received: summary(callsOf('received', args, context)),
  }),

  /** One entry for each account, also for one without devices. */
  getSipDeviceLocations: (args, context) =>
    accountsIn(args, context).map((row) => ({
      sipId: sipIdOf(row),
      locations: [...DEVICES, ...context.settings.devices]
        .filter(({ account }) => account === row.key)
        .map(({ account: _account, ...location }) => location),
    })),

  getSipTrace(args) {
    const callId = callIdIn(args);
    const messages = callId === TRACED_CALL ? [{ method: 'INVITE', from: PROXY }] : [];
    return JSON.stringify({ callId, messages });
  },

  getMediaTrace(args) {
    const callId = callIdIn(args);
    if (callId !== TRACED_CALL) throw new NgnproFault('noMediaTrace', callId);
    return JSON.stringify({ callId, streams: [{ media: 'audio', codec: 'G722', packets: 3000 }] });
  },

  getMediaSummary(_args, context) {
    checkAdministrator(context);
    return JSON.stringify([{ ip: '192.0.2.11', version: '3.0.1', uptime: 86_400, sessions: 0 }]);
  },

  getMediaSessions(_args, context) {
    checkAdministrator(context);
    return JSON.stringify([]);
  },
};
