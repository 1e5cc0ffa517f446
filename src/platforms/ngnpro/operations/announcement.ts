import { z } from 'zod';
import { sipId } from './scalars.ts';
import { argsOf, byHand, noWayBack, type Context, type Kind, type OperationSpec } from './spec.ts';
import { sipIdIn } from './whole.ts';

/** An order takes no longer text, so that a longer message comes in pieces. */
const piece = z
  .string()
  .min(1, 'must not be empty')
  .max(8192, 'must have at most 8192 characters')
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64');

const isWhole = (text: string): boolean => text.length % 4 === 0 && /^[^=]*={0,2}$/.test(text);

const joined = (message: unknown): string => [message].flat().join('');

/** No operation reads it, so nothing could bring back what was there; a repetition sets it once more. Result: `{}`. */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({}),
  find: async () => ({ state: 'different', before: null }),
  async do(ctx: Context) {
    const message = joined(argsOf(ctx)['message']);
    await ctx.client.call('VoicemailPort', 'setAnnouncement', { sipId: sipIdIn(argsOf(ctx)), message });
    return {};
  },
  undo: noWayBack('setting an announcement'),
};

export const ANNOUNCEMENT: OperationSpec = {
  service: 'VoicemailPort',
  operation: 'setAnnouncement',
  title: 'Set the announcement of a mailbox',
  args: z.strictObject({
    sipId,
    /** The recording, in base64; one text, or its pieces. */
    message: z
      .union([piece, z.array(piece).min(1, 'must not be empty').max(120, 'must have at most 120 pieces')])
      .refine((message) => isWhole(joined(message)), 'must be base64'),
  }),
  class: 'pivot',
  step,
  calls: [],
};
