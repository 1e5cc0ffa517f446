import type { Finding } from '../../port.ts';
import { givenOfficeFields, officeFields } from '../order/office.ts';
import type { Context, Item, Kind } from '../types.ts';
import {
  byHand,
  companyNames,
  differing,
  findByKey,
  isOurs,
  lookAfterDoubt,
  objectId,
  officeNameOf,
  onlyOne,
  subscriberOf,
} from './common.ts';
import type { Values } from '../wire/values.ts';
import { idOfMade } from './made.ts';
import { removeThing } from './removal.ts';
import { plainText } from '../text.ts';

const namesOfOffice = (ctx: Context): Values => ({ ...companyNames(ctx), officeName: officeNameOf(ctx) });

const lookForOffice = (ctx: Context): Promise<readonly Item[]> =>
  findByKey(ctx.client, 'office', namesOfOffice(ctx), officeNameOf(ctx));

/** The office of a subscriber and of those after it in the same one, by its name. Result: `{ officeId }`. */
export const officeStepKind: Kind = {
  nature: 'create',
  opensSecrets: true,
  uses: ['subscribers.*.native.office'],
  resultShape: byHand({ officeId: objectId }),

  async find(ctx): Promise<Finding> {
    if (!ctx.client.has('office.find')) return { state: 'absent' };
    const found = await lookAfterDoubt(ctx, 'office', () => lookForOffice(ctx));
    const office = await onlyOne(ctx, 'office', found, ({ id }) => remove(ctx, id));
    if (!office) return { state: 'absent' };
    const wanted = givenOfficeFields(subscriberOf(ctx));
    const differs = differing(ctx.client.profile, 'office', wanted, office.document, (name) =>
      name === 'name' ? null : `native.office.${name.replace(/^native\./, '')}`,
    );
    const result = { officeId: office.id };
    return { state: 'present', ours: isOurs(ctx, 'office', office), result, ...(differs.length > 0 && { differs }) };
  },

  async do(ctx) {
    const { companyId, companyKey, orderKey } = companyNames(ctx);
    const own = officeFields(ctx.order, subscriberOf(ctx), officeNameOf(ctx));
    const made = await ctx.client.create('office.create', namesOfOffice(ctx), {
      ...own,
      companyId,
      companyKey,
      orderKey,
    });
    const { id, existed } = await idOfMade(ctx, 'office', made, () => lookForOffice(ctx));
    return { officeId: id, ...(existed && { existed }) };
  },

  async undo(ctx) {
    const { outcome, result } = ctx.done;
    if (outcome === 'created' && result['existed'] !== true) await remove(ctx, plainText(result['officeId']));
  },

  async discard(ctx, made, recorded) {
    if (made['existed'] === true || made['officeId'] === recorded?.['officeId']) return;
    await remove(ctx, plainText(made['officeId']));
  },
};

const remove = (ctx: Context, id: string): Promise<void> =>
  removeThing(ctx.client, 'office', { ...namesOfOffice(ctx), officeId: id }, id);
