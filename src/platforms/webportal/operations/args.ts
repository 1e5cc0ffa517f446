import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import { argsOf as given } from '../../operations/spec.ts';
import type { Json, StepContext } from '../../port.ts';
import type { Profile } from '../profile/model.ts';
import type { FreeObject } from '../profile/fields.ts';
import { NUMBER_FIELDS } from '../profile/fields.ts';
import type { OperationName } from '../profile/operations.ts';
import { namesIn } from '../profile/rules.ts';
import { findByKey } from '../steps/common.ts';
import type { WebportalClient } from '../types.ts';
import type { Values } from '../wire/values.ts';

/** Things of the portal that operations of an order are about. */
export type NumberObject = Exclude<FreeObject, 'services'>;

export const numberText = z.string().regex(/^\+[1-9]\d{4,14}$/, 'must be E.164 with a plus');
export const companyText = z.string().min(1).max(200);

const simple = z.union([z.string().max(4096), z.number(), z.boolean(), z.null()]);
const fields = z.record(
  z.string().min(1).max(64),
  z.union([simple, z.array(simple).max(200, 'must have at most 200 elements')]),
);

/** Which line, and what it is to be. Null clears. */
export const FIELD_ARGS = z.strictObject({ number: numberText, company: companyText.optional(), fields });
export const MADE_ARGS = z.strictObject({
  number: numberText,
  company: companyText.optional(),
  fields: fields.optional(),
});
export const NAMED_ARGS = z.strictObject({ number: numberText, company: companyText.optional() });

/** An office of a company, and what of it is to be otherwise. */
export const OFFICE_ARGS = z.strictObject({ company: companyText, office: z.string().min(1).max(200), fields });

export interface NumberArgs {
  readonly number: string;
  /** What its company is known by. */
  readonly company?: string;
  readonly fields?: { readonly [name: string]: Json };
}

export interface OfficeArgs {
  readonly company: string;
  readonly office: string;
  readonly fields: { readonly [name: string]: Json };
}

export const argsOf = (ctx: Pick<StepContext, 'operation'>): NumberArgs => given(ctx) as unknown as NumberArgs;
export const officeArgsOf = (ctx: Pick<StepContext, 'operation'>): OfficeArgs => given(ctx) as unknown as OfficeArgs;

/** Values that calls are sent with beside the fields: by placeholder, or as a field of the thing. */
function asked(profile: Profile, object: NumberObject, calls: readonly OperationName[]): Set<string> {
  return new Set(
    calls.flatMap((name) => {
      const operation = profile.operations.get(name);
      if (!operation) return [];
      const sent = operation.sendsFields
        ? Object.keys(NUMBER_FIELDS).filter((one) => profile.fields[object].has(one))
        : [];
      return [...namesIn(operation), ...sent];
    }),
  );
}

export interface CompanyWish {
  /** The calls cannot do without it. */
  readonly isNeeded: boolean;
  /** It is looked for, since they name its id. */
  readonly isLookedFor: boolean;
}

/** Whether calls say whose a number is. */
export function companyWish(profile: Profile, object: NumberObject, calls: readonly OperationName[]): CompanyWish {
  const names = asked(profile, object, calls);
  const isLookedFor = names.has('companyId');
  return { isNeeded: isLookedFor || names.has('companyKey'), isLookedFor };
}

/**
 * What the calls are sent with.
 * @throws TurnupError `TURNUP_OBJECT_MISSING`
 */
export async function namesFor(
  client: WebportalClient,
  object: NumberObject,
  calls: readonly OperationName[],
  { number, company }: Pick<NumberArgs, 'number' | 'company'>,
  key?: string,
): Promise<Values> {
  const { profile } = client;
  const names: Values = { number, companyKey: company, ...(key !== undefined && { orderKey: key }) };
  if (company === undefined || !companyWish(profile, object, calls).isLookedFor) return names;
  return { ...names, companyId: await companyIdOf(client, company) };
}

/** @throws TurnupError `TURNUP_OBJECT_MISSING` */
export async function companyIdOf(client: WebportalClient, companyKey: string): Promise<string> {
  const [found, ...more] = await findByKey(client, 'company', { companyKey }, companyKey);
  if (found && more.length === 0) return found.id;
  throw new TurnupError(found ? 'TURNUP_OBJECT_AMBIGUOUS' : 'TURNUP_OBJECT_MISSING', {
    detail: `${found ? 'several companies have' : 'there is no company with'} ${client.profile.keys.company} "${companyKey}"`,
  });
}

/** What an order wants of it, and what Turnup tells besides. */
export function wantedFields({ fields: own = {} }: NumberArgs, names: Values, isNew: boolean): Values {
  const { number, companyId, companyKey, orderKey } = names;
  return { ...own, ...(isNew && { number, companyId, companyKey, orderKey }) };
}
