import { embedded, numberOrNull } from '../lookup.ts';
import { digitsOfWritten, numbersIn } from '../shared/subscriber-numbers.ts';
import { readDigits } from '../numbers.ts';
import { SUSPENDED, UNLOCKED } from '../shared/locking.ts';
import type { Item, PatchOperation } from '../types.ts';
import type { Held } from './imagined.ts';

type Read = (path: string) => Promise<Item>;

/** What a recorded write does to what is read later. */
interface Effect {
  readonly collection: string;
  concerns(id: number | null, item: Item): boolean;
  apply(item: Held): void;
}

export interface Overlay {
  readonly get: Read;
  patch(path: string, operations: readonly PatchOperation[]): Promise<void>;
  remove(path: string): void;
}

const partsOf = (path: string): { collection: string; id: number | null } => {
  const [, collection = '', id = ''] = /^\/api\/(\w+)\/(\d*)(?:\?|$)/.exec(path) ?? [];
  return { collection, id: numberOrNull(id) };
};

/** Shows what is read as if the writes that were only recorded had been made, with what the platform does along. */
export function createOverlay(read: Read): Overlay {
  const effects: Effect[] = [];

  function shown(collection: string, id: number | null, item: Item): Item {
    const copy: Held = { ...item };
    for (const effect of effects)
      if (effect.collection === collection && effect.concerns(id ?? numberOrNull(item['id']), copy)) effect.apply(copy);
    return copy;
  }

  async function get(path: string): Promise<Item> {
    const { collection, id } = partsOf(path);
    const answer = await read(path);
    if (id !== null) return shown(collection, id, answer);
    const items = embedded(answer, collection).map((item) => shown(collection, null, item));
    const rest = items.filter((item) => !isRemoved(item));
    return {
      ...answer,
      ...(rest.length > 0 || items.length > 0 ? { _embedded: { [`ngcp:${collection}`]: rest } } : {}),
    };
  }

  const on = (collection: string, id: number, apply: Effect['apply']): void => {
    effects.push({ collection, concerns: (own) => own === id, apply });
  };

  /** Preferences that the platform brings in step with the numbers when they change (sipwise-ngcp.md §8.3, §8.12). */
  async function followNumbers(id: number): Promise<void> {
    const { primary_number: primary, alias_numbers: aliases } = numbersIn(await get(`/api/subscribers/${id}`));
    const digits = [...(primary ? [primary] : []), ...aliases].map(digitsOfWritten);
    const followers = { cc: primary?.cc, ac: primary?.ac, allowed_clis: digits.length > 0 ? digits : undefined };
    on('subscriberpreferences', id, (item) => void Object.assign(item, followers));
  }

  async function moveAlias(id: number, to: number): Promise<void> {
    const number = await get(`/api/numbers/${id}`);
    const from = numberOrNull(number['subscriber_id']);
    const digits = readDigits(number);
    const aliasesOf = (item: Held): Item[] => (item['alias_numbers'] ?? []) as Item[];
    if (from !== null)
      on('subscribers', from, (item) => {
        item['alias_numbers'] = aliasesOf(item).filter((one) => readDigits(one) !== digits);
      });
    on('subscribers', to, (item) => {
      item['alias_numbers'] = [...aliasesOf(item), { ...number, number_id: id }];
    });
    await followNumbers(to);
  }

  return {
    get,

    async patch(path, operations) {
      const { collection, id } = partsOf(path);
      if (id === null) return;
      for (const { op, path: pointer, value } of operations) {
        const member = pointer.slice(1);
        if (collection === 'numbers' && member === 'subscriber_id') await moveAlias(id, Number(value));
        on(collection, id, (item) => {
          if (op === 'remove') delete item[member];
          else item[member] = value;
        });
        if (collection === 'subscribers' && /^(?:primary_number|alias_numbers)$/.test(member)) await followNumbers(id);
        if (collection === 'customers' && member === 'status') cascade(id, value);
      }
    },

    remove(path) {
      const { collection, id } = partsOf(path);
      if (id !== null) on(collection, id, (item) => void (item[REMOVED] = true));
    },
  };

  function cascade(customerId: number, status: unknown): void {
    effects.push({
      collection: 'subscribers',
      concerns: (_id, item) => numberOrNull(item['customer_id']) === customerId,
      apply: (item) => void Object.assign(item, status === 'locked' ? SUSPENDED : UNLOCKED),
    });
  }
}

const REMOVED = ' removed';

const isRemoved = (item: Item): boolean => item[REMOVED] === true;
