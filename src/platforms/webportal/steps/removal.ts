import { TurnupError } from '../../../errors/index.ts';
import { readField, type Values } from '../wire/values.ts';
import type { Item, WebportalClient } from '../types.ts';
import type { Owner } from './common.ts';
import { plainText } from '../text.ts';

/** Things that hang on one, by the operation that lists them. */
const CHILDREN = { company: 'office.list', office: 'user.list' } as const;

/**
 * Takes one thing away. One that is gone is no fault. A portal that would take along what hangs on it is asked first
 * what that is (I4).
 *
 * @throws TurnupError `TURNUP_UNDO_FAILED` where the profile has no way, or it would take more than was made
 */
export async function removeThing(client: WebportalClient, owner: Owner, names: Values, id: string): Promise<void> {
  const { profile } = client;
  const name = `${owner}.remove` as const;
  const operation = profile.operations.get(name);
  if (!operation) {
    throw new TurnupError('TURNUP_UNDO_FAILED', {
      class: 'rejected',
      detail: `${owner} ${id} cannot be taken away: the profile "${profile.title}" does not map ${name}`,
      hint: 'Take it away on the portal, then skip this step.',
    });
  }
  if (owner !== 'user' && operation.children !== 'refused') {
    const held = (await client.find(CHILDREN[owner], names)).filter((item) => isHeldBy(client, owner, item, id));
    if (held.length > 0) {
      throw new TurnupError('TURNUP_UNDO_FAILED', {
        class: 'conflict',
        detail: `${owner} ${id} still has ${held.map((item) => item.id).join(', ')}, which this order did not make`,
      });
    }
  }
  await client.change(name, { ...names, [`${owner}Id`]: id });
}

/** What does not say whose it is counts: it is better left alone. */
function isHeldBy({ profile }: WebportalClient, owner: 'company' | 'office', { document }: Item, id: string): boolean {
  if (owner === 'company') return true;
  const office = readField(profile.fields.user, 'officeId', document);
  return office === undefined || plainText(office) === id;
}
