import type { Path } from '../../check-faults.ts';
import type { Json, JsonObject } from '../../port.ts';
import type { Field, Fields } from '../profile/model.ts';
import { valueFault, type Values } from '../wire/values.ts';
import type { About } from './needs.ts';

/** Placeholders of faulty members are empty; the order's own check has named these. */
const isGiven = (value: Json | undefined): value is Json => value !== undefined && value !== '' && value !== '+';

/**
 * Values that cannot be sent, and required ones that are missing.
 * @param pathOf where a field comes from in the order
 */
export function checkValues(fields: Fields, values: Values, pathOf: (field: Field) => Path, { faults }: About): void {
  for (const field of fields.values()) {
    const value = values[field.name];
    if (isGiven(value)) faults.add(pathOf(field), valueFault(field, value));
    else if (value === undefined && field.required && !isTold(faults, pathOf(field))) {
      faults.add(pathOf(field), 'is required by the profile');
    }
  }
}

const isTold = ({ list }: About['faults'], path: Path): boolean =>
  list.some((fault) => fault.path.join('.') === path.join('.'));

/** Values that cannot be sent, of those that an order names; null clears. */
export function checkGiven(fields: Fields, values: Values, pathOf: (field: Field) => Path, { faults }: About): void {
  for (const field of fields.values()) {
    const value = values[field.name];
    if (isGiven(value)) faults.add(pathOf(field), valueFault(field, value));
    if (value === null && field.required) faults.add(pathOf(field), 'is required by the profile and cannot be cleared');
  }
}

/** Members of `native` that are neither ours nor the profile's. */
export function checkNativeNames(
  fields: Fields,
  native: JsonObject,
  own: readonly string[],
  path: Path,
  { faults, profile }: About,
): void {
  for (const name of Object.keys(native)) {
    if (own.includes(name) || fields.has(`native.${name}`)) continue;
    const known = [...own, ...[...fields.keys()].flatMap((key) => (key.startsWith('native.') ? [key.slice(7)] : []))];
    const has = known.length === 0 ? 'it has none here' : `it has ${known.join(', ')}`;
    faults.add([...path, name], `is no field of the profile "${profile.title}"; ${has}`);
  }
}

/** A member that the profile has no place for would be dropped. */
export function refuseUnmapped(isMapped: boolean, path: Path, { faults, profile }: About): void {
  if (!isMapped) faults.add(path, `has no field in the profile "${profile.title}"`);
}
