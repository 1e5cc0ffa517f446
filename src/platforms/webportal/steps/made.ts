import { TurnupError } from '../../../errors/index.ts';
import type { Context, Item, Made } from '../types.ts';
import type { Owner } from './common.ts';

/**
 * What a create made is called by. Where the portal says that it is there already, it is looked for: a first attempt has
 * just seen that there was none, so somebody else was faster, and it is not this order's to take away.
 *
 * @throws TurnupError where it cannot be found
 */
export async function idOfMade(
  ctx: Context,
  owner: Owner,
  made: Made,
  look: () => Promise<readonly Item[]>,
): Promise<{ id: string; existed: boolean }> {
  const existed = made.kind === 'exists' && ctx.intent === null;
  if (made.kind === 'made' && made.id !== null) return { id: made.id, existed };
  const canLook = ctx.client.has(`${owner}.find`);
  if (!canLook && made.id !== null) return { id: made.id, existed };
  const [found, ...more] = canLook ? await look() : [];
  if (found && more.length === 0) return { id: found.id, existed };
  if (made.kind === 'exists') {
    throw new TurnupError(owner === 'user' ? 'TURNUP_NUMBER_TAKEN' : 'TURNUP_OBJECT_TAKEN', {
      detail: `the portal says that this ${owner} is there already, but it is not found as this order's`,
    });
  }
  throw new TurnupError('TURNUP_OUTCOME_UNKNOWN', { detail: `the ${owner} that was made is not found (yet)` });
}
