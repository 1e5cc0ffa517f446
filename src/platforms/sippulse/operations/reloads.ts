import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import { reload, RELOADS, type Reload } from '../shared/reload.ts';
import { domain, id, text, userAndDomain } from './scalars.ts';
import { argsOf, byHand, type Context, type Kind, type OperationSpec } from './spec.ts';

type Name = Reload['operation'];

/** Nothing is lost by a reload, so there is nothing to take back. Result: `{}`. */
function reloadStep(reloadOf: (ctx: Context) => Reload): Kind {
  return {
    nature: 'change',
    opensSecrets: false,
    resultShape: byHand({}),
    find: async () => ({ state: 'different', before: null }),
    async do(ctx) {
      await reload(ctx, reloadOf(ctx));
      return {};
    },
    async undo() {},
  };
}

const byHandSpec = (operation: Name, title: string, args: z.ZodType): OperationSpec => ({
  service: RELOADS,
  operation,
  title,
  args,
  class: 'retriable',
  step: reloadStep((ctx) => ({ operation, args: argsOf(ctx) })),
  calls: [],
});

/** Reloads that an order asks for itself, e.g. after somebody else's changes. */
export const RELOADS_BY_HAND: readonly OperationSpec[] = [
  byHandSpec('reloadSubscriber', 'Reload a subscriber', z.strictObject(userAndDomain)),
  byHandSpec('reloadProfile', 'Reload a profile', z.strictObject({ profile: text(64), domain })),
  byHandSpec('reloadDid', 'Reload a DID', z.strictObject({ didId: id })),
  byHandSpec('reloadAddress', 'Reload all addresses', z.strictObject({})),
  byHandSpec('reloadHuntGroup', 'Reload a hunt group', z.strictObject({ huntGroupId: id })),
];

/** Kind of the step that reloads after an operation: what was changed is recorded by then and stays. */
export const RELOAD_AFTER = 'reloadAfter';

export function reloadAfterStep(specOf: (service: string, operation: string) => OperationSpec | undefined): Kind {
  return reloadStep((ctx) => {
    const { id: item, service, operation } = ctx.operation ?? { id: '', service: '', operation: '' };
    const spec = specOf(service, operation);
    const done = spec && ctx.needs[`${item}.${spec.operation}`];
    if (!spec?.reload || !done) {
      throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the step lacks the one whose change it reloads' });
    }
    return spec.reload(argsOf(ctx), done.result);
  });
}
