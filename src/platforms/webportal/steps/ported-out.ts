import { TurnupError } from '../../../errors/index.ts';
import type { WebportalClient } from '../types.ts';
import type { Values } from '../wire/values.ts';

/**
 * A number that left to another operator is freed and billed to its end, never used again (tim-web-portal.md §2).
 * @throws TurnupError `TURNUP_NUMBER_TAKEN`
 */
export async function refusePortedOut(
  client: WebportalClient,
  names: Values,
  numbers: readonly string[],
): Promise<void> {
  if (!client.has('portedOut.find')) return;
  for (const number of numbers) {
    const found = await client.find('portedOut.find', { ...names, number });
    if (found.length === 0) continue;
    throw new TurnupError('TURNUP_NUMBER_TAKEN', {
      detail: `${number} left to another operator (ported out) and must not be given to a user`,
    });
  }
}
