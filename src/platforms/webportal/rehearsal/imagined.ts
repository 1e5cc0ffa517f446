import type { Json, OperationOrder, Stage } from '../../port.ts';
import { companyChanges, passwordChanges, userChanges } from '../order/changes.ts';
import { clears } from '../order/cleared.ts';
import { companyKey } from '../order/company.ts';
import { GROUP_NAMES, GROUPS, numberOf, type GroupName } from '../order/user.ts';
import type { NumberArgs, NumberObject, OfficeArgs } from '../operations/args.ts';
import type { Field, Fields, Profile } from '../profile/model.ts';
import { writeAt } from '../profile/pointer.ts';
import type { SubscriberOrder } from '../../port.ts';
import type { Owner } from '../steps/common.ts';
import type { Item } from '../types.ts';
import { toWire, valueFault, writeFields, type Values } from '../wire/values.ts';

/*
 * What an order that changes something counts on: it is there, and otherwise than the order wants it, by a name that a
 * plan shows in its place.
 */

/** Something that is there, or was made since. */
export interface Entry {
  readonly item: Item;
  readonly key: Json | undefined;
  readonly username?: Json | undefined;
  readonly groups: Partial<Record<GroupName, unknown>>;
}

export interface ImaginedUser {
  readonly id: string;
  readonly document: unknown;
  readonly groups: Readonly<Record<GroupName, unknown>>;
}

/** Things that calls find, make and take away. */
export type Kept = Owner | NumberObject;

/** What their ids are called in calls. */
export const ID_NAMES: Readonly<Record<Kept, string>> = {
  company: 'companyId',
  office: 'officeId',
  user: 'userId',
  wlr: 'lineId',
  antifraud: 'limitsId',
};

export const isKept = (name: string): name is Kept => Object.hasOwn(ID_NAMES, name);

/** Converters whose wire value may be any digits, so that a name can stand for it. */
const NAMEABLE = new Set(['text', 'upper', 'lower', 'xml-text', 'e164', 'digits', 'national']);

export function createImagination({ order, numberFor, secret }: Stage, profile: Profile) {
  const status = order.action === 'resume' ? 'suspended' : 'active';

  function otherwise(field: Field, wanted: Json, name: string): unknown {
    const one = ((): unknown => {
      if (field.isSecret) return secret();
      if (NAMEABLE.has(field.converter.name)) return String(numberFor(name));
      return field.converter.name === 'number' ? numberFor(name) : unlike(field, wanted);
    })();
    return field.list === true ? [one] : one;
  }

  /** Something that the field may be, other than what is wanted. */
  function unlike(field: Field, wanted: Json): unknown {
    const words = Object.keys(profile.values[field.converter.name.replace(/^enum:/, '')] ?? {});
    const candidates: Json[] = [...words, true, false, '2000-01-01T00:00:00Z'];
    const other = candidates.find((value) => value !== wanted && valueFault({ ...field, list: null }, value) === null);
    return other === undefined ? null : toWire({ ...field, list: null }, other);
  }

  const imagined = (fields: Fields, wanted: Values, known: Values, holder: string): unknown =>
    Object.entries(wanted).reduce(
      (document: unknown, [name, value]) => {
        const field = fields.get(name);
        return !field || value === undefined
          ? document
          : writeAt(document, field.at, otherwise(field, value, `${holder}.${name}`));
      },
      writeFields(fields, known),
    );

  /** Fields of a group that the order sets or clears. */
  function groupWishes(group: GroupName, one: SubscriberOrder): Values {
    const fields = profile.fields[group];
    const isCleared = (member: string): boolean => clears(order, `subscribers.${one.id}.${member}`);
    const cleared = [...fields.keys()].filter(
      (name) => (group === 'callForwards' && isCleared(group)) || isCleared(`${group}.${name}`),
    );
    const given = Object.entries(GROUPS[group](one)).filter(([, value]) => value !== undefined);
    return { ...Object.fromEntries(cleared.map((name) => [name, null])), ...Object.fromEntries(given) };
  }

  return {
    company(): { id: string; document: unknown } {
      const known = { [profile.keys.company]: companyKey(order, profile), status };
      const wanted = order.action === 'modify' ? companyChanges(order, profile) : {};
      return {
        id: String(numberFor('companyId')),
        document: imagined(profile.fields.company, wanted, known, 'company'),
      };
    },

    /** The company that an operation names, and what it is about where an operation before has not made it. */
    ofOperation({ id, service, operation, args }: OperationOrder): readonly (readonly [Kept, Entry])[] {
      const { number, company, office, fields: wanted = {} } = args as Partial<NumberArgs & OfficeArgs>;
      const companyId = String(numberFor(`${id}.companyId`));
      const owner = { [profile.keys.company]: company, status };
      const companyEntry: [Kept, Entry][] = [];
      if (company !== undefined) {
        const item = { id: companyId, document: writeFields(profile.fields.company, owner) };
        companyEntry.push(['company', { item, key: company, groups: {} }]);
      }
      if (!isKept(service) || operation === 'create') return companyEntry;
      const known = { number, name: office, companyId, companyKey: company, status };
      const document = imagined(profile.fields[service], wanted, known, id);
      const item = { id: String(numberFor(`${id}.${ID_NAMES[service]}`)), document };
      return [...companyEntry, [service, { item, key: number ?? office, groups: {} }]];
    },

    user(one: SubscriberOrder, companyId: string): ImaginedUser {
      const { id, username, domain, externalId } = one;
      const isChanged = order.action === 'modify';
      const known = {
        username,
        domain,
        status,
        companyId,
        officeId: String(numberFor(`${id}.officeId`)),
        ...(!isChanged && { externalId }),
        number: isChanged && profile.fields.user.has('username') ? undefined : numberOf(one, profile),
      };
      const wanted = isChanged ? { ...userChanges(order, one), ...passwordChanges(order, one) } : {};
      const groups = GROUP_NAMES.map((group) => [
        group,
        imagined(profile.fields[group], isChanged ? groupWishes(group, one) : {}, {}, `${id}.${group}`),
      ]);
      return {
        id: String(numberFor(`${id}.userId`)),
        document: imagined(profile.fields.user, wanted, known, id),
        groups: Object.fromEntries(groups) as ImaginedUser['groups'],
      };
    },
  };
}
