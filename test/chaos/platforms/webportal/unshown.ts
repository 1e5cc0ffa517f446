import { stepOf, type Case } from '../../audit/evidence.ts';
import type { Group, PortalHand } from './hand.ts';
import { GROUPS } from './things.ts';

/** Secrets of a user that there were none of before the order set them. */
interface Unshown {
  readonly userId: string;
  readonly group: Group;
  readonly names: readonly string[];
}

/** What an undo leaves to a person: a secret that the portal did not show may have been there or not. */
function unshownIn(one: Case): Unshown | null {
  const { error, direction } = one.order;
  if (error?.code !== 'TURNUP_UNDO_FAILED' || direction !== 'undo') return null;
  const told = /does not show what (.+) of user (\d+) was/.exec(error.detail ?? '');
  const group = GROUPS.find((name) => name === stepOf(one, error.step)?.kind);
  if (!told || !group) return null;
  return { userId: told[2]!, group, names: told[1]!.split(', ') };
}

/** This portal shows what it has, so that there was none. False when there is nothing of the kind to do, or not now. */
export async function emptyByHand(one: Case, hand: PortalHand): Promise<boolean> {
  const unshown = unshownIn(one);
  if (!unshown) return false;
  const { userId, group, names } = unshown;
  const none = Object.fromEntries(names.map((name) => [name, '']));
  return hand.set(userId, group, none).then(
    () => true,
    () => false,
  );
}
