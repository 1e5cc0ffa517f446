import { mark, MARKS } from '../shared/marks.ts';
import type { Item } from './spec.ts';
import { isObject } from './values.ts';

/* Turnup's own properties of an account or customer are kept apart, so that others are compared and replaced without them. */

const APART = 'turnup';
const NAMES: readonly unknown[] = Object.values(MARKS);

const listIn = (value: unknown): Item[] => (Array.isArray(value) ? value.filter(isObject) : []);

const isMark = ({ name }: Item): boolean => NAMES.includes(name);

/** An object of the platform with its marks apart. */
export function marksApart(found: Item): Item {
  const all = listIn(found['properties']);
  return { ...found, properties: all.filter((one) => !isMark(one)), [APART]: all.filter(isMark) };
}

/** As the platform takes it. */
export function marksIn(item: Item): Item {
  const { [APART]: marks, ...members } = item;
  const all = [...listIn(members['properties']), ...listIn(marks)];
  return all.length === 0 && members['properties'] === undefined ? members : { ...members, properties: all };
}

/** Of a new object, and of one that was found: the key of the order that made it. */
export const KEY_MARK = {
  put: (item: Item, key: string): Item => ({ ...item, [APART]: [mark('key', key)] }),
  of(found: Item): string | null {
    const value = listIn(found[APART]).find(({ name }) => name === MARKS.key)?.['value'];
    return typeof value === 'string' && value !== '' ? value : null;
  },
};
