import type { Case, Told } from '../../audit/evidence.ts';
import { isLeftAsItIs, type Effect, type Row } from '../../audit/things.ts';
import type { SippulseEvidence, Unreloaded } from './hand.ts';
import { KEYS } from './things.ts';

/**
 * Calls go by what the proxies have read: what an order at rest changed or took back must have been reloaded. What a
 * held order did, or one that a person closed as it is, waits for that person.
 */
export function auditReloads({ before, after }: SippulseEvidence, effects: readonly Effect[], told: Told): void {
  const known = new Set(before.unreloaded.map(({ kind, key }) => `${kind} ${key}`));
  for (const missing of after.unreloaded) {
    if (known.has(`${missing.kind} ${missing.key}`)) continue;
    const owners = ownersOf(missing, effects);
    const { kind, key, reload, stored, live } = missing;
    if (owners.some(isLeftAsItIs)) continue;
    const change = stored === null ? 'it is gone' : live === null ? 'it is new' : differences(stored, live);
    told(owners.at(-1), 'reload missing', `${reload} of ${kind} ${key} (${owners.map(nameOf).join()}): ${change}`);
  }
}

const nameOf = ({ order }: Case): string => order.externalId;

/** Orders that may have changed it, by the names of what they change. */
function ownersOf({ kind, key, stored, live }: Unreloaded, effects: readonly Effect[]): Case[] {
  const row = stored ?? live ?? {};
  const isIts = (name: string): boolean => {
    switch (kind) {
      case 'subscriber':
        return (
          name === KEYS.subscriber(String(key)) || (/^(?:whiteList|member) /.test(name) && name.endsWith(` of ${key}`))
        );
      case 'did':
        return name === KEYS.did(row['aliasUsername'], row['accountCode']);
      case 'huntGroup':
        return name === KEYS.huntGroup(row['description']);
      case 'address':
        return name === KEYS.address(row, String(row['account']));
    }
  };
  const own = effects.filter(({ makes, removes, changes }) =>
    [...makes.map((made) => made.key), ...removes, ...changes.map((change) => change.key)].some(isIts),
  );
  return [...new Set(own.map(({ one }) => one))];
}

function differences(stored: Row, live: Row): string {
  const names = [...new Set([...Object.keys(stored), ...Object.keys(live)])];
  const different = names.filter((name) => JSON.stringify(stored[name]) !== JSON.stringify(live[name]));
  return `${different.join()} changed`;
}
