import { TurnupError } from '../../../errors/index.ts';
import { byHand } from '../../operations/spec.ts';
import type { Finding, Json, StepResult } from '../../port.ts';
import type { ObjectName, OperationName } from '../profile/operations.ts';
import { findByKey, objectId, settleDoubt } from '../steps/common.ts';
import { changedFields, imageOf, restorable, tellHidden, type Image } from '../steps/image.ts';
import type { Context, Item, Kind } from '../types.ts';
import { plainText } from '../text.ts';
import type { Values } from '../wire/values.ts';
import { argsOf, companyIdOf, namesFor, officeArgsOf, type NumberObject } from './args.ts';
import { findLine } from './lines.ts';

/** A thing that is looked for by what the operation says, and changed. */
interface Changed {
  readonly object: ObjectName;
  readonly set: OperationName;
  /** What its calls are sent with. */
  names(ctx: Context): Promise<Values>;
  /** Null: there is none. */
  read(ctx: Context, names: Values): Promise<Item | null>;
  /** Further names once it is found. */
  own?(item: Item): Values;
  result(names: Values): StepResult;
  /** What a person reads. */
  title(names: Values): string;
}

/** Fields that an operation names; all others stay. */
function changeStep({ object, set, names: namesOf, read, own = () => ({}), result, title }: Changed): Kind {
  const wantedOf = (ctx: Context): Values => argsOf(ctx).fields ?? {};
  const missing = (names: Values): TurnupError =>
    new TurnupError('TURNUP_OBJECT_MISSING', { detail: `the portal has no ${title(names)}` });

  return {
    nature: 'change',
    opensSecrets: true,
    resultShape: byHand({ number: objectId.optional(), office: objectId.optional() }),

    async find(ctx): Promise<Finding> {
      const names = await namesOf(ctx);
      const found = await read(ctx, names);
      // It is gone after a doubt: an undo has nothing to bring back, and a step that goes on is refused.
      if (!found && ctx.intent) return { state: 'absent' };
      if (!found) throw missing(names);
      const image = imageOf(ctx.client.profile.fields[object], wantedOf(ctx), found.document);
      if (!image) return { state: 'present', ours: ctx.intent !== null, result: result(names) };
      const differs = Object.keys(image.raw).map((name) => `fields.${name}`);
      return { state: 'different', before: image as unknown as Json, differs };
    },

    async do(ctx, finding) {
      const names = await namesOf(ctx);
      const found = await read(ctx, names);
      if (!found || finding.state !== 'different') throw missing(names);
      const image = finding.before as unknown as Image;
      const change = { fields: changedFields(image, wantedOf(ctx)), document: found.document };
      if ((await ctx.client.change(set, { ...names, ...own(found) }, change)) === 'absent') throw missing(names);
      return result(names);
    },

    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const image = ctx.intent.before as unknown as Image;
      const names = await namesOf(ctx);
      const fields = ctx.client.profile.fields[object];
      await settleDoubt(
        ctx,
        set,
        async () => imageOf(fields, wantedOf(ctx), (await read(ctx, names))?.document) === null,
      );
      const found = await read(ctx, names);
      if (!found) return;
      const change = { raw: restorable(image), document: found.document };
      await ctx.client.change(set, { ...names, ...own(found) }, change);
      tellHidden(image, title(names));
    },
  };
}

export const UPDATE_CALLS = ['wlr.find', 'wlr.update'] as const satisfies readonly OperationName[];
export const ANTIFRAUD_CALLS = ['antifraud.get', 'antifraud.set'] as const satisfies readonly OperationName[];
export const OFFICE_CALLS = [
  'company.find',
  'office.find',
  'office.update',
] as const satisfies readonly OperationName[];

const byNumber = (object: NumberObject, calls: readonly OperationName[]): Pick<Changed, 'names' | 'result'> => ({
  names: (ctx) => namesFor(ctx.client, object, calls, argsOf(ctx), ctx.key),
  result: ({ number }) => ({ number: plainText(number) }),
});

export const updateLine = changeStep({
  object: 'wlr',
  set: 'wlr.update',
  ...byNumber('wlr', UPDATE_CALLS),
  read: findLine,
  own: ({ id }) => ({ lineId: id }),
  title: ({ number }) => `line ${plainText(number)}`,
});

export const setAntifraud = changeStep({
  object: 'antifraud',
  set: 'antifraud.set',
  ...byNumber('antifraud', ANTIFRAUD_CALLS),
  read: async ({ client }, names) => only(await client.find('antifraud.get', names), `antifraud limits`),
  title: ({ number }) => `antifraud limits of ${plainText(number)}`,
});

export const updateOffice = changeStep({
  object: 'office',
  set: 'office.update',
  async names(ctx) {
    const { company, office } = officeArgsOf(ctx);
    const companyId = await companyIdOf(ctx.client, company);
    return { orderKey: ctx.key, companyKey: company, companyId, officeName: office };
  },
  read: async ({ client }, names) =>
    only(await findByKey(client, 'office', names, names['officeName'] ?? null), 'offices'),
  own: ({ id }) => ({ officeId: id }),
  result: ({ officeName }) => ({ office: plainText(officeName) }),
  title: ({ officeName, companyKey }) => `office "${plainText(officeName)}" of company ${plainText(companyKey)}`,
});

/** @throws TurnupError `TURNUP_OBJECT_AMBIGUOUS` */
function only([found, ...more]: readonly Item[], what: string): Item | null {
  if (more.length === 0) return found ?? null;
  throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
    detail: `${more.length + 1} ${what} fit: ${[found, ...more].map((item) => item?.id).join(', ')}`,
  });
}
