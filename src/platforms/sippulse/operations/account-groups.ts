import { z } from 'zod';
import type { Finding } from '../../port.ts';
import { ACCOUNT_GROUP_SERVICE, accountsIn, managerOf } from '../shared/account-group.ts';
import { reload, reloadOfSubscriber, type Reload } from '../shared/reload.ts';
import { account, text } from './scalars.ts';
import { SOUND_CALLS } from '../shared/sound.ts';
import { argsOf, beforeOf, byHand, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';

const SERVICE = ACCOUNT_GROUP_SERVICE;
const ADD = 'addAccountGroup';
const REMOVE = 'removeAccountGroup';

/** The manager sees its group after a reload; that it is the manager's is assumed (sippulse.md, "Retry …"). */
const reloadOf = ({ accountManager }: Item): Reload => reloadOfSubscriber(managerOf(String(accountManager), ''));

const wantedOf = (ctx: Context): string[] => argsOf(ctx)['account'] as string[];

const accountsOf = async (ctx: Context): Promise<Set<string>> =>
  new Set(await accountsIn(ctx.client, String(argsOf(ctx)['accountManager']), ''));

async function write(ctx: Context, operation: string, accounts: readonly string[]): Promise<void> {
  const { accountManager, managerProfile } = argsOf(ctx);
  await ctx.client.write(SERVICE, operation, { accountManager, managerProfile, account: accounts });
}

/** Puts accounts into the group or takes them out; undo does the contrary with those that moved. Result: `{}`. */
function move(operation: string, contrary: string, isIn: boolean): Kind {
  const toMove = async (ctx: Context): Promise<string[]> => {
    const there = await accountsOf(ctx);
    return wantedOf(ctx).filter((name) => there.has(name) !== isIn);
  };
  return {
    nature: 'change',
    opensSecrets: false,
    resultShape: byHand({}),
    async find(ctx): Promise<Finding> {
      const accounts = await toMove(ctx);
      if (accounts.length > 0) return { state: 'different', before: { accounts } };
      return { state: 'present', ours: ctx.intent !== null, result: {} };
    },
    async do(ctx, finding) {
      await write(ctx, operation, (beforeOf(finding) as { accounts: string[] }).accounts);
      return {};
    },
    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const { accounts } = ctx.intent.before as { accounts: string[] };
      const there = await accountsOf(ctx);
      const back = accounts.filter((name) => there.has(name) === isIn);
      if (back.length > 0) await write(ctx, contrary, back);
      await reload(ctx, reloadOf(argsOf(ctx)));
    },
  };
}

const args = z.strictObject({
  accountManager: account,
  managerProfile: text(64),
  account: z.array(account).min(1, 'must not be empty').max(1000, 'must have at most 1000 accounts'),
});

const spec = (operation: string, contrary: string, title: string): OperationSpec => ({
  service: SERVICE,
  operation,
  title,
  args,
  class: 'compensatable',
  step: move(operation, contrary, operation === ADD),
  calls: [`${SERVICE}.retrieveAccountGroup`, `${SERVICE}.${contrary}`, ...SOUND_CALLS],
  reload: reloadOf,
});

export const ACCOUNT_GROUPS: readonly OperationSpec[] = [
  spec(ADD, REMOVE, 'Put accounts into the group of a manager'),
  spec(REMOVE, ADD, 'Take accounts out of the group of a manager'),
];
