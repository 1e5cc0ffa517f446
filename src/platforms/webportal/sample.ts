import type { Contact, Json, TargetSettings } from '../port.ts';
import { secretRefsOf } from './profile/compile-auth.ts';
import type { Field, Profile } from './profile/model.ts';
import type { ObjectName } from './profile/operations.ts';
import type { WebportalSettings } from './settings.ts';
import { valueFault, type Values } from './wire/values.ts';

/* Made-up values, by which a person sees what a profile makes of an order. */

const DOMAIN = 'sip.example.com';
const SECRET = 'made-up-secret';

const CONTACT: Contact = {
  firstName: 'Maria',
  lastName: 'Rossi',
  company: 'Rossi Srl',
  email: 'maria.rossi@example.com',
  phone: '+390612345678',
  mobile: '+393331234567',
  street: 'Via Roma',
  houseNumber: '1',
  district: 'Centro',
  postcode: '00184',
  city: 'Roma',
  state: 'RM',
  country: 'IT',
  taxId: '12345678901',
};

const numbers = ({ countryCode }: Profile): { number: string; alias: string } => ({
  number: `+${countryCode}0612345600`,
  alias: `+${countryCode}0612345601`,
});

/** A value that the field takes; undefined where none of the usual ones fits. */
function valueFor(field: Field, profile: Profile): Json | undefined {
  const { number } = numbers(profile);
  const [list] = /(?<=^enum:).+/.exec(field.converter.name) ?? [];
  const words = list === undefined ? [] : Object.keys(profile.values[list] ?? {});
  const candidates: Json[] = [...words, 'sample', number, true, 1, '2026-01-31T12:00:00Z', '1'];
  const many = candidates.map((value): Json => (field.list === null ? value : [value]));
  return many.find((value) => valueFault(field, value) === null);
}

export function sampleNames(profile: Profile): Values {
  const { number } = numbers(profile);
  const username = usernameFor(profile);
  return {
    orderKey: 'turnup:sample:1',
    companyId: '1001',
    companyKey: profile.keys.company === 'externalId' ? 'C-77' : '12345678901',
    officeId: '2001',
    officeName: 'Main office',
    userId: '3001',
    lineId: '4001',
    userKey: profile.keys.user === 'number' ? number : username,
    number,
    username,
    domain: DOMAIN,
    externalId: 'S-1',
    ticket: 'T-1',
  };
}

const usernameFor = (profile: Profile): string =>
  profile.fields.user.has('username') ? 'maria' : numbers(profile).number.slice(1);

/** Every field of a thing. */
export function sampleFields(profile: Profile, object: ObjectName): Values {
  const { number, alias } = numbers(profile);
  const known: Record<string, Json> = {
    ...(object === 'company' && { ...CONTACT, externalId: 'C-77', name: 'Rossi Srl', vatNumber: '12345678901' }),
    ...(object === 'office' && { ...CONTACT, name: 'Main office', companyId: '1001', companyKey: 'C-77' }),
    ...(object === 'user' && {
      number,
      aliases: [alias],
      username: usernameFor(profile),
      domain: DOMAIN,
      password: SECRET,
    }),
    ...(object === 'user' && { rangeFrom: '00', rangeTo: '99' }),
    ...((object === 'wlr' || object === 'antifraud') && { number, companyId: '1001', companyKey: 'C-77' }),
    ...(object === 'voicemail' && { pin: '4711', email: 'maria.rossi@example.com' }),
    ...(object === 'callForwards' && { ringTimeout: 20 }),
  };
  const fields = [...profile.fields[object].values()].filter(({ name }) => name !== 'status' && name !== 'orderKey');
  return Object.fromEntries(
    fields.map((field): [string, Json | undefined] => {
      const value = known[field.name];
      const fits = value !== undefined && valueFault(field, value) === null;
      return [field.name, fits ? value : valueFor(field, profile)];
    }),
  );
}

function nativeOf(profile: Profile, object: 'company' | 'office' | 'user'): Record<string, Json> {
  const fields = [...profile.fields[object].values()].filter(({ name }) => name.startsWith('native.'));
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = valueFor(field, profile);
      return value === undefined ? [] : [[field.name.slice('native.'.length), value] as const];
    }),
  );
}

/** As a CRM posts it, with everything that the profile has a place for. */
export function sampleOrder(profile: Profile): object {
  const { company, office, user, callForwards, services, voicemail } = profile.fields;
  const { number, alias } = numbers(profile);
  const has = (member: string): boolean =>
    company.has(member) ||
    office.has(member) ||
    (member === 'company' && company.has('name')) ||
    (member === 'taxId' && (company.has('vatNumber') || company.has('taxCode')));
  const contact = Object.fromEntries(Object.entries(CONTACT).filter(([member]) => has(member)));
  const canSet = (group: 'services' | 'callForwards' | 'voicemail'): boolean => profile.operations.has(`${group}.set`);
  const forwards = [...callForwards.keys()].filter((name) => name !== 'ringTimeout');
  const preferences = Object.fromEntries(
    [...services.values()].flatMap((field) => {
      const value = valueFor(field, profile);
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
  const officeNative = nativeOf(profile, 'office');
  return {
    externalId: 'SAMPLE-1',
    target: 'sample',
    customer: { externalId: 'C-77', contact, native: nativeOf(profile, 'company') },
    subscribers: [
      {
        ...(user.has('externalId') && { externalId: 'S-1' }),
        username: usernameFor(profile),
        domain: DOMAIN,
        number,
        ...(user.has('aliases') && { aliases: [alias] }),
        ...(user.has('password') && { password: SECRET }),
        ...(canSet('callForwards') && {
          callForwards: Object.fromEntries(
            forwards.map((type) => [
              type,
              {
                destinations: [{ to: `+${profile.countryCode}0687654321` }],
                ...(type === 'noAnswer' && callForwards.has('ringTimeout') && { ringTimeout: 20 }),
              },
            ]),
          ),
        }),
        ...(canSet('services') && Object.keys(preferences).length > 0 && { preferences }),
        ...(canSet('voicemail') && {
          voicemail: {
            ...(voicemail.has('pin') && { pin: '4711' }),
            ...(voicemail.has('email') && { email: 'maria.rossi@example.com' }),
          },
        }),
        native: {
          ...nativeOf(profile, 'user'),
          ...(Object.keys(officeNative).length > 0 && { office: { name: 'Main office', ...officeNative } }),
        },
      },
    ],
  };
}

export function sampleSettings(profile: Profile): TargetSettings<WebportalSettings> {
  return {
    name: 'sample',
    url: 'https://portal.example.com',
    auth: { username: 'turnup', password: SECRET },
    tls: { verify: true },
    concurrency: 1,
    timeouts: { connectMs: 1000, readMs: 1000, writeMs: 1000 },
    areaCodes: [],
    native: {
      profile,
      office: 'Main office',
      domain: DOMAIN,
      secrets: Object.fromEntries(secretRefsOf(profile.auth).map((name) => [name, SECRET])),
    },
  };
}
