import type { Json } from '../../port.ts';
import { isSame, satisfies } from '../operations/values.ts';
import type { RuleName } from '../preference-names.ts';
import type { Item, NgnproClient, Plain, SipId } from '../types.ts';
import { isItem, itemOf, itemsOf, textsOf } from './read.ts';

/** How rules of a subscriber are read and set (ngnpro.md, SipPort). */
interface RuleCalls {
  read(client: NgnproClient, sipId: SipId): Promise<Json>;
  set(client: NgnproClient, sipId: SipId, value: Json): Promise<unknown>;
  /** What an order wants, with what it leaves as it was; left out: what it wants is the whole. */
  merged?(wanted: Json, found: Json): Json;
  /** Whether what is there is what is wanted. */
  matches(wanted: Json, found: Json): boolean;
}

const list = (operation: string, part: string): RuleCalls => ({
  read: async (client, sipId) => textsOf(await client.call('SipPort', `get${operation}`, { sipId })),
  set: (client, sipId, value) => client.call('SipPort', `set${operation}`, { sipId, [part]: value ?? [] }),
  matches: (wanted, found) => isSame(wanted ?? [], found),
});

export const RULE_CALLS: { readonly [name in RuleName]: RuleCalls } = {
  barringPrefixes: list('BarringPrefixes', 'prefixes'),
  rejectMembers: list('RejectMembers', 'members'),
  acceptRules: {
    async read(client, sipId) {
      const reply = itemOf(await client.call('SipPort', 'getAcceptRules', { sipId }));
      return normal(itemOf(reply?.['rules']) ?? {}) as Json;
    },
    // All rules are replaced at once.
    set: (client, sipId, value) =>
      client.call('SipPort', 'setAcceptRules', { sipId, rules: { ...NO_RULES, ...(value as object | null) } }),
    /** A part that the order does not name goes back as it is. */
    merged: (wanted, found) => (wanted === null ? null : { ...(found as object), ...(wanted as object) }),
    matches(wanted, found) {
      const { persistent, temporary } = (wanted ?? NO_RULES) as Rules;
      const there = found as Rules;
      return (
        (persistent === undefined || isSame(persistent, there.persistent)) &&
        // How long it still lasts changes while one looks.
        (temporary === undefined || satisfies(temporary.groups, there.temporary?.groups))
      );
    },
  },
};

interface Rules {
  readonly persistent?: readonly Item[];
  readonly temporary?: { readonly groups: readonly string[]; readonly duration: number };
}

const NO_RULES: Rules = { persistent: [] };

/** With every list as a list; a temporary rule that is none is left out. */
function normal(rules: Item): Rules {
  const groupsIn = (value: Plain | undefined): string[] => (isItem(value) ? textsOf(value['groups']) : []);
  const temporary = itemOf(rules['temporary']);
  const groups = groupsIn(temporary ?? undefined);
  const duration = Number(temporary?.['duration'] ?? 0);
  return {
    persistent: itemsOf(rules['persistent']).map((one) => ({ ...one, groups: groupsIn(one) })),
    ...((groups.length > 0 || duration > 0) && { temporary: { groups, duration } }),
  };
}
