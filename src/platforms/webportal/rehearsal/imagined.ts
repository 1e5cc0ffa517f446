import type { Json, Stage } from '../../port.ts';
import { companyChanges, passwordChanges, userChanges } from '../order/changes.ts';
import { clears } from '../order/cleared.ts';
import { companyKey } from '../order/company.ts';
import { GROUP_NAMES, GROUPS, numberOf, type GroupName } from '../order/user.ts';
import type { Field, Fields, Profile } from '../profile/model.ts';
import { writeAt } from '../profile/pointer.ts';
import type { SubscriberOrder } from '../../port.ts';
import { toWire, valueFault, writeFields, type Values } from '../wire/values.ts';

/*
 * What an order that changes something counts on: it is there, and otherwise than the order wants it, by a name that a
 * plan shows in its place.
 */

export interface ImaginedUser {
  readonly id: string;
  readonly document: unknown;
  readonly groups: Readonly<Record<GroupName, unknown>>;
}

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
