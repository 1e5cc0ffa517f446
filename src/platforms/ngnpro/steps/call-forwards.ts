import { byHand } from '../../operations/spec.ts';
import { CALL_FORWARD_TYPES, type Finding, type Json } from '../../port.ts';
import { oneAtATime } from '../../turns.ts';
import { DIVERSIONS, wantedDiversions, type Diversions } from '../forwards.ts';
import { findAccount, noAccount, updateAccount } from '../shared/accounts.ts';
import { otherDiversions, readDiversions, setDiversions } from '../shared/diversions.ts';
import { sipIdOf, subscriberOf, turnOf, type Context, type Kind } from '../shared/kinds.ts';
import { isEmpty, type Members } from '../shared/members.ts';

interface Before {
  readonly diversions: Diversions;
  /** Seconds until a call counts as not answered, where that is changed. */
  readonly timeout?: number | null;
}

/**
 * The diversions that the order names; others of an adopted subscriber stay. How long it rings before "no answer" is a
 * member of the account.
 */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.callForwards'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const diversions = await diversionsOf(ctx);
    const others = otherDiversions(wantedOf(ctx), diversions);
    const timeout = await otherTimeout(ctx, ringTimeoutOf(ctx));
    if (isEmpty(others) && timeout === undefined) return { state: 'present', ours: ctx.intent !== null, result: {} };
    const before: Before = { diversions: others, ...(timeout !== undefined && { timeout: timeout.was }) };
    return { state: 'different', before: before as unknown as Json, differs: differsOf(before) };
  },

  async do(ctx) {
    await bringTo(ctx, wantedOf(ctx), ringTimeoutOf(ctx));
    return {};
  },

  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const { diversions, timeout } = ctx.intent.before as unknown as Before;
    if (await findAccount(ctx.client, sipIdOf(ctx))) await bringTo(ctx, diversions, timeout);
  },
};

export const callForwardsStep = oneAtATime(step, turnOf);

/** By the order's names. */
function differsOf({ diversions, timeout }: Before): string[] {
  const types = CALL_FORWARD_TYPES.filter((type) => diversions[DIVERSIONS[type]] !== undefined);
  const all = timeout === undefined ? types : [...types, 'noAnswer'];
  return [...new Set(all)].map((type) => `callForwards.${type}`);
}

function wantedOf(ctx: Context): Diversions {
  const { callForwards, domain, id } = subscriberOf(ctx);
  const isCleared = ctx.order.cleared?.includes(`subscribers.${id}.callForwards`) ?? false;
  const none = Object.fromEntries(CALL_FORWARD_TYPES.map((type) => [type, null]));
  return wantedDiversions({ ...(isCleared && none), ...callForwards }, domain, ctx.client.defaults);
}

const ringTimeoutOf = (ctx: Context): number | undefined => subscriberOf(ctx).callForwards?.noAnswer?.ringTimeout;

async function diversionsOf(ctx: Context): Promise<Required<Diversions>> {
  const found = await readDiversions(ctx.client, sipIdOf(ctx));
  if (!found) throw noAccount(sipIdOf(ctx));
  return found;
}

async function otherTimeout(ctx: Context, wanted: number | null | undefined) {
  if (wanted === undefined) return undefined;
  const found = await findAccount(ctx.client, sipIdOf(ctx));
  if (!found) throw noAccount(sipIdOf(ctx));
  const was = typeof found['timeout'] === 'number' ? found['timeout'] : null;
  return was === wanted ? undefined : { was, found };
}

async function bringTo(ctx: Context, wanted: Diversions, timeout: number | null | undefined): Promise<void> {
  const sipId = sipIdOf(ctx);
  const diversions = await diversionsOf(ctx);
  if (!isEmpty(otherDiversions(wanted, diversions))) await setDiversions(ctx.client, sipId, diversions, wanted);
  const other = await otherTimeout(ctx, timeout);
  const changes: Members = { timeout: timeout ?? null };
  if (other) await updateAccount(ctx.client, sipId, other.found, changes);
}
