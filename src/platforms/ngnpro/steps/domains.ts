import { byHand } from '../../operations/spec.ts';
import type { Finding } from '../../port.ts';
import { isFault } from '../fault.ts';
import { customerNativeOf } from '../native.ts';
import { customerIdOf, type Context, type Kind } from '../shared/kinds.ts';
import { findDomain } from '../shared/lists.ts';
import * as remove from '../shared/removals.ts';

/**
 * The domains that the order's `native` asks for and the platform does not have. The before-image names those that were
 * not there: undo removes them and no other.
 */
export const domainsStep: Kind = {
  nature: 'change',
  opensSecrets: true,
  uses: ['customer.native.domains'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const missing = await missingOf(ctx);
    if (missing.length === 0) return { state: 'present', ours: ctx.intent !== null, result: {} };
    return { state: 'different', before: missing, differs: ['customer.native.domains'] };
  },

  async do(ctx) {
    const missing = new Set(await missingOf(ctx));
    for (const { domain, ...members } of domainsOf(ctx)) {
      const name = domain.toLowerCase();
      if (!missing.has(name)) continue;
      try {
        await ctx.client.call('SipPort', 'addDomain', {
          domain: { ...members, domain: name, customer: customerIdOf(ctx) },
        });
      } catch (error) {
        if (!isFault(error, 'domainExists')) throw error;
      }
      ctx.client.references.forget(`domain ${name}`);
    }
    return {};
  },

  undo: removeOwn,

  async discard(ctx, _made, recorded) {
    if (recorded === null) await removeOwn(ctx);
  },
};

async function removeOwn(ctx: Context): Promise<void> {
  if (ctx.intent?.state !== 'different') return;
  for (const name of ctx.intent.before as readonly string[]) {
    // Somebody else's by now, or none.
    const found = await findDomain(ctx.client, name);
    if (found?.['customer'] === customerIdOf(ctx)) await remove.domain(ctx.client, name);
    ctx.client.references.forget(`domain ${name}`);
  }
}

const domainsOf = ({ order }: Context) => customerNativeOf(order.customer.native).domains ?? [];

async function missingOf(ctx: Context): Promise<string[]> {
  const missing: string[] = [];
  for (const { domain } of domainsOf(ctx)) {
    if (!(await findDomain(ctx.client, domain))) missing.push(domain.toLowerCase());
  }
  return missing;
}
