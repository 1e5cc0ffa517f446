import type { Finding, Json } from '../../port.ts';
import { companyChanges } from '../order/changes.ts';
import { companyMember } from '../order/company.ts';
import { byHand, objectId, settleDoubt } from '../steps/common.ts';
import { changedFields, imageOf, restorable, tellHidden, type Image } from '../steps/image.ts';
import { existingCompany, locateCompany } from '../steps/locate.ts';
import type { Kind } from '../types.ts';

/** The company of a modify order: found, and given what the order names of it. Result: `{ companyId }`. */
export const modifyCompanyStep: Kind = {
  nature: 'change',
  opensSecrets: true,
  uses: ['customer.contact', 'customer.billingProfile', 'customer.native'],
  resultShape: byHand({ companyId: objectId }),

  async find(ctx): Promise<Finding> {
    const { profile } = ctx.client;
    const { item } = await existingCompany(ctx);
    const image = imageOf(profile.fields.company, companyChanges(ctx.order, profile), item.document);
    if (!image) return { state: 'present', ours: ctx.intent !== null, result: { companyId: item.id } };
    const members = Object.keys(image.raw).map((field) => companyMember(ctx.order, field));
    const differs = [...new Set(members.filter((member) => member !== null))];
    return { state: 'different', before: image as unknown as Json, differs };
  },

  async do(ctx, finding) {
    const { item, names } = await existingCompany(ctx);
    const image = (finding.state === 'different' ? finding.before : null) as unknown as Image;
    const fields = changedFields(image, companyChanges(ctx.order, ctx.client.profile));
    await ctx.client.change('company.update', names, { fields, document: item.document });
    return { companyId: item.id };
  },

  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const image = ctx.intent.before as unknown as Image;
    const { profile } = ctx.client;
    await settleDoubt(ctx, 'company.update', async () => {
      const document = (await locateCompany(ctx))?.item.document;
      return imageOf(profile.fields.company, companyChanges(ctx.order, profile), document) === null;
    });
    const company = await locateCompany(ctx);
    if (!company) return;
    const { item, names } = company;
    await ctx.client.change('company.update', names, { raw: restorable(image), document: item.document });
    tellHidden(image, `company ${item.id}`);
  },
};
