import { isIP } from 'node:net';
import { checkTouch } from '../actor.ts';
import { invalid, NgnproFault } from '../fault.ts';
import { listOf } from '../lists.ts';
import { ownerFrom, ownershipFrom, visible, type Context, type Operations } from '../operation.ts';
import type { Columns, OwnedRow } from '../rows.ts';
import { timestamp } from '../state.ts';
import { flag, number, struct, text, type Struct } from '../values.ts';

const TEXTS = [
  'description',
  'authToken',
  'tenant',
  'carrierName',
  'originator',
  'tags',
  'billingId',
  'prefix',
] as const;
const FLAGS = ['prepaid', 'enumLookup', 'transit', 'msteams'] as const;
const NUMBERS = ['strip', 'callLimit', 'blocked'] as const;

function columnsOf(given: Struct, context: Context): Columns {
  const negative = NUMBERS.find((member) => number(given, member) < 0);
  if (negative !== undefined) throw invalid(negative);
  return {
    ...Object.fromEntries(TEXTS.map((member) => [member, text(given, member)])),
    ...Object.fromEntries(NUMBERS.map((member) => [member, number(given, member)])),
    ...Object.fromEntries(FLAGS.map((member) => [member, flag(given, member)])),
    owner: ownerFrom(given, context),
  };
}

const shown = ({ key, ownership, columns, changed }: OwnedRow): Struct => ({
  ip: key,
  ...columns,
  ...ownership,
  changeDate: timestamp(changed),
});

/** @throws NgnproFault */
function peerOf(ip: string, { state, actor }: Context): OwnedRow {
  const row = state.peers.get(ip);
  if (!row) throw new NgnproFault('peerAbsent', ip);
  checkTouch(actor, row.ownership);
  return row;
}

export const peerOperations: Operations = {
  addTrustedPeer(args, context) {
    const given = struct(args, 'peer');
    const key = text(given, 'ip');
    if (isIP(key) === 0) throw invalid(`ip ${key}`);
    const { peers } = context.state;
    if (peers.has(key)) throw new NgnproFault('peerPresent', key);
    const ownership = ownershipFrom(given, context);
    const row: OwnedRow = { key, ownership, columns: columnsOf(given, context), changed: context.at };
    peers.set(key, row);
    return shown(row);
  },

  updateTrustedPeer(args, context) {
    const given = struct(args, 'peer');
    const row = peerOf(text(given, 'ip'), context);
    const ownership = ownershipFrom(given, context);
    Object.assign(row, { ownership, columns: columnsOf(given, context), changed: context.at });
    return shown(row);
  },

  deleteTrustedPeer(args, context) {
    context.state.peers.delete(peerOf(text(args, 'ip'), context).key);
  },

  getTrustedPeers(args, context) {
    const rows = visible(context.state.peers.values(), context, ({ ownership }) => ownership);
    const { items, total } = listOf(
      struct(args, 'query'),
      rows,
      ({ key, ownership, columns, changed }) => ({
        ip: key,
        ...Object.fromEntries(TEXTS.map((member) => [member, text(columns, member)])),
        msteams: flag(columns, 'msteams'),
        ...ownership,
        changeDate: changed,
      }),
      shown,
    );
    return { peers: items, total };
  },
};
