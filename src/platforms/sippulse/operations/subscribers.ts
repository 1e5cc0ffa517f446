import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json } from '../../port.ts';
import { sameValue, textOrNull } from '../read.ts';
import { asFound, EMPTY_TEXT } from '../soap/clean.ts';
import { removeAndLook } from '../shared/removal.ts';
import { oneAtATime } from '../shared/turn.ts';
import { changeStep, type Change } from './change.ts';
import { differing, pick, without } from './look.ts';
import { gone, reload, reloadOfSubscriber } from '../shared/reload.ts';
import { id, userAndDomain } from './scalars.ts';
import { SOUND_CALLS } from '../shared/sound.ts';
import {
  argsOf,
  byHand,
  noWayBack,
  objectArg,
  type Context,
  type Item,
  type Kind,
  type OperationSpec,
} from './spec.ts';
import { billingChange, classVChange, newSubscriber, servicesChange, subscriberChange } from './subscriber-objects.ts';
import {
  classVOf,
  findSubscriber,
  nameOfUser,
  RECORD_CALLS,
  replaceSubscriber,
  SUBSCRIBER_DEFAULTS,
  subscriberOf,
  SUBSCRIBERS,
  userOf,
  withPasswords,
} from '../shared/subscriber-record.ts';

const KEY = ['username', 'domain'];
const SECRET = ['password', 'passwordPortal', 'voiceMailPassword'];
/** The platform's own words for whose a subscriber is (sippulse.md, "Retry …"). */
const MARKS = ['contractNumber', 'document'];

/** Of the services. */
const TEXTS = ['cityCode', 'localArea', 'rpid'];

const given = (ctx: Context): Item => objectArg(ctx, 'subscriber');
const members = (schema: z.ZodObject): string[] => Object.keys(schema.shape);

async function remove(ctx: Context, user: Item): Promise<void> {
  await removeAndLook(
    () => ctx.client.write(SUBSCRIBERS, 'removeSubscriber', userOf(user)),
    async () => (await findSubscriber(ctx.client, user)) !== null,
  );
}

/** It is removed by its name, so one that somebody has made of that name since is told by its id. */
async function removeOwn(ctx: Context, made: unknown): Promise<void> {
  const found = await findSubscriber(ctx.client, given(ctx));
  if (found && (made ?? null) !== null && !sameValue(found['id'], made)) return;
  if (found) await remove(ctx, given(ctx));
  await reload(ctx, gone(reloadOfSubscriber(given(ctx))));
}

const isMarked = (wanted: Item, found: Item): boolean =>
  MARKS.some((mark) => wanted[mark] !== undefined && sameValue(wanted[mark], found[mark]));

/** Result: `{ subscriberId }`, null where the platform told none. */
const insert: Kind = {
  nature: 'create',
  opensSecrets: true,
  resultShape: byHand({ subscriberId: id }),

  async find(ctx): Promise<Finding> {
    const wanted = without(given(ctx), SECRET);
    const found = await findSubscriber(ctx.client, wanted);
    if (!found) return { state: 'absent' };
    const others = differing(wanted, found);
    if (others.length > 0 && !(ctx.intent && isMarked(wanted, found))) {
      throw new TurnupError('TURNUP_SUBSCRIBER_TAKEN', {
        detail: `subscriber ${nameOfUser(wanted)} is there and has another ${others.join(', ')}`,
      });
    }
    return { state: 'present', ours: ctx.intent !== null, result: { subscriberId: (found['id'] ?? null) as Json } };
  },

  async do(ctx) {
    const subscriber = { ...SUBSCRIBER_DEFAULTS, ...given(ctx) };
    const reply = await ctx.client.write(SUBSCRIBERS, 'insertSubscriber', { subscriber });
    return { subscriberId: (reply?.['subscriberId'] ?? null) as Json };
  },

  async undo(ctx) {
    if (ctx.done.outcome === 'created') await removeOwn(ctx, ctx.done.result['subscriberId']);
  },

  async discard(ctx, made, recorded) {
    if (!sameValue(made['subscriberId'], recorded?.['subscriberId'])) await removeOwn(ctx, made['subscriberId']);
  },
};

/** What hangs on a subscriber goes with it in ways nobody has written down, so there is no way back. Result: `{}`. */
const removal: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    if (await findSubscriber(ctx.client, argsOf(ctx))) return { state: 'different', before: null };
    return { state: 'present', ours: ctx.intent !== null, result: {} };
  },
  async do(ctx) {
    await remove(ctx, argsOf(ctx));
    return {};
  },
  undo: noWayBack('removing a subscriber'),
};

/** A change of the order's subscriber. */
const ofSubscriber = (of: Change): Kind => oneAtATime(changeStep(of), given);

const change = (
  operation: string,
  schema: z.ZodObject,
  read: (ctx: Context, wanted: Item) => Promise<Item | null>,
  opensSecrets = false,
): Kind =>
  ofSubscriber({
    opensSecrets,
    resultShape: byHand({}),
    noun: (ctx) => `subscriber ${nameOfUser(given(ctx))}`,
    wanted: (ctx) => without(given(ctx), KEY),
    read: async (ctx, wanted) => {
      const found = await read(ctx, wanted);
      return found && { ...userOf(given(ctx)), ...pick(found, members(schema)) };
    },
    write: (ctx, whole) => ctx.client.write(SUBSCRIBERS, operation, { subscriber: asFound(whole) }),
    result: () => ({}),
    reload: (ctx) => reloadOfSubscriber(given(ctx)),
  });

const whole = ofSubscriber({
  opensSecrets: true,
  resultShape: byHand({}),
  noun: (ctx) => `subscriber ${nameOfUser(given(ctx))}`,
  wanted: (ctx) => without(given(ctx), KEY),
  read: async (ctx, wanted) => {
    const found = await findSubscriber(ctx.client, given(ctx));
    return found && withPasswords(ctx.client, found, wanted);
  },
  write: (ctx, subscriber) => replaceSubscriber(ctx.client, given(ctx), subscriber),
  result: () => ({}),
  reload: (ctx) => reloadOfSubscriber(given(ctx)),
});

/** `cps` and `keepAlive` cannot be read, so nothing could bring them back; a repetition sets them once more. */
const services: Kind = oneAtATime(
  {
    nature: 'change',
    opensSecrets: false,
    resultShape: byHand({}),
    find: async () => ({ state: 'different', before: null }),
    async do(ctx) {
      const { emailAddress, ...found } = await subscriberOf(ctx.client, given(ctx));
      const wanted = { ...pick(found, members(servicesChange)), email: emailAddress, ...given(ctx) };
      // The page asks for them of every subscriber; not every one has them.
      const texts = Object.fromEntries(
        TEXTS.map((member) => [member, textOrNull((wanted as Item)[member]) ?? EMPTY_TEXT]),
      );
      await ctx.client.write(SUBSCRIBERS, 'updateSubscriberServices', { subscriber: { ...wanted, ...texts } });
      return {};
    },
    undo: noWayBack('updateSubscriberServices'),
  },
  given,
);

const spec = (
  operation: string,
  title: string,
  subscriber: z.ZodType,
  step: Kind,
  calls: readonly string[],
): OperationSpec => ({
  service: SUBSCRIBERS,
  operation,
  title,
  args: z.strictObject({ subscriber }),
  class: operation === 'updateSubscriberServices' ? 'pivot' : 'compensatable',
  step,
  calls: [...calls, ...SOUND_CALLS],
  reload: (args) => reloadOfSubscriber(args['subscriber'] as Item),
});

const RETRIEVE = 'SubscriberWS.retrieveSubscriber';

export const SUBSCRIBER_OPERATIONS: readonly OperationSpec[] = [
  spec('insertSubscriber', 'Make a subscriber', newSubscriber, insert, [RETRIEVE, 'SubscriberWS.removeSubscriber']),
  spec('updateSubscriber', 'Change members of a subscriber', subscriberChange, whole, RECORD_CALLS),
  spec(
    'updateSubscriberBillingInfo',
    'Change the billing data of a subscriber',
    billingChange,
    change('updateSubscriberBillingInfo', billingChange, (ctx) => findSubscriber(ctx.client, given(ctx))),
    [RETRIEVE],
  ),
  spec(
    'updateSubscriberClassV',
    'Change forwards, groups and PIN of a subscriber',
    classVChange,
    change('updateSubscriberClassV', classVChange, (ctx) => classVOf(ctx.client, given(ctx)), true),
    [RETRIEVE, 'SubscriberWS.retrieveSubscriberClassV'],
  ),
  spec('updateSubscriberServices', 'Set the limits of a subscriber', servicesChange, services, [RETRIEVE]),
  {
    service: SUBSCRIBERS,
    operation: 'removeSubscriber',
    title: 'Remove a subscriber',
    args: z.strictObject(userAndDomain),
    class: 'pivot',
    step: removal,
    calls: [RETRIEVE, ...SOUND_CALLS],
    reload: (args) => gone(reloadOfSubscriber(args)),
  },
];
