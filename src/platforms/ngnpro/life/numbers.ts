import { digitsOf, userPartOf } from '../numbers.ts';
import { sipIdOf, subscriberOf, type Context } from '../shared/kinds.ts';
import { aliasesOf, sipIdIn } from '../shared/lists.ts';
import { sameName, textOrNull } from '../shared/read.ts';
import type { Item } from '../types.ts';

/** The numbers of a subscriber before an order changes them. */
export interface Numbers {
  /** Aliases that are numbers, of the subscriber's domain, by their digits. */
  readonly aliases: { readonly [digits: string]: Item };
  /** The caller id, which is the main number where that is known. */
  readonly rpid: string | null;
}

const bareDigits = (name: string): string => name.replace(/^\+/, '');

export async function readNumbers(ctx: Context, account: Item): Promise<Numbers> {
  const sipId = sipIdOf(ctx);
  const own = (await aliasesOf(ctx.client, sipId)).filter((one) => sameName(sipIdIn(one).domain, sipId.domain));
  const entries = own
    .map((one) => [bareDigits(sipIdIn(one).username), one] as const)
    .filter(([digits]) => /^\d+$/.test(digits));
  return { aliases: Object.fromEntries(entries), rpid: textOrNull(account['rpid']) };
}

export interface WantedNumbers {
  /** Digits of all that need an alias. */
  readonly aliases: readonly string[];
  readonly rpid: string | null;
}

/**
 * The numbers that a modify order wants, of those there were. Which of them is the main one only the caller id tells:
 * one that is none of them is no business of the order's.
 */
export function wantedNumbers(ctx: Context, before: Numbers): WantedNumbers {
  const { id, number, aliases } = subscriberOf(ctx);
  const isCleared = (member: string): boolean => ctx.order.cleared?.includes(`subscribers.${id}.${member}`) ?? false;
  const username = bareDigits(sipIdOf(ctx).username);
  const rpid = before.rpid === null ? null : bareDigits(before.rpid);
  const main = rpid !== null && (rpid === username || before.aliases[rpid] !== undefined) ? rpid : null;

  const isNumberNamed = number !== undefined || isCleared('number');
  const newMain = isNumberNamed ? (number ? digitsOf(number) : null) : main;
  const areAliasesNamed = aliases.length > 0 || isCleared('aliases');
  const others = areAliasesNamed ? aliases.map(digitsOf) : Object.keys(before.aliases).filter((one) => one !== main);

  const all = [...(newMain === null ? [] : [newMain]), ...others].filter((one) => one !== username);
  const isOurRpid = rpid === null || main !== null;
  return {
    aliases: [...new Set(all)],
    rpid:
      isNumberNamed && isOurRpid ? (newMain === null ? null : userPartOf(newMain, ctx.client.defaults)) : before.rpid,
  };
}
