import { z } from 'zod';
import { imageOf, without } from '../../operations/items.ts';
import type { Finding, Json } from '../../port.ts';
import { isFault } from '../fault.ts';
import type { NgnproClient } from '../types.ts';
import { clearable, text, timezone } from './scalars.ts';
import { argsOf, byHand, objectArg, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';
import { changed, differing, isObject, isSame } from './values.ts';

const PORT = 'RatingPort';

/** Null where the entity has none. */
async function profilesOf(client: NgnproClient, entity: unknown): Promise<Item | null> {
  try {
    const found = await client.call(PORT, 'getEntityProfiles', { entity });
    return isObject(found) ? found : null;
  } catch (error) {
    if (isFault(error, 'profileUnknown')) return null;
    throw error;
  }
}

const write = (ctx: Context, profiles: Item): Promise<unknown> =>
  ctx.client.call(PORT, 'setEntityProfiles', { profiles });

async function remove(ctx: Context, entity: unknown): Promise<void> {
  try {
    await ctx.client.call(PORT, 'deleteEntityProfiles', { entity });
  } catch (error) {
    if (!isFault(error, 'profileUnknown')) throw error;
  }
}

const wanted = (ctx: Context): Item => objectArg(ctx, 'profiles');
const entityOf = (ctx: Context): unknown => wanted(ctx)['entity'];

/** What is left out stays as it is. Before-image: null where there were none. Result: `{}`. */
const set: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    const found = await profilesOf(ctx.client, entityOf(ctx));
    if (!found) return { state: 'different', before: null };
    const changes = differing(wanted(ctx), found);
    if (changes.length === 0) return { state: 'present', ours: ctx.intent !== null, result: {} };
    return { state: 'different', before: imageOf(found, changes) as Json };
  },
  async do(ctx) {
    await write(ctx, changed((await profilesOf(ctx.client, entityOf(ctx))) ?? {}, wanted(ctx)));
    return {};
  },
  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const before = ctx.intent.before as Item | null;
    const found = await profilesOf(ctx.client, entityOf(ctx));
    if (!found) return;
    if (before === null) await remove(ctx, entityOf(ctx));
    else if (!isSame(before, imageOf(found, Object.keys(before)))) await write(ctx, changed(found, before));
  },
};

/** Result: `{}`. */
const unset: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    const found = await profilesOf(ctx.client, argsOf(ctx)['entity']);
    if (!found) return { state: 'present', ours: ctx.intent !== null, result: {} };
    return { state: 'different', before: found as Json };
  },
  async do(ctx) {
    await remove(ctx, argsOf(ctx)['entity']);
    return {};
  },
  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    if (await profilesOf(ctx.client, argsOf(ctx)['entity'])) return;
    await write(ctx, without(ctx.intent.before as Item, ['changeDate']));
  },
};

/** `subscriber://user@domain`, as the vendor's client names accounts. */
export const entity = text().regex(/^[a-z]+:\/\/\S+$/, 'must be a URI such as subscriber://user@domain');

const profile = clearable(text(64));
const GET = `${PORT}.getEntityProfiles`;

export const RATING: readonly OperationSpec[] = [
  {
    service: PORT,
    operation: 'setEntityProfiles',
    title: 'Set the rating profiles of an entity',
    args: z.strictObject({
      profiles: z.strictObject({
        entity,
        profileWeekday: profile,
        profileWeekdayAlt: profile,
        profileWeekend: profile,
        profileWeekendAlt: profile,
        timezone: clearable(timezone),
      }),
    }),
    class: 'compensatable',
    step: set,
    calls: [GET, `${PORT}.deleteEntityProfiles`],
  },
  {
    service: PORT,
    operation: 'deleteEntityProfiles',
    title: 'Remove the rating profiles of an entity',
    args: z.strictObject({ entity }),
    class: 'compensatable',
    step: unset,
    calls: [GET, `${PORT}.setEntityProfiles`],
  },
];
