import { TurnupError } from '../../errors/index.ts';
import type { SubscriberName } from '../port.ts';
import { findByKey, isCeased } from './steps/common.ts';
import type { WebportalClient } from './types.ts';
import { readField, type Values } from './wire/values.ts';
import { plainText } from './text.ts';

/**
 * All users of a company, by the customer's externalId.
 * @throws TurnupError where the profile tells no way to ask
 */
export async function subscribersOf(client: WebportalClient, customer: string): Promise<readonly SubscriberName[]> {
  const { profile, domain } = client;
  const missing = (['company.find', 'user.list'] as const).find((name) => !client.has(name));
  if (missing !== undefined || profile.keys.company !== 'externalId') {
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
      class: 'rejected',
      detail:
        missing === undefined
          ? `the profile "${profile.title}" knows companies by ${profile.keys.company}, not by externalId`
          : `the profile "${profile.title}" does not map ${missing}`,
    });
  }
  const names: Values = { companyKey: customer };
  const [company] = await findByKey(client, 'company', names, customer);
  if (!company) return [];
  const users = await client.find('user.list', { ...names, companyId: company.id });
  return users
    .filter((user) => !isCeased(profile, 'user', user))
    .map(({ document }) => {
      const read = (name: string) => readField(profile.fields.user, name, document);
      const number = plainText(read('number') ?? '').replace('+', '');
      return { username: plainText(read('username') ?? number), domain: plainText(read('domain') ?? domain) };
    });
}
