import { z } from 'zod';
import type { Finding, Json } from '../../port.ts';
import type { Args } from '../types.ts';
import { textsIn } from './listing.ts';
import { sipId, text } from './scalars.ts';
import { argsOf, byHand, type Context, type Kind, type OperationSpec } from './spec.ts';
import { isBlank, isObject, isSame } from './values.ts';
import { sipIdIn } from './whole.ts';

/*
 * Presence is a service of its own that takes the account's password. Its reads are operations of an order too and no
 * reads of the catalogue: a query of a GET lands in logs of every server on its way, while an order's secrets are sealed
 * and opened by the step alone.
 */

const PORT = 'PresencePort';

/** As whom the service is asked. */
const loginOf = (ctx: Context): Args => ({ sipId: sipIdIn(argsOf(ctx)), password: argsOf(ctx)['password'] });

interface Kept {
  readonly get: string;
  readonly set: string;
  /** Where there is no such operation, an empty one is set. */
  readonly remove?: string;
  readonly part: string;
  read(value: unknown): Json;
}

const textIn = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const INFORMATION: Kept = {
  get: 'getPresenceInformation',
  set: 'setPresenceInformation',
  remove: 'deletePresenceInformation',
  part: 'information',
  read(value) {
    const { activity, note } = isObject(value) ? value : {};
    const told = { activity: textIn(activity), note: textIn(note) };
    return Object.values(told).every(isBlank) ? null : told;
  },
};

const POLICY: Kept = {
  get: 'getPolicy',
  set: 'setPolicy',
  part: 'policy',
  read: (value) =>
    Object.fromEntries(
      ['allow', 'block', 'confirm'].map((list) => [list, textsIn(isObject(value) ? value[list] : [])]),
    ),
};

const told = async (ctx: Context, { get, read }: Kept): Promise<Json> =>
  read(await ctx.client.call(PORT, get, loginOf(ctx)));

async function bring(ctx: Context, kept: Kept, value: Json): Promise<void> {
  const { set, remove, part } = kept;
  if (value === null && remove !== undefined) await ctx.client.call(PORT, remove, loginOf(ctx));
  else await ctx.client.call(PORT, set, { ...loginOf(ctx), [part]: value });
}

/** Before-image: the whole of what was there. Result: `{}`. */
const changing = (kept: Kept, wantedOf: (ctx: Context) => Json): Kind => ({
  nature: 'change',
  opensSecrets: true,
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    const found = await told(ctx, kept);
    if (isSame(found, wantedOf(ctx))) return { state: 'present', ours: ctx.intent !== null, result: {} };
    return { state: 'different', before: { value: found } };
  },
  async do(ctx) {
    await bring(ctx, kept, wantedOf(ctx));
    return {};
  },
  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const { value } = ctx.intent.before as { value: Json };
    if (!isSame(await told(ctx, kept), value)) await bring(ctx, kept, value);
  },
});

/** Result: `{ <name> }`, what the service tells. */
const reading = (name: string, get: string, read: (value: unknown) => Json): Kind => {
  const look = async (ctx: Context): Promise<{ [name: string]: Json }> => ({
    [name]: read(await ctx.client.call(PORT, get, loginOf(ctx))),
  });
  return {
    nature: 'change',
    opensSecrets: true,
    resultShape: byHand({}),
    find: async (ctx): Promise<Finding> => ({ state: 'present', ours: false, result: await look(ctx) }),
    do: look,
    async undo() {},
  };
};

const login = { sipId, password: text(64) };
const members = z
  .array(text().regex(/^\S+$/, 'must not hold spaces'))
  .max(500, 'must have at most 500 entries')
  .optional();

const write = (
  operation: string,
  title: string,
  args: z.ZodRawShape,
  step: Kind,
  calls: readonly string[],
): OperationSpec => ({
  service: PORT,
  operation,
  title,
  args: z.strictObject({ ...login, ...args }),
  class: 'compensatable',
  step,
  calls: calls.map((call) => `${PORT}.${call}`),
});

const read = (operation: string, title: string, step: Kind): OperationSpec => ({
  ...write(operation, title, {}, step, []),
  class: 'retriable',
});

export const PRESENCE: readonly OperationSpec[] = [
  write(
    'setPresenceInformation',
    'Set what an account tells of its presence',
    { information: z.strictObject({ activity: text(64).optional(), note: text().optional() }) },
    changing(INFORMATION, (ctx) => INFORMATION.read(argsOf(ctx)['information'])),
    ['getPresenceInformation', 'deletePresenceInformation'],
  ),
  write(
    'deletePresenceInformation',
    'Remove what an account tells of its presence',
    {},
    changing(INFORMATION, () => null),
    ['getPresenceInformation', 'setPresenceInformation'],
  ),
  write(
    'setPolicy',
    'Set who may see the presence of an account; lists left out are empty',
    { policy: z.strictObject({ allow: members, block: members, confirm: members }) },
    changing(POLICY, (ctx) => POLICY.read(argsOf(ctx)['policy'])),
    ['getPolicy'],
  ),
  read(
    'getPresenceInformation',
    'Tell what an account tells of its presence',
    reading('information', 'getPresenceInformation', INFORMATION.read),
  ),
  read('getWatchers', 'Tell who watches the presence of an account', reading('watchers', 'getWatchers', textsIn)),
  read('getPolicy', 'Tell who may see the presence of an account', reading('policy', 'getPolicy', POLICY.read)),
];
