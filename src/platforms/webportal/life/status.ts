import { TurnupError } from '../../../errors/index.ts';
import type { Finding, StepResult } from '../../port.ts';
import { byHand, objectId, settleDoubt, subscriberOf } from '../steps/common.ts';
import { existingCompany, locateUser, missingUser, namesOfLocated } from '../steps/locate.ts';
import type { OperationName } from '../profile/operations.ts';
import type { Context, Item, Kind } from '../types.ts';
import { readField, type Values } from '../wire/values.ts';

type Status = 'active' | 'suspended';

/** A company or user whose state is changed, and what it is called by. */
interface Subject {
  readonly item: Item;
  readonly names: Values;
  readonly result: StepResult;
}

interface Owner {
  readonly name: 'company' | 'user';
  readonly uses: readonly string[];
  readonly id: string;
  /** @throws TurnupError `TURNUP_OBJECT_MISSING`, `TURNUP_SUBSCRIBER_TAKEN` */
  look(ctx: Context): Promise<Subject>;
}

const COMPANY: Owner = {
  name: 'company',
  uses: [],
  id: 'companyId',
  async look(ctx) {
    const { item, names } = await existingCompany(ctx);
    return { item, names, result: { companyId: item.id } };
  },
};

const USER: Owner = {
  name: 'user',
  uses: ['subscribers.*.username', 'subscribers.*.domain', 'subscribers.*.externalId'],
  id: 'userId',
  async look(ctx) {
    const { names } = await existingCompany(ctx);
    const subscriber = subscriberOf(ctx);
    const item = await locateUser(ctx, names, subscriber);
    if (!item) throw missingUser(subscriber);
    return { item, names: namesOfLocated(ctx.client.profile, names, subscriber, item), result: { userId: item.id } };
  },
};

const operationTo = (owner: Owner, status: Status): OperationName =>
  `${owner.name}.${status === 'active' ? 'resume' : 'suspend'}`;

function statusOf({ client }: Context, owner: Owner, { document, id }: Item): Status {
  const status = readField(client.profile.fields[owner.name], 'status', document);
  if (status === 'active' || status === 'suspended') return status;
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
    class: 'rejected',
    detail: `the portal shows a state of ${owner.name} ${id} that values.status of the profile has no word for`,
    hint: 'Add the word to values.status of the profile, then retry the order.',
  });
}

/** Idempotent; undo goes back to the state that was found. Result: the id. */
function statusStep(owner: Owner, wanted: Status): Kind {
  return {
    nature: 'change',
    opensSecrets: false,
    uses: owner.uses,
    resultShape: byHand({ [owner.id]: objectId }),

    async find(ctx): Promise<Finding> {
      const { item, result } = await owner.look(ctx);
      const before = statusOf(ctx, owner, item);
      if (before === wanted) return { state: 'present', ours: ctx.intent !== null, result };
      return { state: 'different', before, differs: ['status'] };
    },

    async do(ctx) {
      const { names, result } = await owner.look(ctx);
      await ctx.client.change(operationTo(owner, wanted), names);
      return result;
    },

    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const before = ctx.intent.before as Status;
      const look = () =>
        owner.look(ctx).catch((error: unknown) => {
          if (error instanceof TurnupError && error.code === 'TURNUP_OBJECT_MISSING') return null;
          throw error;
        });
      await settleDoubt(ctx, operationTo(owner, wanted), async () => {
        const there = await look();
        return !there || statusOf(ctx, owner, there.item) === wanted;
      });
      const subject = await look();
      if (!subject || statusOf(ctx, owner, subject.item) === before) return;
      await ctx.client.change(operationTo(owner, before), subject.names);
    },
  };
}

export const suspendCompanyStep = statusStep(COMPANY, 'suspended');
export const resumeCompanyStep = statusStep(COMPANY, 'active');
export const suspendUserStep = statusStep(USER, 'suspended');
export const resumeUserStep = statusStep(USER, 'active');
