import { inTurns as inTurnsAt, oneAtATime as oneTurnAtATime, type TurnAt } from '../../turns.ts';
import type { Item } from '../types.ts';
import type { Context, Kind } from './kinds.ts';

export { takeTurn } from '../../turns.ts';

function thingOf(user: Item): TurnAt {
  const name = `${String(user['username'])}@${String(user['domain'])}`;
  return { name, at: `subscriber:${name.toLowerCase()}` };
}

/**
 * A step that changes members of a subscriber, one at a time per subscriber: an update sends back all of it
 * (sippulse.md, "updateSubscriber replaces"), and would write over what another order changed since it was read.
 */
export const oneAtATime = (kind: Kind, userOf: (ctx: Context) => Item): Kind =>
  oneTurnAtATime(kind, (ctx) => thingOf(userOf(ctx)));

/** The same for a step that changes several subscribers. */
export const inTurns = (kind: Kind, usersOf: (ctx: Context) => readonly Item[]): Kind =>
  inTurnsAt(kind, (ctx) => usersOf(ctx).map(thingOf));
