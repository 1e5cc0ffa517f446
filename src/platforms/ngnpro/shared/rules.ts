import type { Json } from '../../port.ts';
import { isSame, satisfies } from '../operations/values.ts';
import type { RuleName } from '../preference-names.ts';
import type { Item, NgnproClient, Plain, SipId } from '../types.ts';
import { isItem, itemOf, itemsOf, textsOf } from './read.ts';

/** How rules of a subscriber are read and set (ngnpro.md, SipPort). */
interface RuleCalls {
  read(client: NgnproClient, sipId: SipId): Promise<Json>;
  set(client: NgnproClient, sipId: SipId, value: Json): Promise<unknown>;
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
    async set(client, sipId, value) {
      // All rules are replaced at once: a part that the order does not name goes back as it is.
      const found = value === null ? {} : await RULE_CALLS.acceptRules.read(client, sipId);
      const rules = { ...NO_RULES, ...(found as object), ...(value as object | null) };
      return client.call('SipPort', 'setAcceptRules', { sipId, rules });
    },
    matches(wanted, found) {
      const { persistent, temporary } = (wanted ?? NO_RULES) as Rules;
      const there = found as Rules;
      return (
        (persistent === undefined || isSame(persistent, there.persistent)) &&
        // How long it still lasts changes while one looks.
        (temporary === undefined || satisfies({ groups: temporary.groups }, there.temporary))
      );
    },
  },
};

interface Rules {
  readonly persistent?: readonly Item[];
  readonly temporary?: { readonly groups: readonly string[]; readonly duration: number };
}

const NO_RULES: Rules = { persistent: [], temporary: { groups: [], duration: 0 } };

/** With every list as a list. */
function normal(rules: Item): Rules {
  const groupsIn = (value: Plain | undefined): string[] => (isItem(value) ? textsOf(value['groups']) : []);
  const temporary = itemOf(rules['temporary']);
  return {
    persistent: itemsOf(rules['persistent']).map((one) => ({ ...one, groups: groupsIn(one) })),
    temporary: { groups: groupsIn(temporary), duration: Number(temporary?.['duration'] ?? 0) },
  };
}
