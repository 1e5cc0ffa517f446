import { z } from 'zod';
import { TurnupError } from '../../errors/index.ts';
import type { CatalogRead, Json } from '../port.ts';
import { companyText, namesFor, numberText, type NumberObject } from './operations/args.ts';
import type { OperationName } from './profile/operations.ts';
import { readAt } from './profile/pointer.ts';
import type { WebportalClient } from './types.ts';
import { fromWire, type Values } from './wire/values.ts';

/** What of an answer may be shown, by name: nobody has looked the rest over for secrets. */
function shownBy({ profile }: WebportalClient, name: OperationName): [name: string, read: (from: unknown) => Json][] {
  const operation = profile.operations.get(name);
  if (!operation) return [];
  if (operation.show.length > 0) {
    return operation.show.map(([member, at]) => [member, (document) => (readAt(document, at) ?? null) as Json]);
  }
  const { object } = operation.info;
  const fields = object === null ? [] : [...profile.fields[object].values()].filter(({ isSecret }) => !isSecret);
  return fields.map((field) => [field.name, (document) => fromWire(field, readAt(document, field.at)) ?? null]);
}

async function readList(client: WebportalClient, name: OperationName, names: Values): Promise<Json> {
  const shown = shownBy(client, name);
  if (shown.length === 0) {
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
      class: 'rejected',
      detail: `the profile "${client.profile.title}" does not map ${name}, or not what of it is to be shown`,
      hint: 'Map the operation in the profile, with "show" or the fields of its thing.',
    });
  }
  const items = await client.find(name, names);
  return items.map(({ document }) => Object.fromEntries(shown.map(([member, read]) => [member, read(document)])));
}

const list = (name: OperationName, title: string): CatalogRead<WebportalClient> => ({
  title,
  params: z.strictObject({}),
  read: (client) => readList(client, name, {}),
});

const ofNumber = z.strictObject({ number: numberText, company: companyText.optional() });

const byNumber = (object: NumberObject, name: OperationName, title: string): CatalogRead<WebportalClient> => ({
  title,
  params: ofNumber,
  async read(client, params: z.infer<typeof ofNumber>) {
    const { number, company } = params;
    const names = await namesFor(client, object, [name], { number, ...(company !== undefined && { company }) });
    return readList(client, name, names);
  },
});

/** Of which operation each read is made. */
export const CATALOG_OPERATIONS = {
  dashboard: 'dashboard.get',
  numbers: 'numbers.list',
  portedOut: 'portedOut.list',
  rentedLines: 'wlr.list',
  rentedLine: 'wlr.find',
  antifraud: 'antifraud.get',
} as const satisfies Record<string, OperationName>;

const { dashboard, numbers, portedOut, rentedLines, rentedLine, antifraud } = CATALOG_OPERATIONS;

/** What the portal tells for a CRM's forms, where the profile maps it. */
export const catalog: { readonly [what in keyof typeof CATALOG_OPERATIONS]: CatalogRead<WebportalClient> } = {
  dashboard: list(dashboard, 'Counters of the dashboard'),
  numbers: list(numbers, 'Numbers of the operator'),
  portedOut: list(portedOut, 'Numbers that left to other operators'),
  rentedLines: list(rentedLines, 'Rented lines (WLR) known to the portal'),
  rentedLine: byNumber('wlr', rentedLine, 'A rented line by its number'),
  antifraud: byNumber('antifraud', antifraud, 'Antifraud limits of a number'),
};
