import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json, StepContext } from '../../port.ts';
import { GROUPS, type GroupName } from '../order/user.ts';
import { readAt } from '../profile/pointer.ts';
import type { Context, Item, Kind } from '../types.ts';
import { isSame, type Values } from '../wire/values.ts';
import { byHand, madeSubscriber, namesOfUser, objectId, subscriberOf } from './common.ts';

/** What stood there before, as the portal writes it, and for calls that send it whole the thing itself. */
interface Before {
  readonly raw: { readonly [name: string]: Json };
  readonly document: Json;
}

/** Services, call forwards or mailbox of a user: those fields that the order names; all others stay. Result: `{ userId }`. */
export function groupStep(group: GroupName, uses: readonly string[]): Kind {
  const wantedOf = (ctx: StepContext): Values => {
    const all = Object.entries(GROUPS[group](subscriberOf(ctx as Context)));
    return Object.fromEntries(all.filter(([, value]) => value !== undefined));
  };

  async function read(ctx: Context): Promise<Item | null> {
    const [found] = await ctx.client.find(`${group}.get`, namesOfUser(ctx));
    return found ?? null;
  }

  return {
    nature: 'change',
    opensSecrets: true,
    uses,
    resultShape: byHand({ userId: objectId.optional() }),

    async find(ctx): Promise<Finding> {
      const names = namesOfUser(ctx);
      const found = await read(ctx);
      // The user is gone after a doubt: an undo has nothing to bring back, and a step that goes on is refused.
      if (!found && ctx.intent) return { state: 'absent' };
      const document = found?.document ?? {};
      const fields = ctx.client.profile.fields[group];
      const raw: { [name: string]: Json } = {};
      for (const [name, value] of Object.entries(wantedOf(ctx))) {
        const field = fields.get(name);
        if (!field) throw unmapped(ctx, group, name);
        if (!isSame(field, value ?? null, document)) raw[name] = (readAt(document, field.at) ?? null) as Json;
      }
      const result = { userId: String(names['userId']) };
      if (Object.keys(raw).length === 0) return { state: 'present', ours: ctx.intent !== null, result };
      return { state: 'different', before: { raw, document: document as Json } satisfies Before as unknown as Json };
    },

    async do(ctx, finding) {
      const names = namesOfUser(ctx);
      const wanted = wantedOf(ctx);
      const before = finding.state === 'different' ? (finding.before as unknown as Before) : null;
      const changed = before ? Object.keys(before.raw) : Object.keys(wanted);
      const fields = Object.fromEntries(changed.map((name) => [name, wanted[name] ?? null]));
      const done = await ctx.client.change(`${group}.set`, names, { fields, document: before?.document });
      if (done === 'absent') {
        throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', {
          detail: `user ${String(names['userId'])} is not on the portal`,
        });
      }
      return { userId: String(names['userId']) };
    },

    async undo(ctx) {
      if (madeSubscriber(ctx) || ctx.intent?.state !== 'different') return;
      const { raw } = ctx.intent.before as unknown as Before;
      // Whole as it is now: what others changed since stays.
      const document = (await read(ctx))?.document;
      if (document === undefined) return;
      await ctx.client.change(`${group}.set`, namesOfUser(ctx), { raw, document });
    },
  };
}

function unmapped({ client }: Context, group: GroupName, name: string): TurnupError {
  return new TurnupError('TURNUP_PREFERENCE_UNKNOWN', {
    detail: `the profile "${client.profile.title}" has no field ${group}.${name}`,
  });
}
