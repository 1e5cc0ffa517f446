import { z } from 'zod';
import type { Finding } from '../../port.ts';
import { changeStep } from './change.ts';
import { credit, voicemailPassword } from './objects.ts';
import { reload, reloadOfSubscriber } from '../shared/reload.ts';
import { userAndDomain } from './scalars.ts';
import { SOUND_CALLS } from '../shared/sound.ts';
import { oneAtATime } from '../shared/turn.ts';
import { argsOf, byHand, noWayBack, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';
import {
  findSubscriber,
  nameOfUser,
  RECORD_CALLS,
  replaceSubscriber,
  subscriberOf,
  SUBSCRIBERS,
  userOf,
  withPasswords,
} from '../shared/subscriber-record.ts';

/** On, off, the member of the subscriber that shows it and what it is when on; null where nothing shows it. */
type Pair = readonly [on: string, off: string, member: string | null, whenOn: boolean, title: string];

const PAIRS: readonly Pair[] = [
  ['activateSubscriber', 'blockSubscriber', null, true, 'a subscriber'],
  ['activateOutgoingCalls', 'blockOutgoingCalls', 'activeOutgoingCalls', true, 'outgoing calls'],
  ['activateIncommingCalls', 'blockIncommingCalls', 'activeIncomingCalls', true, 'incoming calls'],
  ['activateCollectCalls', 'blockCollectCalls', 'blockCollectCalls', false, 'collect calls'],
  ['activateAnonymousCalls', 'blockAnonymousCalls', 'blockAnonymousCalls', false, 'anonymous calls'],
  ['activatePrivacyCalls', 'blockPrivacyCalls', null, true, 'privacy of calls'],
  ['activateDailyStatistics', 'blockDailyStatistics', null, true, 'daily statistics'],
  ['activateEntry0303', 'blockEntry0303', 'blockEntry0303', false, 'calls of call centres (0303)'],
  ['activateValidateSource0303', 'disableValidateSource0303', 'validateSource0303', true, 'the check of 0303 callers'],
  ['activateTopologyHiding', 'blockTopologyHiding', null, true, 'topology hiding'],
  ['activateCallsOnlyByIp', 'blockCallsOnlyByIp', 'callsOnlyByIp', true, 'calls by IP address only'],
  ['activateSoftphone', 'blockSoftphone', 'softphoneAllowed', true, 'the softphone'],
];

const users = z.strictObject(userAndDomain);

const call = (ctx: Context, operation: string, args: Item = userOf(argsOf(ctx))): Promise<unknown> =>
  ctx.client.write(SUBSCRIBERS, operation, args);

/** Its partner takes it back, where the flag was otherwise before. Result: `{}`. */
function visible(operation: string, partner: string, member: string, value: boolean): Kind {
  const flagOf = (found: Item): boolean => found[member] === true;
  return oneAtATime(
    {
      nature: 'change',
      opensSecrets: false,
      resultShape: byHand({}),
      async find(ctx): Promise<Finding> {
        const flag = flagOf(await subscriberOf(ctx.client, argsOf(ctx)));
        if (flag === value) return { state: 'present', ours: ctx.intent !== null, result: {} };
        return { state: 'different', before: { [member]: flag } };
      },
      async do(ctx) {
        await call(ctx, operation);
        return {};
      },
      async undo(ctx) {
        if (ctx.intent?.state !== 'different') return;
        const found = await findSubscriber(ctx.client, argsOf(ctx));
        if (!found) return;
        if (flagOf(found) === value) await call(ctx, partner);
        await reload(ctx, reloadOfSubscriber(argsOf(ctx)));
      },
    },
    argsOf,
  );
}

/** Nothing shows what was before, so nothing could bring it back; a repetition sets it once more. Result: `{}`. */
function invisible(operation: string): Kind {
  return {
    nature: 'change',
    opensSecrets: false,
    resultShape: byHand({}),
    find: async () => ({ state: 'different', before: null }),
    async do(ctx) {
      await call(ctx, operation);
      return {};
    },
    undo: noWayBack(operation),
  };
}

const flagSpec = ([on, off, member, whenOn, title]: Pair): OperationSpec[] =>
  ([true, false] as const).map((isOn) => {
    const [operation, partner] = isOn ? [on, off] : [off, on];
    return {
      service: SUBSCRIBERS,
      operation,
      title: `${isOn ? 'Allow or switch on' : 'Block or switch off'} ${title}`,
      args: users,
      class: member === null ? 'pivot' : 'compensatable',
      step: member === null ? invisible(operation) : visible(operation, partner, member, isOn ? whenOn : !whenOn),
      calls: member === null ? [] : ['SubscriberWS.retrieveSubscriber', `${SUBSCRIBERS}.${partner}`, ...SOUND_CALLS],
      reload: reloadOfSubscriber,
    };
  });

/** A switch with a value: the way back sets the value too, so it goes through the whole subscriber. */
function valued(operation: string, title: string, args: z.ZodObject, members: (args: Item) => Item): OperationSpec {
  return {
    service: SUBSCRIBERS,
    operation,
    title,
    args,
    class: 'compensatable',
    step: oneAtATime(
      changeStep({
        opensSecrets: true,
        resultShape: byHand({}),
        noun: (ctx) => `subscriber ${nameOfUser(argsOf(ctx))}`,
        wanted: (ctx) => members(argsOf(ctx)),
        read: async (ctx, wanted) => {
          const found = await findSubscriber(ctx.client, argsOf(ctx));
          return found && withPasswords(ctx.client, found, wanted);
        },
        write: (ctx, whole) => replaceSubscriber(ctx.client, argsOf(ctx), whole),
        apply: (ctx) => call(ctx, operation, argsOf(ctx)),
        result: () => ({}),
        reload: (ctx) => reloadOfSubscriber(argsOf(ctx)),
      }),
      argsOf,
    ),
    calls: RECORD_CALLS,
    reload: reloadOfSubscriber,
  };
}

const limit = z.strictObject({ ...userAndDomain, lowCreditLimit: credit });
const mailbox = z.strictObject({ ...userAndDomain, voicemailPassword });

export const SWITCHES: readonly OperationSpec[] = [
  ...PAIRS.flatMap(flagSpec),
  valued('activateLowCreditNotification', 'Tell a subscriber of low credit', limit, ({ lowCreditLimit }) => ({
    lowCreditNotification: true,
    lowCreditLimit,
  })),
  valued('blockLowCreditNotification', 'No longer tell a subscriber of low credit', users, () => ({
    lowCreditNotification: false,
  })),
  valued('activateVoicemail', 'Switch voicemail on', mailbox, (args) => ({
    voicemail: true,
    voiceMailPassword: args['voicemailPassword'],
  })),
  valued('blockVoicemail', 'Switch voicemail off', users, () => ({ voicemail: false })),
];
