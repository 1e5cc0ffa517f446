import { checkOperations as checkEach } from '../../operations/check.ts';
import type { Path } from '../../check-faults.ts';
import type { OrderContent } from '../../port.ts';
import { companyWish, wantedFields, type NumberArgs, type NumberObject } from '../operations/args.ts';
import { specOf, type PortalOperation } from '../operations/index.ts';
import { NUMBER_FIELDS } from '../profile/fields.ts';
import type { About } from './needs.ts';
import { checkGiven, checkValues } from './values.ts';

/** Everything of an order's operations that the profile has no call or no place for. */
export function checkOperations(order: OrderContent, about: About): void {
  const { operations, subscribers } = order;
  if (operations.length === 0) return;
  const { faults } = about;
  // Which has to come first, a line or its user, only the manual of a portal can tell.
  if (subscribers.length > 0) faults.add(['operations'], 'must stand in an order of their own, without subscribers');
  const unsound = checkEach(order, specOf, (sound) => {
    for (const [index, { service, operation, args }] of sound) {
      checkOne(specOf(service, operation)!, args as unknown as NumberArgs, ['operations', index], about);
    }
    return [];
  });
  for (const { path, message } of unsound) faults.add(path, message);
}

/** Fields that Turnup fills in itself, or that are what the thing is known by. */
const OWN_FIELDS: Readonly<Record<PortalOperation['service'], readonly string[]>> = {
  office: ['name', 'companyId', 'companyKey', 'status', 'orderKey'],
  wlr: Object.keys(NUMBER_FIELDS),
  antifraud: Object.keys(NUMBER_FIELDS),
};

function checkOne(spec: PortalOperation, args: NumberArgs, path: Path, about: About): void {
  const { profile, faults, needs } = about;
  const { service, operation } = spec;
  for (const name of spec.needs) needs.operation(name, [...path, 'operation']);
  const at = [...path, 'args'];
  if (service !== 'office') checkCompany(service, spec, args, [...at, 'company'], about);
  const fields = profile.fields[service];
  const own = [...fields.keys()].filter((name) => !OWN_FIELDS[service].includes(name));
  for (const name of Object.keys(args.fields ?? {})) {
    if (own.includes(name)) continue;
    const has = own.length === 0 ? 'it has none here' : `it has ${own.join(', ')}`;
    faults.add([...at, 'fields', name], `is no field of the profile "${profile.title}"; ${has}`);
  }
  const pathOf = ({ name }: { readonly name: string }): Path => {
    if (!OWN_FIELDS[service].includes(name)) return [...at, 'fields', name];
    return [...at, name === 'number' ? name : 'company'];
  };
  if (operation === 'create') {
    const known = { number: args.number, companyId: '', companyKey: args.company, orderKey: '' };
    checkValues(fields, wantedFields(args, known, true), pathOf, about);
  } else checkGiven(fields, args.fields ?? {}, pathOf, about);
}

/** Whether calls tell whose a number is only the profile says. */
function checkCompany(
  object: NumberObject,
  { calls }: PortalOperation,
  { company }: NumberArgs,
  path: Path,
  { profile, faults, needs }: About,
): void {
  const { isNeeded, isLookedFor } = companyWish(profile, object, calls);
  if (isNeeded && company === undefined) faults.add(path, `is required by the profile "${profile.title}"`);
  if (!isNeeded && company !== undefined) {
    faults.add(path, `has no place in the calls of the profile "${profile.title}"`);
  }
  if (isLookedFor) needs.operation('company.find', path);
}
