import { describe, expect, it } from 'vitest';
import { OPERATION_NAMES } from '../../../src/platforms/webportal/profile/operations.ts';
import { readProfile } from '../../../src/platforms/webportal/profile/read.ts';
import { wireProfile } from '../../../src/platforms/webportal/wire-profile.ts';
import { PORTAL_PROFILES, portalProfile } from '../../../src/simulators/index.ts';
import { profileWith, textOf } from './lab.ts';

type Changes = Readonly<Record<string, unknown>>;

const faultsOf = (profile: unknown): Record<string, string> =>
  Object.fromEntries(
    readProfile(textOf(profile)).faults.map(({ path, message }) => [
      path.join(' '),
      message.replace(/ \(line \d+ of the profile\)$/, ''),
    ]),
  );

describe.each(PORTAL_PROFILES)('the profile %s of the stand-in', (name) => {
  it('says in its first line that it is nobody else’s', () => {
    expect(portalProfile(name).split('\n')[0]).toMatch(/^# Not TIM's\./);
  });

  it('has no fault, and is honest about what it was held against', () => {
    const { faults, profile } = readProfile(portalProfile(name));
    expect(faults).toEqual([]);
    expect(profile?.verifiedAgainst).toBe('none');
  });
});

/** One thing wrong at a time: what is changed, and the one fault that is then told. */
const BROKEN: readonly [what: string, changes: Changes, path: string, message: RegExp][] = [
  ['another schema', { schema: 'turnup.webportal/9' }, 'schema', /expected/],
  ['no title', { title: undefined }, 'title', /^is required$/],
  ['an unknown member', { colour: 'red' }, 'colour', /^is not known here$/],
  ['an unknown operation', { 'operations/company.destroy': {} }, 'operations company.destroy', /^is not known here$/],
  ['an unknown field', { 'fields/user/shoeSize': '/size' }, 'fields user shoeSize', /^is not known here$/],
  [
    'an unknown member of an operation',
    { 'operations/company.find/colour': 1 },
    'operations company.find colour',
    /^is not known here$/,
  ],
  [
    'a method that is none',
    { 'operations/company.find/method': 'FETCH' },
    'operations company.find method',
    /expected/,
  ],
  ['a pointer that is none', { 'fields/company/name': 'name' }, 'fields company name', /JSON Pointer/],
  ['a pointer with a wrong escape', { 'fields/company/name': '/a~2' }, 'fields company name', /~0/],
  ['a pointer into JavaScript', { 'fields/company/name': '/__proto__/x' }, 'fields company name', /no document has/],
  ['two fields in one place', { 'fields/company/email': '/name' }, 'fields company email', /where name is/],
  [
    'a converter that is none',
    { 'fields/company/email': { at: '/m', as: 'shout' } },
    'fields company email as',
    /must be one of text/,
  ],
  [
    'a converter with code',
    { 'fields/company/email': { at: '/m', as: 'text.trim()' } },
    'fields company email as',
    /must be one of text/,
  ],
  [
    'an enum without its list',
    { 'fields/company/profile': { at: '/k', as: 'enum:nowhere' } },
    'fields company profile as',
    /not under values/,
  ],
  [
    'a bool with one word',
    { 'fields/services/clir': { at: '/c', as: 'bool:S' } },
    'fields services clir as',
    /bool:S\/N/,
  ],
  ['a number as text', { 'fields/user/number': '/number' }, 'fields user number', /telephone number/],
  ['a state in the portal’s words', { 'fields/user/status': '/status' }, 'fields user status', /enum/],
  [
    'aliases that are no list',
    { 'fields/user/aliases': { at: '/m', as: 'e164' } },
    'fields user aliases',
    /needs "list"/,
  ],
  ['a state that is not ours', { 'values/status/parked': 'P' }, 'values status parked', /must be one of active/],
  [
    'a path to another host',
    { 'operations/company.find/path': '//evil.example.com/x' },
    'operations company.find path',
    /another host/,
  ],
  [
    'a URL for a path',
    { 'operations/company.find/path': 'https://evil.example.com/x' },
    'operations company.find path',
    /must begin with/,
  ],
  ['a path that climbs', { 'operations/company.find/path': '/a/../b' }, 'operations company.find path', /".."/],
  [
    'a path that climbs in disguise',
    { 'operations/company.find/path': '/a/%2e%2E/b' },
    'operations company.find path',
    /".."/,
  ],
  ['a path with a query', { 'operations/company.find/path': '/a?x=1' }, 'operations company.find path', /query/],
  ['a path with a space', { 'operations/company.find/path': '/a b' }, 'operations company.find path', /character/],
  ['a base path that climbs', { basePath: '/a/..' }, 'basePath', /".."/],
  [
    'a placeholder that nobody fills',
    { 'operations/company.create/path': '/c/{mood}' },
    'operations company.create path',
    /names \{mood\}/,
  ],
  [
    'a secret in a path',
    { 'operations/user.create/path': '/u/{password}' },
    'operations user.create path',
    /names \{password\}/,
  ],
  ['a brace alone', { 'operations/company.create/path': '/c/{companyKey' }, 'operations company.create path', /brace/],
  [
    'a header of the client’s',
    { 'operations/company.find/headers': { Host: 'x' } },
    'operations company.find headers Host',
    /Turnup itself/,
  ],
  [
    'a header with a line in it',
    { 'defaults/headers': { 'X\r\nY': 'x' } },
    'defaults headers X\r\nY',
    /no name of a header/,
  ],
  ['a body in a GET', { 'operations/company.find/set': { '/a': 1 } }, 'operations company.find set', /GET/],
  [
    'another thing’s fields',
    { 'operations/company.create/body': 'office' },
    'operations company.create body',
    /must be company/,
  ],
  [
    'a redirect for a success',
    { 'operations/company.create/done': { status: 302 } },
    'operations company.create done status',
    /200 to 299/,
  ],
  [
    'a success without a status',
    { 'operations/company.create/done': { at: '/x', equals: 1 } },
    'operations company.create done status',
    /is required/,
  ],
  [
    'a redirect for "absent"',
    { 'operations/user.find/absent': { status: 301 } },
    'operations user.find absent status',
    /redirect/,
  ],
  ['a condition about nothing', { 'operations/user.find/absent': {} }, 'operations user.find absent', /needs a status/],
  [
    'two tests in one',
    { 'operations/user.find/absent': { at: '/x', equals: 1, present: true } },
    'operations user.find absent at',
    /equals and present/,
  ],
  [
    'a test without a place',
    { 'operations/user.find/absent': { status: 404, equals: 1 } },
    'operations user.find absent equals',
    /needs "at"/,
  ],
  [
    'a create without a find',
    { 'operations/office.find': undefined, 'operations/office.update': undefined },
    'operations office.create',
    /needs office.find/,
  ],
  [
    'a line that is made without a look',
    { 'operations/wlr.find': undefined, 'operations/wlr.update': undefined, 'operations/wlr.remove': undefined },
    'operations wlr.create',
    /needs wlr.find/,
  ],
  [
    'limits that cannot be read',
    { 'operations/antifraud.get': undefined },
    'operations antifraud.set',
    /antifraud.get/,
  ],
  [
    'a line that is looked for without its number',
    { 'operations/wlr.find/query': {} },
    'operations wlr.find',
    /does not say of which/,
  ],
  [
    'lines in a list without their numbers',
    { 'fields/wlr/number': undefined },
    'operations wlr.find',
    /fields.wlr.number must say/,
  ],
  ['the number of a line as text', { 'fields/wlr/number': '/number' }, 'fields wlr number', /telephone number/],
  ['a secret that no line has', { secret: ['wlr.nothing'] }, 'secret 0', /can be a secret/],
  [
    'a find that does not say what',
    { 'operations/company.find/query': {} },
    'operations company.find',
    /does not say what/,
  ],
  [
    'an office of no company',
    { 'operations/office.find/path': '/offices' },
    'operations office.find',
    /of which company/,
  ],
  [
    'a list whose members show no key',
    { 'fields/office/name': undefined },
    'operations office.find',
    /fields.office.name/,
  ],
  [
    'users of nobody',
    { 'fields/user/companyId': undefined, 'fields/user/officeId': undefined },
    'operations user.find',
    /whose a number is/,
  ],
  [
    'pages of one thing',
    { 'operations/user.find/paging': { kind: 'page', param: 'p', size: 5 } },
    'operations user.find paging',
    /many/,
  ],
  [
    'a remove that does not say what hangs on it',
    { 'operations/company.remove/children': undefined, 'operations/office.list': undefined },
    'operations company.remove children',
    /must not take along/,
  ],
  ['children of a user', { 'operations/user.remove/children': 'refused' }, 'operations user.remove children', /only/],
  ['a set without a get', { 'operations/services.get': undefined }, 'operations services.set', /needs services.get/],
  ['a suspension for ever', { 'operations/user.resume': undefined }, 'operations user.suspend', /could not be undone/],
  ['a suspension nobody sees', { 'fields/user/status': undefined }, 'operations user.suspend', /fields.user.status/],
  [
    'a ticket nobody asks after',
    { 'operations/user.create/ticket': '/t' },
    'operations user.create ticket',
    /needs "jobs"/,
  ],
  [
    'an error about no operation',
    { errors: [{ status: 409, class: 'conflict', on: ['user.make'] }] },
    'errors 0 on 0',
    /no operation/,
  ],
  ['an error of no class', { errors: [{ status: 409, class: 'bad' }] }, 'errors 0 class', /expected/],
  [
    'a secret that is no field',
    { secret: ['services.pinCode', 'native.user.deviceSecret', 'user.shoeSize'] },
    'secret 2',
    /no field/,
  ],
  ['dates that are none', { 'defaults/dates': 'yyyy' }, 'defaults dates', /lacks MM, dd/],
  [
    'a session without a token',
    { auth: { kind: 'login-session', path: '/l', set: {}, done: { status: 200 }, refused: { status: 403 } } },
    'auth',
    /token/,
  ],
  ['an unknown login', { auth: { kind: 'magic' } }, 'auth kind', /./],
  ['a native field named office', { 'native/user/office': '/o' }, 'native user office', /is taken/],
];

describe('the checker', () => {
  it.each(BROKEN)('names %s', (_what, changes, path, message) => {
    const faults = faultsOf(profileWith('status', changes));
    expect(faults).toEqual({ [path]: expect.stringMatching(message) });
  });

  it.each([
    [
      'a job nobody starts',
      {
        jobs: {
          poll: {
            path: '/t/{ticket}',
            pending: { status: 200, at: '/s', equals: 'W' },
            done: { status: 200, at: '/s', equals: 'D' },
            failed: { status: 200, at: '/s', equals: 'F' },
          },
        },
      },
      'jobs',
      /no operation/,
    ],
  ])('names %s', (_what, changes, path, message) => {
    expect(faultsOf(profileWith('status', changes))).toEqual({ [path]: expect.stringMatching(message) });
  });

  it('names a success that the status alone would tell, where answers say otherwise', () => {
    const faults = faultsOf(profileWith('outcome', { 'operations/user.create/done': { status: 200 } }));
    expect(faults).toEqual({ 'operations user.create done': expect.stringMatching(/name what a success says/) });
  });

  it('names a poll that is not about the ticket, and a time that is too short', () => {
    expect(faultsOf(profileWith('outcome', { 'jobs/poll/path': '/api/tickets' }))).toEqual({
      'jobs poll path': expect.stringMatching(/\{ticket\}/),
    });
    expect(faultsOf(profileWith('outcome', { 'jobs/for': '1ms', 'jobs/every': '5s' }))).toEqual({
      'jobs for': expect.stringMatching(/shorter/),
    });
  });

  it('takes a create without a find where the manual promises that repeating is harmless', () => {
    const changes = {
      'operations/office.find': undefined,
      'operations/office.update': undefined,
      'operations/office.create/repeat': 'idempotent',
    };
    expect(faultsOf(profileWith('status', changes))).toEqual({});
    expect(faultsOf(profileWith('status', { ...changes, 'operations/office.create/id': undefined }))).toEqual({
      'operations office.create id': expect.stringMatching(/nothing else tells the id/),
    });
  });

  it('names everything at once: one fault hides no other', () => {
    const all = BROKEN.filter(([what]) =>
      [
        'an unknown member',
        'a pointer that is none',
        'a path that climbs',
        'a placeholder that nobody fills',
        'an error of no class',
        'a method that is none',
        'a redirect for "absent"',
        'dates that are none',
      ].includes(what),
    );
    const changes = Object.assign({}, ...all.map(([, one]) => one)) as Changes;
    const paths = Object.keys(faultsOf(profileWith('status', changes)));
    for (const [what, , path] of all)
      expect({ what, told: paths }).toEqual({ what, told: expect.arrayContaining([path]) });
  });

  it('tells the line', () => {
    const text = portalProfile('status').replace('keys: { company: externalId', 'keys: { company: colour');
    const line = text.split('\n').findIndex((one) => one.startsWith('keys:')) + 1;
    expect(readProfile(text).faults).toEqual([
      { path: ['keys', 'company'], message: expect.stringMatching(`\\(line ${line} of the profile\\)$`) },
    ]);
  });

  it('names what is no YAML, has members twice, or is no profile at all', () => {
    expect(readProfile('a: [\n').faults).not.toEqual([]);
    expect(readProfile('title: a\ntitle: b\n').faults).not.toEqual([]);
    expect(readProfile('[]\n').faults).not.toEqual([]);
    expect(readProfile('{}\n').faults.map(({ path }) => path.join('.'))).toEqual(
      expect.arrayContaining(['schema', 'title', 'verifiedAgainst', 'auth', 'operations', 'fields']),
    );
  });
});

describe('what is told of a profile', () => {
  it('what it does not map, and what nothing uses', () => {
    const { profile } = wireProfile.check(
      textOf(
        profileWith('status', {
          'values/moods': { good: 'G' },
          'operations/voicemail.get': undefined,
          'operations/voicemail.set': undefined,
        }),
      ),
    );
    expect(profile?.unmapped).toEqual(expect.arrayContaining(['voicemail.get', 'voicemail.set']));
    expect(profile?.notes).toEqual(
      expect.arrayContaining([
        'verified against none',
        'values.moods is used by no field',
        'fields.voicemail is used by no operation',
      ]),
    );
  });

  it('an example of each call, with no placeholder left', () => {
    for (const name of PORTAL_PROFILES) {
      const { profile } = wireProfile.check(portalProfile(name));
      const mapped = OPERATION_NAMES.filter((one) => !profile!.unmapped.includes(one));
      expect(profile!.calls.map(({ operation }) => operation)).toEqual(mapped);
      expect(JSON.stringify(profile!.calls)).not.toMatch(/\{[a-z]+[A-Za-z|]*\}/);
    }
  });

  it('its JSON Schema says what every member is for', () => {
    const schema = wireProfile.jsonSchema() as { properties: Record<string, unknown>; additionalProperties: boolean };
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['auth', 'operations', 'fields', 'errors']));
    expect(schema.additionalProperties).toBe(false);
  });
});
