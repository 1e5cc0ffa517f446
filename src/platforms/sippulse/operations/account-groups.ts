import { z } from 'zod';
import type { Finding } from '../../port.ts';
import { reload, reloadOfSubscriber, type Reload } from './reload.ts';
import { account, text } from './scalars.ts';
import { readOrNothing, SOUND_CALLS } from './sound.ts';
import { argsOf, beforeOf, byHand, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';

const SERVICE = 'AccountGroupWS';
const ADD = 'addAccountGroup';
const REMOVE = 'removeAccountGroup';
const RETRIEVE = 'retrieveAccountGroup';

function managerOf(args: Item): Item {
  const [username, domain] = String(args['accountManager']).split('@');
  return { username, domain };
}

/** The manager sees its group after a reload; that it is the manager's is assumed (sippulse.md, "Retry …"). */
const reloadOf = (args: Item): Reload => reloadOfSubscriber(managerOf(args));

const wantedOf = (ctx: Context): string[] => argsOf(ctx)['account'] as string[];

async function accountsOf(ctx: Context): Promise<Set<string>> {
  const { accountManager } = argsOf(ctx);
  const group = await readOrNothing(ctx.client, managerOf(argsOf(ctx))['domain'], async () => {
    const reply = await ctx.client.read(SERVICE, RETRIEVE, { accountManager });
    return (reply?.['return'] as Item | null | undefined) ?? null;
  });
  return new Set([(group?.['account'] ?? []) as string[] | string].flat());
}

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
  calls: [`${SERVICE}.${RETRIEVE}`, `${SERVICE}.${contrary}`, ...SOUND_CALLS],
  reload: reloadOf,
});

export const ACCOUNT_GROUPS: readonly OperationSpec[] = [
  spec(ADD, REMOVE, 'Put accounts into the group of a manager'),
  spec(REMOVE, ADD, 'Take accounts out of the group of a manager'),
];
