import { NgnproFault } from '../fault.ts';
import { accountIn, type Context, type Operations } from '../operation.ts';
import { isPassword } from '../passwords.ts';
import type { AccountRow } from '../rows.ts';
import { struct, text, texts, type Struct } from '../values.ts';

/** @throws NgnproFault `loginFailed` unless the account's own password is given */
function loggedIn(args: Struct, context: Context): AccountRow {
  const row = accountIn(args, context);
  if (!isPassword(row.username, row.domain, text(args, 'password'), text(row.columns, 'password'))) {
    throw new NgnproFault('loginFailed');
  }
  return row;
}

export const presenceOperations: Operations = {
  setPresenceInformation(args, context) {
    const row = loggedIn(args, context);
    const given = struct(args, 'information');
    row.presence = { activity: text(given, 'activity'), note: text(given, 'note') };
  },

  getPresenceInformation: (args, context) => loggedIn(args, context).presence ?? {},

  deletePresenceInformation(args, context) {
    loggedIn(args, context).presence = null;
  },

  /** Nobody subscribes to a stand-in. */
  getWatchers(args, context) {
    loggedIn(args, context);
    return [];
  },

  setPolicy(args, context) {
    const row = loggedIn(args, context);
    const given = struct(args, 'policy');
    row.presencePolicy = Object.fromEntries(
      ['allow', 'block', 'confirm'].map((list) => [list, [...new Set(texts(given, list))]]),
    );
  },

  getPolicy: (args, context) => loggedIn(args, context).presencePolicy,
};
