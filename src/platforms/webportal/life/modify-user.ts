import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json, StepResult, SubscriberOrder } from '../../port.ts';
import { passwordChanges, userChanges } from '../order/changes.ts';
import { e164, userMember } from '../order/user.ts';
import { byHand, companyNames, objectId, settleDoubt, subscriberOf } from '../steps/common.ts';
import { changedFields, imageOf, restorable, tellHidden, type Image } from '../steps/image.ts';
import { locateUser, missingUser, namesOfLocated } from '../steps/locate.ts';
import { refusePortedOut } from '../steps/ported-out.ts';
import type { Context, Item, Kind } from '../types.ts';
import { isSame, readField, type Values } from '../wire/values.ts';
import { plainText } from '../text.ts';

async function existingUser(ctx: Context): Promise<Item> {
  const user = await locateUser(ctx, companyNames(ctx), subscriberOf(ctx));
  if (!user) throw missingUser(subscriberOf(ctx));
  return user;
}

/** What later steps call the user by; a number that is changed is the new one by then. */
function resultOf({ client }: Context, user: Item, changed: Values = {}): StepResult {
  const { user: fields } = client.profile.fields;
  const officeId = readField(fields, 'officeId', user.document);
  const number = changed['number'] ?? readField(fields, 'number', user.document);
  return {
    userId: user.id,
    ...(officeId !== undefined && { officeId: plainText(officeId) }),
    ...(typeof number === 'string' && { number }),
  };
}

interface Changing {
  readonly uses: readonly string[];
  wanted(ctx: Context, subscriber: SubscriberOrder): Values;
  /** Before the first write, when something is to be changed. */
  allow(ctx: Context, user: Item, image: Image): Promise<void>;
}

/** Changes fields of a user that is there. Result: `{ userId, officeId?, number? }`. */
function changingStep({ uses, wanted, allow }: Changing): Kind {
  return {
    nature: 'change',
    opensSecrets: true,
    uses,
    resultShape: byHand({ userId: objectId, officeId: objectId.optional(), number: objectId.optional() }),

    async find(ctx): Promise<Finding> {
      const { profile } = ctx.client;
      const user = await existingUser(ctx);
      const image = imageOf(profile.fields.user, wanted(ctx, subscriberOf(ctx)), user.document);
      if (!image) return { state: 'present', ours: ctx.intent !== null, result: resultOf(ctx, user) };
      if (!ctx.intent) await allow(ctx, user, image);
      return {
        state: 'different',
        before: image as unknown as Json,
        differs: [...new Set(Object.keys(image.raw).map(userMember))],
      };
    },

    async do(ctx, finding) {
      const subscriber = subscriberOf(ctx);
      const user = await existingUser(ctx);
      const image = (finding.state === 'different' ? finding.before : null) as unknown as Image;
      const names = namesOfLocated(ctx.client.profile, companyNames(ctx), subscriber, user);
      const fields = changedFields(image, wanted(ctx, subscriber));
      await ctx.client.change('user.update', names, { fields, document: user.document });
      return resultOf(ctx, user, fields);
    },

    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const image = ctx.intent.before as unknown as Image;
      const subscriber = subscriberOf(ctx);
      const locate = () => locateUser(ctx, companyNames(ctx), subscriber);
      const { user: fields } = ctx.client.profile.fields;
      await settleDoubt(
        ctx,
        'user.update',
        async () => imageOf(fields, wanted(ctx, subscriber), (await locate())?.document) === null,
      );
      const user = await locate();
      if (!user) return;
      const names = namesOfLocated(ctx.client.profile, companyNames(ctx), subscriber, user);
      await ctx.client.change('user.update', names, { raw: restorable(image), document: user.document });
      tellHidden(image, `user ${user.id}`);
    },
  };
}

/** The user of a modify order: found by its name, and given what the order names of it. */
export const modifyUserStep = changingStep({
  uses: [
    'subscribers.*.externalId',
    'subscribers.*.username',
    'subscribers.*.domain',
    'subscribers.*.webUsername',
    'subscribers.*.number',
    'subscribers.*.aliases',
    'subscribers.*.native',
  ],
  wanted: (ctx, subscriber) => userChanges(ctx.order, subscriber),
  async allow(ctx, user, { raw }) {
    const { number, aliases } = subscriberOf(ctx);
    const numbers = [...('number' in raw && number ? [number] : []), ...('aliases' in raw ? aliases : [])].map(e164);
    await refusePortedOut(ctx.client, companyNames(ctx), numbers);
    if ('number' in raw && number) await refuseTaken(ctx, user, e164(number));
  },
});

/** A portal that does not show passwords cannot tell what they were, so there is no way back from here. */
export const passwordsStep = changingStep({
  uses: ['subscribers.*.password', 'subscribers.*.webPassword'],
  wanted: (ctx, subscriber) => passwordChanges(ctx.order, subscriber),
  allow: () => Promise.resolve(),
});

/** Found by its number: a change to it could otherwise end as two users of one number. */
async function refuseTaken(ctx: Context, user: Item, number: string): Promise<void> {
  const { profile } = ctx.client;
  const field = profile.fields.user.get('number');
  if (profile.keys.user !== 'number' || !field || !ctx.client.has('user.find')) return;
  const found = await ctx.client.find('user.find', { ...companyNames(ctx), number, userKey: number });
  const other = found.find((item) => item.id !== user.id && isSame(field, number, item.document));
  if (other) throw new TurnupError('TURNUP_NUMBER_TAKEN', { detail: `${number} is the number of user ${other.id}` });
}
