import { z } from 'zod';
import type { Finding } from '../../port.ts';
import { itemsOf, sameValue } from '../read.ts';
import { unknownReference } from './look.ts';
import { reload, reloadOfSubscriber } from '../shared/reload.ts';
import { id, userAndDomain } from './scalars.ts';
import { SOUND_CALLS } from '../shared/sound.ts';
import { oneAtATime } from '../shared/turn.ts';
import { argsOf, byHand, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';
import { findSubscriber, subscriberOf, SUBSCRIBERS, userOf } from '../shared/subscriber-record.ts';

const profilesOf = async ({ client }: Context, domain: unknown): Promise<Item[]> =>
  itemsOf(await client.read('ProfileWS', 'listProfilesByDomain', { domain }), 'profile');

const write = (ctx: Context, newProfileId: unknown): Promise<unknown> =>
  ctx.client.write(SUBSCRIBERS, 'changeProfile', { ...userOf(argsOf(ctx)), newProfileId });

/** A subscriber shows the name of its profile, a change wants the id. Result: `{}`. */
const changeProfile: Kind = oneAtATime(
  {
    nature: 'change',
    opensSecrets: false,
    resultShape: byHand({}),
    async find(ctx): Promise<Finding> {
      const { newProfileId, domain } = argsOf(ctx);
      const profiles = await profilesOf(ctx, domain);
      const wanted = profiles.find((profile) => sameValue(profile['id'], newProfileId));
      if (!wanted) throw unknownReference(`domain ${String(domain)} has no profile with id ${String(newProfileId)}`);
      const current = (await subscriberOf(ctx.client, argsOf(ctx)))['profile'];
      if (sameValue(current, wanted['profile'])) return { state: 'present', ours: ctx.intent !== null, result: {} };
      const before = profiles.find((profile) => sameValue(profile['profile'], current));
      return { state: 'different', before: { profileId: Number(before?.['id'] ?? 0) } };
    },
    async do(ctx) {
      await write(ctx, argsOf(ctx)['newProfileId']);
      return {};
    },
    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const { profileId } = ctx.intent.before as { profileId: number };
      const found = await findSubscriber(ctx.client, argsOf(ctx));
      if (!found) return;
      const profiles = await profilesOf(ctx, argsOf(ctx)['domain']);
      const current = profiles.find((profile) => sameValue(profile['profile'], found['profile']));
      if (profileId === 0) throw unknownReference('the profile that the subscriber had is none of its domain');
      if (!sameValue(current?.['id'], profileId)) await write(ctx, profileId);
      await reload(ctx, reloadOfSubscriber(argsOf(ctx)));
    },
  },
  argsOf,
);

export const PROFILES: readonly OperationSpec[] = [
  {
    service: SUBSCRIBERS,
    operation: 'changeProfile',
    title: 'Give a subscriber another profile',
    args: z.strictObject({ ...userAndDomain, newProfileId: id }),
    class: 'compensatable',
    step: changeProfile,
    calls: ['ProfileWS.listProfilesByDomain', 'SubscriberWS.retrieveSubscriber', ...SOUND_CALLS],
    reload: reloadOfSubscriber,
  },
];
