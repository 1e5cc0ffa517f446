import { TurnupError } from '../../../errors/index.ts';
import type { Finding } from '../../port.ts';
import { isFault } from '../fault.ts';
import type { SippulseClient } from '../types.ts';
import { checkReach, SOUND_CALLS } from '../shared/sound.ts';
import { oneAtATime } from '../shared/turn.ts';
import { reload, reloadOfSubscriber } from '../shared/reload.ts';
import { argsOf, byHand, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';
import { customerPasswordChange, passwordChange } from './subscriber-objects.ts';
import { nameOfUser, PASSWORD_READS, passwordOf, SUBSCRIBERS, userOf } from '../shared/subscriber-record.ts';

/*
 * A change of a password cannot be repeated: the old one no longer matches. After a doubt what is there is compared
 * (sippulse.md, "Retry …").
 */

const newPassword = (ctx: Context): string => String(argsOf(ctx)['newPassword']);

const change = (user: Item, actualPassword: string, newOne: string): Item => ({
  ...userOf(user),
  actualPassword,
  newPassword: newOne,
  confirmNewPassword: newOne,
});

function changedSince(ctx: Context): TurnupError {
  return new TurnupError('TURNUP_UNDO_FAILED', {
    class: 'conflict',
    detail: `somebody has given ${nameOfUser(argsOf(ctx))} another password since`,
  });
}

/** Result: `{}`. */
function changeByReading(operation: string, member: keyof typeof PASSWORD_READS): Kind {
  const write = (ctx: Context, from: string, to: string): Promise<unknown> =>
    ctx.client.write(SUBSCRIBERS, operation, change(argsOf(ctx), from, to));
  const read = (ctx: Context): Promise<string | null> => passwordOf(ctx.client, argsOf(ctx), member);

  return oneAtATime(
    {
      nature: 'change',
      opensSecrets: true,
      resultShape: byHand({}),
      async find(ctx): Promise<Finding> {
        const current = await read(ctx);
        if (current === newPassword(ctx)) return { state: 'present', ours: ctx.intent !== null, result: {} };
        return { state: 'different', before: { password: current } };
      },
      async do(ctx, finding) {
        const { password } = (finding.state === 'different' ? finding.before : {}) as { password?: string | null };
        const actual = argsOf(ctx)['actualPassword'] ?? password;
        if (typeof actual !== 'string') {
          throw new TurnupError('TURNUP_TARGET_REJECTED', {
            detail: `${nameOfUser(argsOf(ctx))} has no password that could be read; the order needs actualPassword`,
          });
        }
        await write(ctx, actual, newPassword(ctx));
        return {};
      },
      async undo(ctx) {
        if (ctx.intent?.state !== 'different') return;
        const { password } = ctx.intent.before as { password: string | null };
        const before = password ?? argsOf(ctx)['actualPassword'];
        const current = await read(ctx);
        if (current === newPassword(ctx)) {
          if (typeof before !== 'string') throw changedSince(ctx);
          await write(ctx, current, before);
        } else if (current !== before) throw changedSince(ctx);
        await reload(ctx, reloadOfSubscriber(argsOf(ctx)));
      },
    },
    argsOf,
  );
}

export const CUSTOMERS = 'CustomerWS';

/**
 * The customer's own sight of the account; null where the login is refused. It is not asked a second time: servers lock
 * out who comes with a wrong password too often.
 */
export async function authenticated(client: SippulseClient, user: Item, password: string): Promise<Item | null> {
  try {
    const reply = await client.read(CUSTOMERS, 'authenticate', { ...userOf(user), password });
    return (reply?.['return'] as Item | null | undefined) ?? null;
  } catch (error) {
    if (!isFault(error)) throw error;
    await checkReach(client, user['domain'], error);
    return null;
  }
}

/** Result: `{}`. */
const changeByLogin: Kind = oneAtATime(
  {
    nature: 'change',
    opensSecrets: true,
    resultShape: byHand({}),
    async find(ctx): Promise<Finding> {
      if (await authenticated(ctx.client, argsOf(ctx), newPassword(ctx)))
        return { state: 'present', ours: ctx.intent !== null, result: {} };
      return { state: 'different', before: null };
    },
    async do(ctx) {
      const actual = String(argsOf(ctx)['actualPassword']);
      await ctx.client.write(CUSTOMERS, 'changeCustomerPassword', change(argsOf(ctx), actual, newPassword(ctx)));
      return {};
    },
    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const actual = String(argsOf(ctx)['actualPassword']);
      try {
        await ctx.client.write(CUSTOMERS, 'changeCustomerPassword', change(argsOf(ctx), newPassword(ctx), actual));
      } catch (error) {
        if (!isFault(error)) throw error;
        if (!(await authenticated(ctx.client, argsOf(ctx), actual))) throw error;
      }
      await reload(ctx, reloadOfSubscriber(argsOf(ctx)));
    },
  },
  argsOf,
);

const byReading = (operation: string, title: string, member: keyof typeof PASSWORD_READS): OperationSpec => ({
  service: SUBSCRIBERS,
  operation,
  title,
  args: passwordChange,
  class: 'compensatable',
  step: changeByReading(operation, member),
  calls: [`${SUBSCRIBERS}.${PASSWORD_READS[member]}`],
  reload: reloadOfSubscriber,
});

export const PASSWORDS: readonly OperationSpec[] = [
  byReading('changePassword', 'Change the SIP password of a subscriber', 'password'),
  byReading('changePasswordWEB', 'Change the portal password of a subscriber', 'passwordPortal'),
  {
    service: CUSTOMERS,
    operation: 'changeCustomerPassword',
    title: 'Change the password of a customer, as the customer',
    args: customerPasswordChange,
    class: 'compensatable',
    step: changeByLogin,
    calls: [`${CUSTOMERS}.authenticate`, ...SOUND_CALLS],
    reload: reloadOfSubscriber,
  },
];
