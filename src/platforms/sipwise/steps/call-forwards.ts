import type { Finding, Json, StepContext, StepKind } from '../../port.ts';
import type { PatchOperation, SipwiseClient } from '../client.ts';
import {
  forwardImage,
  FORWARD_TYPES,
  NO_FORWARDS,
  sameForward,
  wantedForwards,
  type PlatformForward,
  type PlatformForwardType,
} from '../forwards.ts';
import { clears } from '../shared/cleared.ts';
import { isGone } from '../refusal.ts';
import { byHand, objectId } from './by-hand.ts';
import { madeSubscriber, readOfSubscriber, subscriberId, subscriberOf } from './needed.ts';

type Context = StepContext<SipwiseClient>;

const pathOf = (id: number | string): string => `/api/callforwards/${id}`;

/** The types that an order sets, as one PUT of a subscriber that has none. */
function forwardsBody(
  wanted: ReadonlyMap<PlatformForwardType, PlatformForward | null>,
): Record<string, PlatformForward> {
  const body: Record<string, PlatformForward> = {};
  for (const [type, forward] of wanted) if (forward) body[type] = forward;
  return body;
}

/** The call forwards that the order names; others of an adopted subscriber stay. Result: `{ subscriberId }`. */
export const callForwardsStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.callForwards'],
  resultShape: byHand({ subscriberId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    const id = subscriberId(ctx);
    const { domain } = subscriberOf(ctx);
    const found = await readOfSubscriber(ctx, pathOf(id));
    if (!found) return { state: 'absent' };
    const before: { [type: string]: Json } = {};
    for (const [type, forward] of wantedOf(ctx)) {
      if (!sameForward(forward, found[type], domain)) before[type] = forwardImage(found[type]);
    }
    if (Object.keys(before).length === 0)
      return { state: 'present', ours: ctx.intent !== null, result: { subscriberId: id } };
    if (madeSubscriber(ctx)) return { state: 'absent' };
    return { state: 'different', before, differs: orderedTypes(before).map((type) => `callForwards.${type}`) };
  },

  async do(ctx, finding) {
    const id = subscriberId(ctx);
    const wanted = wantedOf(ctx);
    if (finding.state === 'absent') {
      await ctx.client.put(pathOf(id), forwardsBody(wanted));
      return { subscriberId: id };
    }
    // A PUT would remove the types that this order does not name (sipwise-ngcp.md §8.4).
    const operations = Object.keys(finding.before as object).map((type) =>
      replace(type, wanted.get(type as PlatformForwardType) ?? {}),
    );
    await ctx.client.patch(pathOf(id), operations);
    return { subscriberId: id };
  },

  async undo(ctx) {
    if (madeSubscriber(ctx) || ctx.intent?.state !== 'different') return;
    const operations = Object.entries(ctx.intent.before as object).map(([type, image]) => replace(type, image));
    try {
      await ctx.client.patch(pathOf(subscriberId(ctx)), operations);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
};

const wantedOf = (ctx: Context) => {
  const { id, callForwards = {} } = subscriberOf(ctx);
  return wantedForwards(clears(ctx.order, `subscribers.${id}.callForwards`) ? NO_FORWARDS : callForwards);
};

/** The order's names of the platform's types. */
const orderedTypes = (image: object): string[] =>
  Object.entries(FORWARD_TYPES).flatMap(([type, name]) => (name in image ? [type] : []));

const replace = (type: string, value: unknown): PatchOperation => ({ op: 'replace', path: `/${type}`, value });
