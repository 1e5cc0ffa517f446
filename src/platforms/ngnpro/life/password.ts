import { byHand } from '../../operations/spec.ts';
import type { Finding } from '../../port.ts';
import { noWayBack } from '../../operations/spec.ts';
import { oneAtATime } from '../../turns.ts';
import { isKeptPassword } from '../operations/account-password.ts';
import { passwordFor } from '../password.ts';
import { updateAccount } from '../shared/accounts.ts';
import { missing, sipIdOf, subscriberOf, turnOf, type Context, type Kind } from '../shared/kinds.ts';
import { locateAccount } from './locate.ts';

/**
 * The subscriber's password. The platform keeps digests and may tell nobody what it was (ngnpro.md, "Rules worth
 * coding"), so there is no way back; one that it shows otherwise, or not at all, is set once more after a doubt.
 */
const step: Kind = {
  nature: 'change',
  opensSecrets: true,
  uses: ['subscribers.*.password'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const found = await locateAccount(ctx);
    const isThere = isKeptPassword('password', { password: passwordOf(ctx) }, { ...found, id: sipIdOf(ctx) });
    return isThere
      ? { state: 'present', ours: ctx.intent !== null, result: {} }
      : { state: 'different', before: null, differs: ['password'] };
  },

  async do(ctx) {
    const found = await locateAccount(ctx);
    const sipId = sipIdOf(ctx);
    const password = passwordFor(sipId, passwordOf(ctx), ctx.client.defaults);
    await updateAccount(ctx.client, sipId, found, { password });
    return {};
  },

  undo: noWayBack('the change of a password'),
};

export const passwordStep = oneAtATime(step, turnOf);

function passwordOf(ctx: Context): string {
  const { password } = subscriberOf(ctx);
  if (password === undefined) throw missing('the password');
  return password;
}
