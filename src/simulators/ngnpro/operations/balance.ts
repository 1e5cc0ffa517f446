import { invalid, NgnproFault } from '../fault.ts';
import { accountIn, sipIdOf, type Operations } from '../operation.ts';
import type { AccountRow, CreditEntry } from '../rows.ts';
import { timestamp } from '../state.ts';
import { number, struct, text, type Struct } from '../values.ts';
import { accountsIn } from './accounts.ts';

/** Fractions of the currency unit kept, so that what is taken back leaves nothing. */
const DECIMALS = 10_000;

function credit(row: AccountRow, value: number, told: Pick<CreditEntry, 'at' | 'action' | 'description'>): number {
  row.balance = Math.round((row.balance + value) * DECIMALS) / DECIMALS;
  row.credits.push({ ...told, value, balance: row.balance });
  return row.balance;
}

const shown = ({ at, ...entry }: CreditEntry): Struct => ({ date: timestamp(at), ...entry, session: '' });

/** Of any account: that it has to be a prepaid one is told nowhere. */
export const balanceOperations: Operations = {
  /** Again is twice (ngnpro.md, "Sip.addBalance"). The reply, the new balance, is assumed. */
  addBalance(args, context) {
    const row = accountIn(args, context);
    const value = number(args, 'value');
    if (value === 0 || (value < 0 && !context.settings.negativeBalance)) throw invalid(`value ${value}`);
    return credit(row, value, { at: context.at, action: 'Add balance', description: text(args, 'description') });
  },

  /** A card is good once: assumed. */
  addBalanceFromVoucher(args, context) {
    const row = accountIn(args, context);
    const card = struct(args, 'card');
    const voucher = context.state.vouchers.get(number(card, 'id'));
    if (!voucher || voucher.number !== text(card, 'number')) throw new NgnproFault('voucherAbsent');
    if (voucher.usedBy !== null) throw new NgnproFault('voucherUsed', String(voucher.id));
    voucher.usedBy = row.key;
    return credit(row, voucher.value, {
      at: context.at,
      action: 'Use prepaid card',
      description: `Prepaid card ${voucher.id}`,
    });
  },

  getPrepaidStatus: (args, context) =>
    accountsIn(args, context).map((row) => ({ sipId: sipIdOf(row), balance: row.balance })),

  /** Newest first; a `count` of 0 is all. Nothing recorded is a fault (ngnpro.md, "Faults", 2000). */
  getCreditHistory(args, context) {
    const { credits, key } = accountIn(args, context);
    const count = number(args, 'count');
    if (count < 0) throw invalid(`count ${count}`);
    if (credits.length === 0) throw new NgnproFault('mailboxAbsent', `nothing recorded for ${key}`);
    const newest = credits.toReversed();
    return { entries: newest.slice(0, count === 0 ? undefined : count).map(shown), total: credits.length };
  },
};
