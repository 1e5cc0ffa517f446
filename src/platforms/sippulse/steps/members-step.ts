import type { Finding, Json } from '../../port.ts';
import { reload, reloadOfSubscriber } from '../shared/reload.ts';
import { classVOf, unknownSubscriber } from '../shared/subscriber-record.ts';
import { oneAtATime } from '../shared/turn.ts';
import { bringClassVTo, bringSubscriberTo, otherThan, type Members } from './bring-to.ts';
import { byHand, madeSubscriber, retrieve, userOf, type Context, type Kind } from './common.ts';

/** What an order wants of a subscriber's own members and of its class V services. */
export interface WantedMembers {
  readonly subscriber: Members;
  readonly classV: Members;
}

interface Before {
  readonly subscriber: { readonly [member: string]: Json };
  readonly classV: { readonly [member: string]: Json };
}

const isEmpty = (members: object): boolean => Object.keys(members).length === 0;

/** A step that changes members which the platform shows. The before-image holds those that were otherwise. */
export function membersStep(options: {
  readonly uses: readonly string[];
  readonly opensSecrets: boolean;
  wanted(ctx: Context): WantedMembers;
  /** The member of the order that a member of the platform is for: `preferences.callLimit`. */
  nameOf(member: string): string;
}): Kind {
  const { uses, opensSecrets, wanted, nameOf } = options;

  async function look(ctx: Context, { subscriber, classV }: WantedMembers) {
    return {
      subscriber: isEmpty(subscriber) ? {} : await retrieve(ctx),
      classV: isEmpty(classV) ? {} : await classVOf(ctx.client, userOf(ctx)),
    };
  }

  /** False when the subscriber is gone. */
  async function bringTo(ctx: Context, members: WantedMembers): Promise<boolean> {
    const { subscriber, classV } = await look(ctx, members);
    if (!subscriber || !classV) return false;
    if (!isEmpty(members.subscriber)) await bringSubscriberTo(ctx, subscriber, members.subscriber);
    if (!isEmpty(members.classV)) await bringClassVTo(ctx, classV, members.classV);
    return true;
  }

  const kind: Kind = {
    nature: 'change',
    opensSecrets,
    uses,
    resultShape: byHand({}),

    async find(ctx): Promise<Finding> {
      const members = wanted(ctx);
      const { subscriber, classV } = await look(ctx, members);
      if (!subscriber || !classV) return { state: 'absent' };
      const before: Before = {
        subscriber: otherThan(members.subscriber, subscriber),
        classV: otherThan(members.classV, classV),
      };
      if (isEmpty(before.subscriber) && isEmpty(before.classV)) {
        return { state: 'present', ours: ctx.intent !== null, result: {} };
      }
      if (madeSubscriber(ctx)) return { state: 'absent' };
      const differs = [before.subscriber, before.classV].flatMap(Object.keys).map(nameOf);
      return { state: 'different', before: before as unknown as Json, differs: [...new Set(differs)] };
    },

    async do(ctx) {
      if (!(await bringTo(ctx, wanted(ctx)))) throw unknownSubscriber(userOf(ctx));
      return {};
    },

    async undo(ctx) {
      if (madeSubscriber(ctx) || ctx.intent?.state !== 'different') return;
      if (await bringTo(ctx, ctx.intent.before as unknown as Before))
        await reload(ctx, reloadOfSubscriber(userOf(ctx)));
    },
  };
  return oneAtATime(kind, userOf);
}
