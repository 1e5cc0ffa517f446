import { z } from 'zod';
import { TurnupError } from '../../errors/index.ts';
import type { CatalogRead, Json } from '../port.ts';
import type { OperationName } from './profile/operations.ts';
import { readAt } from './profile/pointer.ts';
import type { WebportalClient } from './types.ts';
import type { Values } from './wire/values.ts';

/** Only what the profile says is to be shown: what else an answer holds nobody has looked over for secrets. */
async function readList(client: WebportalClient, name: OperationName, names: Values): Promise<Json> {
  const { profile } = client;
  const show = profile.operations.get(name)?.show ?? [];
  if (show.length === 0) {
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
      class: 'rejected',
      detail: `the profile "${profile.title}" does not map ${name}, or not what of it is to be shown`,
      hint: 'Map the operation in the profile, with "show".',
    });
  }
  const items = await client.find(name, names);
  return items.map(({ document }) =>
    Object.fromEntries(show.map(([member, at]) => [member, (readAt(document, at) ?? null) as Json])),
  );
}

const list = (name: OperationName, title: string): CatalogRead<WebportalClient> => ({
  title,
  params: z.strictObject({}),
  read: (client) => readList(client, name, {}),
});

const antifraudParams = z.strictObject({ number: z.string().regex(/^\+[1-9]\d{1,14}$/, 'must be E.164 with a plus') });

/** What the portal tells for a CRM's forms, where the profile maps it. */
export const catalog: { readonly [what: string]: CatalogRead<WebportalClient> } = {
  dashboard: list('dashboard.get', 'Counters of the dashboard'),
  numbers: list('numbers.list', 'Numbers of the operator'),
  portedOut: list('portedOut.list', 'Numbers that left to other operators'),
  rentedLines: list('wlr.list', 'Rented lines (WLR) known to the portal'),
  antifraud: {
    title: 'Antifraud limits of a number',
    params: antifraudParams,
    read: (client, params: z.infer<typeof antifraudParams>) => readList(client, 'antifraud.get', params),
  },
};
