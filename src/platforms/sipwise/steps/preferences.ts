import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json, StepContext, StepKind } from '../../port.ts';
import type { PatchOperation, SipwiseClient } from '../client.ts';
import { preferenceFault, preferenceOperations, samePreference, type PreferenceImage } from '../preference-values.ts';
import { isGone } from '../refusal.ts';
import { byHand, objectId } from './by-hand.ts';
import { madeSubscriber, readOfSubscriber, subscriberId, subscriberOf } from './needed.ts';

type Context = StepContext<SipwiseClient>;

const pathOf = (id: number | string): string => `/api/subscriberpreferences/${id}`;

/**
 * The subscriber's preferences that the order names; all others stay. Result: `{ subscriberId }`.
 * Opens secrets because `peer_auth_pass` is one.
 */
export const preferencesStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: true,
  uses: ['subscribers.*.preferences'],
  resultShape: byHand({ subscriberId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    const id = subscriberId(ctx);
    if (!ctx.intent) await checkNames(ctx);
    const found = await readOfSubscriber(ctx, pathOf(id));
    if (!found) return { state: 'absent' };
    const before: { [name: string]: Json } = {};
    for (const [name, value] of Object.entries(wantedOf(ctx))) {
      if (!samePreference(value, found[name])) before[name] = (found[name] ?? null) as Json;
    }
    if (Object.keys(before).length === 0)
      return { state: 'present', ours: ctx.intent !== null, result: { subscriberId: id } };
    const differs = Object.keys(before).map((name) => `preferences.${name}`);
    return { state: 'different', before, differs };
  },

  async do(ctx, finding) {
    const id = subscriberId(ctx);
    const all = wantedOf(ctx);
    await checkNames(ctx);
    if (finding.state === 'absent') {
      await send(
        ctx,
        id,
        preferenceOperations(all, () => false),
      );
      return { subscriberId: id };
    }
    const before = finding.before as PreferenceImage;
    const wanted = Object.fromEntries(Object.keys(before).map((name) => [name, all[name] ?? null]));
    await send(
      ctx,
      id,
      preferenceOperations(wanted, (name) => before[name] !== null),
    );
    return { subscriberId: id };
  },

  async undo(ctx) {
    if (madeSubscriber(ctx) || ctx.intent?.state !== 'different') return;
    const path = pathOf(subscriberId(ctx));
    try {
      const found = await ctx.client.get(path);
      const before = ctx.intent.before as PreferenceImage;
      const operations = preferenceOperations(before, (name) => (found[name] ?? null) !== null);
      if (operations.length > 0) await ctx.client.patch(path, operations);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
};

const wantedOf = (ctx: Context): PreferenceImage => subscriberOf(ctx).preferences ?? {};

async function send(ctx: Context, id: number, operations: PatchOperation[]): Promise<void> {
  try {
    await ctx.client.patch(pathOf(id), operations);
  } catch (error) {
    // What passed the definitions and is refused all the same may be a sign of old ones.
    if (error instanceof TurnupError && error.code === 'TURNUP_PREFERENCE_UNKNOWN')
      await ctx.client.forgetDefinitions();
    throw error;
  }
}

/**
 * The platform ignores what it does not know, with 204 (sipwise-ngcp.md §8.7), so names and values are checked against
 * its own definitions; once more against fresh ones, since a release may have brought new names.
 */
async function checkNames(ctx: Context): Promise<void> {
  if ((await faultsOf(ctx)).length === 0) return;
  await ctx.client.forgetDefinitions();
  const faults = await faultsOf(ctx);
  if (faults.length === 0) return;
  throw new TurnupError('TURNUP_PREFERENCE_UNKNOWN', { detail: faults.join('; ') });
}

async function faultsOf(ctx: Context): Promise<string[]> {
  const definitions = await ctx.client.definitions();
  return Object.entries(wantedOf(ctx)).flatMap(([name, value]) => {
    const fault = preferenceFault(name, value, definitions);
    return fault ? [`${name} ${fault}`] : [];
  });
}
