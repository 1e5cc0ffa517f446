import { createHash } from 'node:crypto';
import { invalid, NgnproFault } from '../fault.ts';
import { accountIn, accountOf, sipIdOf, type Context, type Operations } from '../operation.ts';
import type { AccountRow, Columns, MailboxRow } from '../rows.ts';
import { flag, struct, text, type Struct } from '../values.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is left out is blanked, but for the password: assumed to be as with SIP accounts. */
function columnsOf(given: Struct, kept: string): Columns {
  const password = text(given, 'password');
  if (!/^\d*$/.test(password)) throw invalid('password has digits only');
  return {
    name: text(given, 'name'),
    password: password === '' ? kept : password,
    email: text(given, 'email'),
    info: text(given, 'info'),
    options: { delete: flag(struct(given, 'options'), 'delete') },
  };
}

const shown = (account: AccountRow, { mailbox, columns }: MailboxRow): Struct => ({
  sipId: sipIdOf(account),
  mailbox,
  ...columns,
});

/** @throws NgnproFault */
function mailboxOf({ key }: AccountRow, { state }: Context): MailboxRow {
  const row = state.mailboxes.get(key);
  if (!row) throw new NgnproFault('mailboxAbsent', key);
  return row;
}

export const voicemailOperations: Operations = {
  addAccount(args, context) {
    const given = struct(args, 'account');
    const account = accountOf(struct(given, 'sipId'), context);
    const { mailboxes } = context.state;
    if (mailboxes.has(account.key)) throw new NgnproFault('mailboxPresent', account.key);
    if (text(given, 'password') === '') throw invalid('password is missing');
    const columns = columnsOf(given, '');
    const mailbox = String(context.state.nextId('mailbox'));
    const row: MailboxRow = { key: account.key, mailbox, columns, announcement: null };
    mailboxes.set(account.key, row);
    return shown(account, row);
  },

  updateAccount(args, context) {
    const given = struct(args, 'account');
    const account = accountOf(struct(given, 'sipId'), context);
    const row = mailboxOf(account, context);
    row.columns = columnsOf(given, text(row.columns, 'password'));
    return shown(account, row);
  },

  deleteAccount(args, context) {
    context.state.mailboxes.delete(mailboxOf(accountIn(args, context), context).key);
  },

  getAccount(args, context) {
    const account = accountIn(args, context);
    return shown(account, mailboxOf(account, context));
  },

  /** Base64: assumed (ngnpro.md, "VoicemailPort"). No operation reads it. */
  setAnnouncement(args, context) {
    const row = mailboxOf(accountIn(args, context), context);
    const message = text(args, 'message').replaceAll(/\s/g, '');
    if (!BASE64.test(message)) throw invalid('message is not base64');
    row.announcement = message === '' ? null : Buffer.from(message, 'base64');
  },
};

/** What `/__state` tells of an announcement. */
export const announcementShown = ({ announcement }: MailboxRow): object | null =>
  announcement && {
    bytes: announcement.length,
    sha256: createHash('sha256').update(announcement).digest('hex'),
  };
