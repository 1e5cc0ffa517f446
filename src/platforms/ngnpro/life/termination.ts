import { TurnupError } from '../../../errors/index.ts';
import { byHand, noWayBack } from '../../operations/spec.ts';
import type { Finding } from '../../port.ts';
import { findAccount } from '../shared/accounts.ts';
import { findCustomer, idOf } from '../shared/customers.ts';
import { numberIn, sipUriOf } from '../shared/enum-numbers.ts';
import { accountName, sipIdOf, type Context, type Kind } from '../shared/kinds.ts';
import {
  accountsOfDomainsOf,
  accountsOwnedBy,
  aliasesOf,
  aliasesOwnedBy,
  customersOf,
  domainsOf,
  numbersOwnedBy,
  numbersTo,
  rangesOf,
  sipIdIn,
  zonesOf,
} from '../shared/lists.ts';
import { findMailbox } from '../shared/mailboxes.ts';
import { entityOf, findProfiles } from '../shared/rating.ts';
import { idOrNull, textOrNull } from '../shared/read.ts';
import * as remove from '../shared/removals.ts';
import type { Item, NgnproClient, SipId } from '../types.ts';
import { checkOwner } from './locate.ts';

const USES = ['customer.externalId', 'subscribers.*.username', 'subscribers.*.domain'];
const NOTHING: Finding = { state: 'present', ours: false, result: {} };

/** Id of the customer; null where there is none. */
async function customerIdOrNull({ client, order }: Context): Promise<number | null> {
  const found = await findCustomer(client, order.customer);
  return found && idOf(found);
}

/**
 * The account, if it is there.
 * @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN` where it is not the customer's
 */
async function ownAccount(ctx: Context): Promise<Item | null> {
  const sipId = sipIdOf(ctx);
  const found = await findAccount(ctx.client, sipId);
  if (found) checkOwner(sipId, found, (await customerIdOrNull(ctx)) ?? -1);
  return found;
}

/** Looks at a subscriber before the first of all is touched. */
const ownershipStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: USES,
  resultShape: byHand({}),
  async find(ctx) {
    await ownAccount(ctx);
    return NOTHING;
  },
  do: async () => ({}),
  undo: async () => {},
};

/** Removes what hangs on a subscriber, or the subscriber; what is gone already is as wanted. */
function removalStep(
  what: string,
  remains: (ctx: Context) => Promise<boolean>,
  removeIt: (ctx: Context) => Promise<void>,
): Kind {
  return {
    nature: 'change',
    opensSecrets: false,
    uses: USES,
    resultShape: byHand({}),
    async find(ctx): Promise<Finding> {
      if (await remains(ctx)) return { state: 'different', before: null };
      return { state: 'present', ours: ctx.intent !== null, result: {} };
    },
    async do(ctx) {
      // Once more: it may have come to somebody else since.
      await ownAccount(ctx);
      await removeIt(ctx);
      return {};
    },
    undo: noWayBack(`removing ${what}`),
  };
}

/** Whose it is, where the account itself is gone already. */
async function ownOnly(ctx: Context, items: readonly Item[]): Promise<readonly Item[]> {
  if (items.length === 0 || (await ownAccount(ctx))) return items;
  const id = await customerIdOrNull(ctx);
  return items.filter((one) => id !== null && idOrNull(one['owner']) === id);
}

const aliasesStep = removalStep(
  'aliases',
  async (ctx) => (await ownOnly(ctx, await aliasesOf(ctx.client, sipIdOf(ctx)))).length > 0,
  async (ctx) => {
    for (const one of await ownOnly(ctx, await aliasesOf(ctx.client, sipIdOf(ctx))))
      await remove.alias(ctx.client, sipIdIn(one));
  },
);

const numbersOf = async (ctx: Context): Promise<readonly Item[]> =>
  ownOnly(ctx, await numbersTo(ctx.client, sipUriOf(sipIdOf(ctx))));

const enumNumbersStep = removalStep(
  'ENUM numbers',
  async (ctx) => (await numbersOf(ctx)).length > 0,
  async (ctx) => {
    for (const one of await numbersOf(ctx)) await remove.enumNumber(ctx.client, numberIn(one));
  },
);

const voicemailStep = removalStep(
  'a mailbox',
  async (ctx) => (await ownAccount(ctx)) !== null && (await findMailbox(ctx.client, sipIdOf(ctx))) !== null,
  (ctx) => remove.mailbox(ctx.client, sipIdOf(ctx)),
);

const billingProfileStep = removalStep(
  'rating profiles',
  async (ctx) => (await ownAccount(ctx)) !== null && (await findProfiles(ctx.client, entityOf(sipIdOf(ctx)))) !== null,
  (ctx) => remove.profiles(ctx.client, entityOf(sipIdOf(ctx))),
);

const subscriberStep = removalStep(
  'a subscriber',
  async (ctx) => (await ownAccount(ctx)) !== null,
  (ctx) => remove.account(ctx.client, sipIdOf(ctx)),
);

/** All that belongs to the customer, in dependency order, then the customer. Nothing is touched while others use it. */
const customerStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['customer.externalId'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const id = await customerIdOrNull(ctx);
    if (id === null) return { state: 'present', ours: ctx.intent !== null, result: {} };
    await checkUnused(ctx, id);
    return { state: 'different', before: null };
  },

  async do(ctx) {
    const { client } = ctx;
    const id = await customerIdOrNull(ctx);
    if (id === null) return {};
    await checkUnused(ctx, id);
    const { accounts, aliases, numbers, domains } = await belongings(client, id);
    for (const alias of aliases) await remove.alias(client, sipIdIn(alias));
    for (const number of numbers) await remove.enumNumber(client, numberIn(number));
    for (const account of accounts) await removeAccount(client, sipIdIn(account));
    for (const domain of domains) await remove.domain(client, textOrNull(domain['domain']) ?? '');
    await remove.customer(client, id);
    return {};
  },

  undo: noWayBack('removing a customer'),
};

/** All that a customer owns, and what leads to its accounts, each once. */
async function belongings(client: NgnproClient, id: number) {
  const accounts = await accountsOwnedBy(client, id);
  const aliases = await aliasesOwnedBy(client, id);
  const numbers = await numbersOwnedBy(client, id);
  for (const account of accounts) {
    aliases.push(...(await aliasesOf(client, sipIdIn(account))));
    numbers.push(...(await numbersTo(client, sipUriOf(sipIdIn(account)))));
  }
  return {
    accounts,
    aliases: distinct(aliases),
    numbers: distinct(numbers),
    domains: await domainsOf(client, id),
  };
}

const distinct = (items: readonly Item[]): Item[] => [
  ...new Map(items.map((one) => [JSON.stringify(one['id']), one])).values(),
];

async function removeAccount(client: NgnproClient, sipId: SipId): Promise<void> {
  if (await findMailbox(client, sipId)) await remove.mailbox(client, sipId);
  const entity = entityOf(sipId);
  if (await findProfiles(client, entity)) await remove.profiles(client, entity);
  await remove.account(client, sipId);
}

/**
 * @throws TurnupError of class `conflict` where others live in its domains, or are its customers, and where it has what no
 * order for a subscriber makes: the platform would refuse to remove it when all the rest is gone
 */
async function checkUnused({ client }: Context, id: number): Promise<void> {
  const taken = (detail: string, hint: string): TurnupError => new TurnupError('TURNUP_OBJECT_TAKEN', { detail, hint });
  const [lodger] = (await accountsOfDomainsOf(client, id)).filter((one) => (idOrNull(one['owner']) ?? id) !== id);
  const isReseller = (await customersOf(client, id)).length > 0;
  if (lodger || isReseller) {
    const detail = lodger
      ? `${accountName(sipIdIn(lodger))} is in a domain of customer ${id} and belongs to another`
      : `customer ${id} is a reseller and has customers`;
    throw taken(detail, 'Move or remove what others have there, then retry.');
  }
  const kept: [string, Item[]][] = [
    ['ENUM ranges', await rangesOf(client, id)],
    ['DNS zones', await zonesOf(client, id)],
  ];
  const [what] = kept.find(([, found]) => found.length > 0) ?? [];
  if (what === undefined) return;
  throw taken(`customer ${id} has ${what}`, `Remove its ${what} or give them to another customer, then retry.`);
}

export const TERMINATE_STEPS = {
  ownership: ownershipStep,
  aliases: aliasesStep,
  enumNumbers: enumNumbersStep,
  voicemail: voicemailStep,
  billingProfile: billingProfileStep,
  subscriber: subscriberStep,
  customer: customerStep,
};
