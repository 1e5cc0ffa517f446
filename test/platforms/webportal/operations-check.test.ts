import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/platforms/port.ts';
import { secretPaths } from '../../../src/platforms/port.ts';
import { COVERAGE } from '../../../src/platforms/webportal/coverage.ts';
import { webportal } from '../../../src/platforms/webportal/index.ts';
import { OPERATION_NAMES } from '../../../src/platforms/webportal/profile/operations.ts';
import type { WebportalClient } from '../../../src/platforms/webportal/types.ts';
import { failure } from '../../setup/failure.ts';
import { settingsWith } from './fixture.ts';
import { hooksFor, profileWith, textOf, useLabs } from './lab.ts';
import { COMPANY, LINE_NUMBER, orderOf, useOperationsLab, USER_NUMBER } from './operations-lab.ts';
import { subscriber } from './orders.ts';

type Changes = Readonly<Record<string, unknown>>;

const settingsOf = (name: 'status' | 'outcome', changes: Changes = {}) =>
  settingsWith('http://127.0.0.1:1', textOf(profileWith(name, changes)));

function faultsOf(
  call: string,
  args: JsonObject,
  name: 'status' | 'outcome' = 'status',
  changes: Changes = {},
): Record<string, string> {
  const [service = '', operation = ''] = call.split('.');
  const faults = webportal.check(orderOf({ service, operation, args }), settingsOf(name, changes), null);
  return Object.fromEntries(faults.map(({ path, message }) => [path.join('.'), message]));
}

const TITLE = "Turnup's simulator, JSON with status codes (not TIM's)";
const LINE = { number: LINE_NUMBER, fields: { kind: 'isdn' } };

describe('the door, of operations', () => {
  it.each([
    ['wlr.create', LINE, ['wlr.create']],
    ['wlr.update', LINE, ['wlr.update']],
    ['wlr.remove', { number: LINE_NUMBER }, ['wlr.remove']],
    ['antifraud.set', { number: USER_NUMBER, fields: { international: true } }, ['antifraud.set']],
    ['office.update', { company: 'C', office: 'x', fields: { city: 'Roma' } }, ['office.update']],
  ])('I12 refuses %s where the profile does not map it, with its name and the profile’s title', (call, args, gone) => {
    expect(faultsOf(call, args)).toEqual({});
    const changes = Object.fromEntries(gone.map((name) => [`operations/${name}`, undefined]));
    expect(faultsOf(call, args, 'status', changes)).toEqual({
      'operations.0.operation': `needs ${call}, which the profile "${TITLE}" does not map`,
    });
  });

  it.each<[string, string, JsonObject, Record<string, RegExp>]>([
    ['an operation that is none', 'wlr.destroy', LINE, { 'operations.0.operation': /is not an operation/ }],
    ['a member that is none', 'wlr.create', { ...LINE, colour: 1 }, { 'operations.0.args.colour': /is not a member/ }],
    ['no number', 'wlr.remove', {}, { 'operations.0.args.number': /expected string/i }],
    ['a number that is none', 'wlr.remove', { number: '06' }, { 'operations.0.args.number': /E\.164/ }],
    [
      'a field that the profile does not have',
      'wlr.create',
      { ...LINE, fields: { kind: 'isdn', colour: 'red' } },
      { 'operations.0.args.fields.colour': /is no field of the profile .*it has kind, exchange, accessCode/ },
    ],
    [
      'a field that Turnup fills in itself',
      'wlr.update',
      { ...LINE, fields: { number: '+39061' } },
      { 'operations.0.args.fields.number': /is no field/ },
    ],
    [
      'a required field that is missing',
      'wlr.create',
      { number: LINE_NUMBER },
      { 'operations.0.args.fields.kind': /required by the profile/ },
    ],
    [
      'a required field that is cleared',
      'wlr.update',
      { number: LINE_NUMBER, fields: { kind: null } },
      { 'operations.0.args.fields.kind': /cannot be cleared/ },
    ],
    [
      'a value that is none',
      'antifraud.set',
      { number: USER_NUMBER, fields: { international: 'perhaps', minutesPerDay: 'many' } },
      { 'operations.0.args.fields.international': /./, 'operations.0.args.fields.minutesPerDay': /./ },
    ],
    [
      'a company that no call tells',
      'wlr.create',
      { ...LINE, company: 'C-1' },
      { 'operations.0.args.company': /has no place/ },
    ],
  ])('names %s', (_what, call, args, expected) => {
    expect(faultsOf(call, args)).toEqual(
      Object.fromEntries(Object.entries(expected).map(([path, text]) => [path, expect.stringMatching(text)])),
    );
  });

  it('wants the company where a call tells it, and what it is found by', () => {
    expect(faultsOf('wlr.create', { number: LINE_NUMBER }, 'outcome')).toEqual({
      'operations.0.args.company': expect.stringMatching(/is required by the profile/),
    });
    const gone = { 'operations/wlr.create/set': { '/action': 'INSERT', '/who': '{companyKey}' } };
    expect(faultsOf('wlr.create', { number: LINE_NUMBER, company: COMPANY }, 'outcome', gone)).toEqual({});
  });

  it('keeps them apart from orders of subscribers', () => {
    const order = { ...orderOf({ service: 'wlr', operation: 'create', args: LINE }), subscribers: [subscriber()] };
    expect(webportal.check(order, settingsOf('status'), null)).toEqual([
      { path: ['operations'], message: expect.stringMatching(/an order of their own/) },
    ]);
  });

  it('I8 knows which of their fields are secrets', () => {
    expect(secretPaths(webportal as never, settingsOf('status') as never)).toContain(
      'operations.*.args.fields.accessCode',
    );
  });
});

describe('what a target can do', () => {
  const capabilities = (changes: Changes) => webportal.capabilitiesOf!(settingsOf('status', changes));

  it('is what its profile maps', () => {
    const all = capabilities({});
    expect(all.actions).toEqual(webportal.actions);
    expect(all.callForwardTypes).toEqual(['unconditional', 'busy', 'noAnswer']);
    expect(all.operations).toEqual(Object.keys(webportal.operations!));
    expect(all.catalog).toEqual(Object.keys(webportal.catalog!));
  });

  it('lacks what it does not map', () => {
    const gone = ['wlr.update', 'antifraud.set', 'user.suspend', 'user.resume', 'company.suspend', 'company.resume'];
    const some = capabilities({
      ...Object.fromEntries([...gone, 'callForwards.set'].map((name) => [`operations/${name}`, undefined])),
      'operations/wlr.list/show': undefined,
    });
    expect(some.actions).toEqual(['provision', 'modify', 'terminate']);
    expect(some.callForwardTypes).toEqual([]);
    expect(some.operations).toEqual(['office.update', 'wlr.create', 'wlr.remove']);
    expect(some.catalog).not.toContain('rentedLines');
    expect(some.catalog).toEqual(expect.arrayContaining(['rentedLine', 'antifraud']));
  });
});

describe('the catalogue', () => {
  const { open } = useLabs();

  const read = (client: WebportalClient, what: string, params: object = {}): Promise<Json> => {
    const { catalog } = webportal as {
      catalog: Record<string, { read(client: WebportalClient, params: never): Promise<Json> }>;
    };
    return catalog[what]!.read(client, params as never);
  };

  describe.each(['status', 'outcome'] as const)('by the profile %s', (name) => {
    const lab = useOperationsLab(name);

    it('shows lines and limits by their fields, without secrets', async () => {
      const fields = name === 'status' ? { kind: 'isdn', accessCode: 'line-code' } : { kind: 'isdn', floor: 2 };
      const company = name === 'status' ? {} : { company: COMPANY };
      const args = { number: LINE_NUMBER, ...company, fields };
      await lab.run({ service: 'wlr', operation: 'create', args });
      const limits = { number: LINE_NUMBER, fields: { minutesPerDay: 7 } };
      await lab.run({ service: 'antifraud', operation: 'set', args: limits });
      const connection = webportal.connect(lab.settings, { get: async () => null, forget: async () => {} });
      const client = connection.bind(hooksFor());
      expect(await read(client, 'rentedLine', { number: LINE_NUMBER, ...company })).toMatchObject([
        { number: LINE_NUMBER, kind: 'isdn' },
      ]);
      expect(await read(client, 'antifraud', { number: LINE_NUMBER })).toMatchObject([{ minutesPerDay: 7 }]);
      expect(JSON.stringify(await read(client, 'rentedLine', { number: LINE_NUMBER, ...company }))).not.toContain(
        'line-code',
      );
      await connection.close();
    });
  });

  it('shows of lists what the profile says, and is told apart from nothing', async () => {
    const { client } = await open(profileWith('status'));
    expect(await read(client, 'dashboard')).toEqual([{ users: 0, offices: 0 }]);
    expect(await read(client, 'rentedLines')).toEqual([]);
    expect(await read(client, 'numbers')).toEqual([]);
    const { client: other } = await open(profileWith('status', { 'operations/dashboard.get/show': undefined }));
    expect((await failure(read(other, 'dashboard'))).detail).toContain('does not map dashboard.get, or not what');
  });
});

describe('coverage', () => {
  it('has every operation that a profile may map once, and tells how it is reached', () => {
    const covered = COVERAGE.map(({ service, operation }) => `${service}.${operation}`);
    expect(covered.toSorted()).toEqual([...OPERATION_NAMES].toSorted());
    expect(COVERAGE.filter(({ reachedBy }) => reachedBy === '')).toEqual([]);
  });
});
