import { z } from 'zod';
import type { Finding } from '../../port.ts';
import { oneAtATime } from '../../turns.ts';
import { isFault } from '../fault.ts';
import { textsIn } from './listing.ts';
import { sipId, text } from './scalars.ts';
import { argsOf, byHand, type Context, type Kind, type OperationSpec } from './spec.ts';
import { sipIdIn, turnAt } from './whole.ts';

const ADD = 'addToGroup';
const REMOVE = 'removeFromGroup';

async function isMember(ctx: Context): Promise<boolean> {
  const groups = textsIn(await ctx.client.call('SipPort', 'getGroups', { sipId: sipIdIn(argsOf(ctx)) }));
  return groups.includes(String(argsOf(ctx)['group']));
}

/** That it is so already is told by a fault (ngnpro.md, "Faults"). */
async function write(ctx: Context, operation: string): Promise<void> {
  try {
    await ctx.client.call('SipPort', operation, { sipId: sipIdIn(argsOf(ctx)), group: argsOf(ctx)['group'] });
  } catch (error) {
    if (!isFault(error, 'inGroup', 'notInGroup')) throw error;
  }
}

/** Result: `{}`. */
function membership(operation: string, contrary: string): Kind {
  const isIn = operation === ADD;
  return oneAtATime(
    {
      nature: 'change',
      opensSecrets: false,
      resultShape: byHand({}),
      async find(ctx): Promise<Finding> {
        if ((await isMember(ctx)) === isIn) return { state: 'present', ours: ctx.intent !== null, result: {} };
        return { state: 'different', before: null };
      },
      async do(ctx) {
        await write(ctx, operation);
        return {};
      },
      async undo(ctx) {
        if (ctx.intent?.state !== 'different') return;
        try {
          if ((await isMember(ctx)) === isIn) await write(ctx, contrary);
        } catch (error) {
          if (!isFault(error, 'accountUnknown')) throw error;
        }
      },
    },
    turnAt,
  );
}

const spec = (operation: string, contrary: string, title: string): OperationSpec => ({
  service: 'SipPort',
  operation,
  title,
  args: z.strictObject({ sipId, group: text(64) }),
  class: 'compensatable',
  step: membership(operation, contrary),
  calls: ['SipPort.getGroups', `SipPort.${contrary}`],
});

export const GROUPS: readonly OperationSpec[] = [
  spec(ADD, REMOVE, 'Put an account into a group'),
  spec(REMOVE, ADD, 'Take an account out of a group'),
];
