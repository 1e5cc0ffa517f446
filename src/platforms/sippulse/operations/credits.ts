import { z } from 'zod';
import {
  findCredit,
  giveCredit,
  resellerAccount,
  subscriberAccount,
  undoCredit,
  type CreditAccount,
} from '../credit.ts';
import { credit } from './objects.ts';
import { domain, text, userAndDomain } from './scalars.ts';
import { argsOf, byHand, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';

/** The platform keeps it beside our key. */
const obs = text(150).optional();

interface Given {
  readonly value: number;
  readonly obs?: string;
}

const givenOf = (ctx: Context): Given => argsOf(ctx) as unknown as Given;

/** Result: `{ balanceBefore, balanceAfter }`. */
function creditStep(accountOf: (args: Item) => CreditAccount): Kind {
  const account = (ctx: Context): CreditAccount => accountOf(argsOf(ctx));
  return {
    nature: 'change',
    opensSecrets: false,
    resultShape: byHand({}),
    find: (ctx) => findCredit(ctx, account(ctx), givenOf(ctx).value),
    do: (ctx, finding) => giveCredit(ctx, account(ctx), givenOf(ctx), finding),
    undo: (ctx) => undoCredit(ctx, account(ctx), givenOf(ctx)),
  };
}

const ofSubscriber = ({ username, domain: of }: Item): CreditAccount => subscriberAccount(String(username), String(of));
const ofReseller = ({ resellerName, domain: of }: Item): CreditAccount =>
  resellerAccount(String(resellerName), String(of));

export const CREDITS: readonly OperationSpec[] = [
  {
    service: 'SubscriberWS',
    operation: 'addCredit',
    title: 'Give credit to a subscriber',
    args: z.strictObject({ ...userAndDomain, value: credit, obs }),
    class: 'compensatable',
    step: creditStep(ofSubscriber),
    calls: ['SubscriberWS.retrieveCredit'],
  },
  {
    service: 'ResellerWS',
    operation: 'addResellerCredit',
    title: 'Give credit to a reseller',
    args: z.strictObject({ resellerName: text(64), domain, value: credit, obs }),
    class: 'compensatable',
    step: creditStep(ofReseller),
    calls: ['ResellerWS.listByDomain', 'ResellerWS.retrieveResellerCredit'],
  },
];

/** The account that an operation gives credit to, else null. */
export function creditedAccount(operation: string, args: Item): string | null {
  if (operation === 'addCredit') return ofSubscriber(args).name;
  return operation === 'addResellerCredit' ? ofReseller(args).name : null;
}
