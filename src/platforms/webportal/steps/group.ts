import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json } from '../../port.ts';
import { clears } from '../order/cleared.ts';
import { GROUPS, type GroupName } from '../order/user.ts';
import type { Context, Item, Kind } from '../types.ts';
import type { Values } from '../wire/values.ts';
import { byHand, madeSubscriber, namesOfUser, objectId, settleDoubt, subscriberOf } from './common.ts';
import { changedFields, imageOf, restorable, tellHidden, type Image } from './image.ts';
import { plainText } from '../text.ts';

/** Where an order that clears a group as a whole says so. */
const MEMBERS: Readonly<Record<GroupName, string>> = {
  services: 'preferences',
  callForwards: 'callForwards',
  voicemail: 'voicemail',
};

/** Services, call forwards or mailbox of a user: those fields that the order names; all others stay. Result: `{ userId }`. */
export function groupStep(group: GroupName, uses: readonly string[]): Kind {
  function wantedOf(ctx: Context): Values {
    const subscriber = subscriberOf(ctx);
    const fields = ctx.client.profile.fields[group];
    const isCleared = (member: string): boolean => clears(ctx.order, `subscribers.${subscriber.id}.${member}`);
    const nulls = [...fields.keys()].filter((name) =>
      group === 'callForwards' ? isCleared(MEMBERS[group]) : isCleared(`${MEMBERS[group]}.${name}`),
    );
    const given = Object.entries(GROUPS[group](subscriber)).filter(([, value]) => value !== undefined);
    return { ...Object.fromEntries(nulls.map((name) => [name, null])), ...Object.fromEntries(given) };
  }

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
      const wanted = wantedOf(ctx);
      const fields = ctx.client.profile.fields[group];
      const unmapped = Object.keys(wanted).find((name) => !fields.has(name));
      if (unmapped !== undefined) throw noField(ctx, group, unmapped);
      const image = imageOf(fields, wanted, found?.document ?? {});
      const result = { userId: plainText(names['userId']) };
      if (!image) return { state: 'present', ours: ctx.intent !== null, result };
      const differs = Object.keys(image.raw).map((name) => `${MEMBERS[group]}.${name}`);
      return { state: 'different', before: image as unknown as Json, differs };
    },

    async do(ctx, finding) {
      const names = namesOfUser(ctx);
      const wanted = wantedOf(ctx);
      const image = finding.state === 'different' ? (finding.before as unknown as Image) : null;
      const fields = image ? changedFields(image, wanted) : wanted;
      const document = await wholeDocument(ctx);
      if ((await ctx.client.change(`${group}.set`, names, { fields, document })) === 'absent') {
        throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', {
          detail: `user ${plainText(names['userId'])} is not on the portal`,
        });
      }
      return { userId: plainText(names['userId']) };
    },

    async undo(ctx) {
      if (madeSubscriber(ctx) || ctx.intent?.state !== 'different') return;
      const image = ctx.intent.before as unknown as Image;
      const fields = ctx.client.profile.fields[group];
      await settleDoubt(
        ctx,
        `${group}.set`,
        async () => imageOf(fields, wantedOf(ctx), (await read(ctx))?.document) === null,
      );
      const found = await read(ctx);
      if (!found) return;
      const names = namesOfUser(ctx);
      await ctx.client.change(`${group}.set`, names, { raw: restorable(image), document: found.document });
      tellHidden(image, `user ${plainText(names['userId'])}`);
    },
  };

  /** As it is now: what others changed since the look stays. */
  async function wholeDocument(ctx: Context): Promise<unknown> {
    if (ctx.client.profile.operations.get(`${group}.set`)?.send !== 'whole') return undefined;
    return (await read(ctx))?.document;
  }
}

function noField({ client }: Context, group: GroupName, name: string): TurnupError {
  return new TurnupError('TURNUP_PREFERENCE_UNKNOWN', {
    detail: `the profile "${client.profile.title}" has no field ${group}.${name}`,
  });
}
