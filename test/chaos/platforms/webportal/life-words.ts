import type { LifeWords } from '../../lives/words.ts';
import type { Cells } from '../../lives/world.ts';
import type { SubscriberBody } from '../../orders.ts';
import type { Dialect } from './dialect.ts';
import { MAIN_OFFICE } from './hand.ts';
import { GROUPS, inGroup } from './things.ts';
import { companyChanges, companyValues, groupValues, officeNameOf, userValues } from './wanted.ts';

/* What orders of lives say, in the words of the run's profile. */

/** Offices in which lives have their subscribers. */
export const LIFE_OFFICES = [MAIN_OFFICE, 'Negozio', 'Magazzino'] as const;

/** How often an office is there. */
export const officeCell = (name: string): string => `office ${name}`;

/** What the portal alone knows, or what is told otherwise: numbers are a matter of their own. */
const OWN = ['companyId', 'officeId', 'status', 'orderKey', 'number', 'aliases'];

export function createLifeWords(dialect: Dialect): LifeWords {
  const known = (cells: Record<string, string>): Cells =>
    Object.fromEntries(Object.entries(cells).filter(([name]) => !OWN.includes(name)));

  const groupCells = (body: SubscriberBody, kind: string): Cells => {
    const values = groupValues(body, kind);
    return values ? inGroup(kind, dialect.given(kind as (typeof GROUPS)[number], values)) : {};
  };
  const blank = Object.assign({}, ...GROUPS.map((group) => inGroup(group, dialect.whole(group, {})))) as Cells;

  return {
    customerStep: 'company',
    numbersStep: 'subscriber',
    newCustomer: (customer) => ({
      ...known(dialect.whole('company', companyValues(customer))),
      ...Object.fromEntries(LIFE_OFFICES.map((name) => [officeCell(name), '0'])),
      status: 'active',
    }),
    customerCells: (customer, kind) =>
      kind === 'company' ? known(dialect.given('company', companyChanges(customer))) : {},
    newLine: (_body, subscriber, password) => ({
      ...known(dialect.whole('user', userValues(subscriber))),
      ...blank,
      office: officeNameOf(subscriber),
      status: 'active',
      password,
    }),
    lineCells({ action = 'provision' }, subscriber, kind) {
      const { password, ...others } = userValues(subscriber);
      switch (kind) {
        // A new one was made with all of it.
        case 'subscriber':
          return action === 'modify' ? known(dialect.given('user', others)) : {};
        case 'passwords':
          return known(dialect.given('user', { password }));
        default:
          return groupCells(subscriber, kind);
      }
    },
    besideLine: (_body, subscriber, kind) =>
      kind === 'office' ? { [officeCell(officeNameOf(subscriber))]: '1' } : null,
    // A company that is suspended has its users as they were.
    locked: (action, _now, ofAll): Cells => (ofAll ? {} : { status: action === 'suspend' ? 'suspended' : 'active' }),
    lockedCustomer: { suspend: { status: 'suspended' }, resume: { status: 'active' } },
    pivots: ['terminate.company', 'terminate.subscriber', 'modify.passwords'],
    inParts: [],
    codes: {
      missing: ['TURNUP_OBJECT_MISSING'],
      // Known by its number it is that which is taken.
      lineTaken: ['TURNUP_SUBSCRIBER_TAKEN', 'TURNUP_NUMBER_TAKEN'],
      numberTaken: ['TURNUP_NUMBER_TAKEN', 'TURNUP_OBJECT_TAKEN'],
      movedTaken: [],
      movedNowhere: [],
      numberTwice: [],
    },
  };
}
