import { fold } from '../collation.ts';
import {
  checkForm,
  mailCheck,
  throwFormFaults,
  zoneCheck,
  type Field,
  type FieldFault,
  type FormValues,
} from '../form.ts';
import { echo } from '../text.ts';
import type { NumberParts } from '../numbers.ts';
import { isObject } from '../patch.ts';
import { invalid, masked, type JsonObject, type JsonValue } from '../refusal.ts';
import type { Context } from '../resource.ts';
import type { DomainRow } from '../rows.ts';

const USERNAME = /^[A-Za-z0-9+=,;_.~'()!*-]+$/;

function usernameCheck(value: string): string | null {
  if (/\s/.test(value)) return 'Cannot contain spaces.';
  if (!USERNAME.test(value)) return 'Contains invalid characters.';
  return /^\.|\.$|\.\./.test(value) ? 'Cannot start or end with a dot or contain two dots in a row.' : null;
}

const password = (name: string, required: boolean): Field => ({
  name,
  label: name === 'password' ? 'SIP Password' : 'Web Password',
  kind: 'text',
  required,
  secret: true,
});

/** sipwise-ngcp.md §8.3. Lengths of username, password and external_id are cut by the database, not refused. */
const COMMON_FIELDS: readonly Field[] = [
  { name: 'username', label: 'SIP Username', kind: 'text', required: true, check: usernameCheck },
  { name: 'webusername', kind: 'text', max: 127 },
  password('webpassword', false),
  { name: 'status', kind: 'choice', options: ['active', 'locked', 'terminated'] },
  { name: 'lock', kind: 'choice', options: ['1', '2', '3', '4', '5'] },
  { name: 'external_id', kind: 'text' },
  { name: 'email', kind: 'text', max: 255, check: mailCheck },
  { name: 'timezone', kind: 'text', check: zoneCheck, echoesReference: true },
  { name: 'display_name', kind: 'text', max: 128 },
  { name: 'administrative', kind: 'boolean' },
  { name: 'is_pbx_pilot', kind: 'boolean' },
  { name: 'is_pbx_group', kind: 'boolean' },
  { name: 'pbx_extension', kind: 'text', max: 255 },
  { name: 'pbx_hunt_policy', kind: 'choice', options: ['serial', 'parallel', 'random', 'circular'] },
  { name: 'pbx_hunt_timeout', kind: 'integer' },
  { name: 'pbx_hunt_cancel_mode', kind: 'choice', options: ['bye', 'cancel'] },
];
const CREATE_FIELDS: readonly Field[] = [...COMMON_FIELDS, password('password', true)];
/** What GET hides from some logins may be left out of a PUT (§8.3). */
const CHANGE_FIELDS: readonly Field[] = [...COMMON_FIELDS, password('password', false)];
export const DOCUMENTED_FIELDS: readonly Field[] = [
  { name: 'customer_id', label: 'Customer', kind: 'integer', required: true },
  { name: 'domain_id', label: 'Domain', kind: 'integer' },
  { name: 'domain', label: 'Domain', kind: 'text' },
  ...CREATE_FIELDS,
  { name: 'profile_set_id', kind: 'integer' },
  { name: 'profile_id', kind: 'integer' },
];

export interface SubscriberInput {
  readonly values: FormValues;
  readonly customerId: number;
  readonly domain: DomainRow;
  readonly primary: NumberParts | null;
  readonly aliases: readonly NumberParts[];
}

const part = (value: JsonValue | undefined): string => (value === undefined || value === null ? '' : echo(value));

/** cc and sn go together; nothing else of a number is checked. */
function readNumber(value: JsonObject, prefix: string, faults: FieldFault[]): NumberParts | null {
  const parts = { cc: part(value['cc']), ac: part(value['ac']), sn: part(value['sn']) };
  const together =
    parts.cc !== '' && parts.sn === ''
      ? 'Subscriber Number required if Country Code is set'
      : parts.cc === '' && (parts.sn !== '' || parts.ac !== '')
        ? 'Country Code required if Subscriber Number is set'
        : null;
  if (together) faults.push({ field: prefix, input: echo(value), errors: [together] });
  for (const [name, max] of [
    ['cc', 4],
    ['ac', 7],
    ['sn', 31],
  ] as const) {
    const { length } = parts[name];
    if (length > max) {
      const error = `value must not exceed ${max} digits but is ${length}`;
      faults.push({ field: `${prefix}_${name}`, input: parts[name], errors: [error] });
    }
  }
  if (parts.cc === '' && parts.sn === '') return null;
  const devid = value['is_devid'];
  return { ...parts, is_devid: devid === true || devid === 1 || devid === '1' };
}

/** The domain by its name: unknown is a clean 422; by its id it is one only when `domain` is not there (§4.1). */
function readDomain(input: JsonObject, { state, account }: Context): DomainRow | null {
  const mayUse = (row: DomainRow | undefined): row is DomainRow =>
    row !== undefined && (account.resellerId === null || row.reseller_id === account.resellerId);
  const { domain: name, domain_id: id } = input;
  if (name !== undefined && name !== null && name !== '') {
    const row = state.domainByName.get(fold(echo(name)));
    if (mayUse(row)) return row;
    throw invalid("Invalid 'domain', doesn't exist.");
  }
  if (id === undefined || id === null || id === '') return null;
  const row = state.domains.get(Number(id));
  if (mayUse(row)) return row;
  throw 'domain' in input ? masked() : invalid("Invalid 'domain', doesn't exist.");
}

function refuseShapes(input: JsonObject): void {
  const { primary_number: primary, alias_numbers: aliases } = input;
  if (primary !== undefined && primary !== null && !isObject(primary)) {
    throw invalid('Invalid primary_number parameter, must be a hash.');
  }
  if (aliases === undefined || aliases === null) return;
  if (!Array.isArray(aliases)) throw invalid('Invalid alias_number parameter, must be an array.');
  if (!aliases.every(isObject)) throw invalid('Invalid alias_number parameter, must be a hash.');
}

function refuseProfiles({ profile_set_id: set, profile_id: profile }: JsonObject): void {
  if (set === '') throw invalid('Empty profile_set_id parameter');
  if (set !== undefined && set !== null) throw invalid('Invalid profile_set_id parameter');
  if (profile !== undefined && profile !== null && profile !== '') throw invalid('Invalid profile_id parameter');
}

/** The server trips over the missing member while it words the fault (§4). */
const NO_CUSTOMER =
  'Customer field is required,Use of uninitialized value $id in concatenation (.) or string at /usr/share/perl5/NGCP/Panel/Role/API/Subscribers.pm line 322.';

/**
 * Reads the body of a create (`create`) or of a whole new state of a subscriber: shapes first, then one 422 for all
 * faults of the form.
 */
export function readSubscriber(input: JsonObject, context: Context, create: boolean): SubscriberInput {
  const domain = readDomain(input, context);
  refuseShapes(input);
  const { values, faults } = checkForm(create ? CREATE_FIELDS : CHANGE_FIELDS, input);
  const customerId = echo(input['customer_id']);
  if (customerId === '') faults.unshift({ field: 'customer_id', input: '', errors: [NO_CUSTOMER] });
  if (!domain) faults.unshift({ field: 'domain_id', input: '', errors: ['Domain field is required'] });
  const primaryInput = input['primary_number'];
  const primary = isObject(primaryInput) ? readNumber(primaryInput, 'e164', faults) : null;
  const aliases: NumberParts[] = [];
  const aliasInput = input['alias_numbers'];
  for (const [index, alias] of (Array.isArray(aliasInput) ? aliasInput : []).entries()) {
    const parts = readNumber(alias as JsonObject, `alias_numbers_${index}_e164`, faults);
    if (parts) aliases.push(parts);
  }
  throwFormFaults(faults);
  refuseProfiles(input);
  if (!domain) throw masked();
  return { values, customerId: Number(customerId), domain, primary, aliases };
}
