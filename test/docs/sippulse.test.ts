import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.ts';
import { parseJsonStrict, parseOrder } from '../../src/orders/model/index.ts';
import { stepKindNames, type OrderContent, type TargetSettings } from '../../src/platforms/port.ts';
import { COVERAGE } from '../../src/platforms/sippulse/coverage.ts';
import { sippulse } from '../../src/platforms/sippulse/index.ts';
import { customerNative, subscriberNative } from '../../src/platforms/sippulse/native.ts';
import { OPERATION_TABLE } from '../../src/platforms/sippulse/operations/table.ts';
import { PREFERENCES } from '../../src/platforms/sippulse/preference-names.ts';
import { settingsSchema, type SippulseSettings } from '../../src/platforms/sippulse/settings.ts';
import { CONTACT_MEMBERS } from '../../src/platforms/sippulse/subscriber-members.ts';
import { startSimulator, type Simulator } from '../../src/simulators/index.ts';

const page = readFileSync(new URL('../../docs/targets/sippulse.md', import.meta.url), 'utf8');

/** From a heading to the next one of any level. */
function section(title: string): string {
  const [, text = ''] = page.split(new RegExp(`^#+ ${title}$`, 'm'));
  return text.split(/^#+ /m)[0]!;
}

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

/** Rows of the table in a section, cell by cell. */
const rows = (title: string): string[][] =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

const SOMEBODY = { id: 's1', username: 'ana', domain: 'sip.example.com' };
const TERMINATION: OrderContent = {
  externalId: 'x',
  target: 'saopaulo',
  action: 'terminate',
  customer: { externalId: 'C-1', native: {} },
  subscribers: [],
  operations: [],
};

const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

function settings(): TargetSettings<SippulseSettings> {
  const env = { SIPPULSE_PASSWORD: 'x' };
  const config = parseConfig(blocks('yaml')[0]!, { file: 'turnup.yaml', env });
  return config.targets.get('saopaulo')!.settings as TargetSettings<SippulseSettings>;
}

const simulators: Simulator[] = [];
afterAll(async () => {
  for (const simulator of simulators) await simulator.close();
});

/** Names of what the doctor finds bad on a server that lacks these operations. */
async function badWithout(without: readonly string[]): Promise<string[]> {
  const simulator = await startSimulator({ platform: 'sippulse', sippulse: { without } });
  simulators.push(simulator);
  const target = { ...settings(), url: simulator.url, auth: { username: 'admin', password: 'admin' } };
  const connection = sippulse.connect(target, { get: () => Promise.reject(new Error()), forget: async () => {} });
  const hooks = { signal: AbortSignal.timeout(20_000), beforeCall: async () => {}, afterCall: () => undefined };
  const checked = await sippulse.probe(connection.bind(hooks));
  await connection.close();
  return checked.filter(({ ok }) => !ok).map(({ name }) => name);
}

describe('the page of SIPPulse targets', () => {
  it('has a configuration that is accepted', () => {
    expect(settings()).toMatchObject({ url: 'http://10.8.0.20:8080/SipPulse', native: { ratePlanId: 21 } });
  });

  it('explains every setting, with its default', () => {
    const defaults = new Map<string, unknown>(Object.entries(settingsSchema.parse({})));
    const told = rows('Configuration').map(([, name = '', value = '']) => [name, value]);
    expect(told).toEqual(
      Object.keys(settingsSchema.shape).map((name) => [
        `\`${name}\``,
        defaults.has(name) ? `\`${defaults.get(name) as string | number}\`` : '',
      ]),
    );
  });

  it('has an order and operations that the door lets in', () => {
    const orders = blocks('json').map((block) => parseJsonStrict(new TextEncoder().encode(block)));
    const context = { now: new Date('2026-11-22T12:00:00Z'), areaCodes: () => ['+5511'], maxSubscribers: 100 };
    const target = settings();
    const parsed = orders.map((order) => parseOrder(order, context));
    expect(parsed).toMatchObject([{ ok: true }, { ok: true }]);
    for (const result of parsed) {
      if (result.ok) expect(sippulse.check(result.order as OrderContent, target, null)).toEqual([]);
    }
  });

  it('names every preference once, and nothing that is none', () => {
    const told = rows('Preferences').flatMap(([, names = '']) => quoted(names));
    expect(told.toSorted()).toEqual(Object.keys(PREFERENCES).toSorted());
  });

  it('names every native member, and its members', () => {
    const customer = Object.keys(customerNative.shape).map((name) => `customer.native.${name}`);
    const subscriber = Object.keys(subscriberNative.shape).map((name) => `subscribers[].native.${name}`);
    const told = rows('Native members').map(([, name = '', members = '']) => [quoted(name)[0], members] as const);
    expect(told.map(([name]) => name)).toEqual([...customer, ...subscriber]);
    const shapes = {
      'customer.native.reseller': customerNative.shape.reseller.unwrap().shape,
      'customer.native.accountGroup': customerNative.shape.accountGroup.unwrap().shape,
      'subscribers[].native.addresses': subscriberNative.shape.addresses.unwrap().element.shape,
      'subscribers[].native.did': subscriberNative.shape.did.unwrap().shape,
    };
    for (const [name, shape] of Object.entries(shapes)) {
      const [, list = ''] = /\{ (.*?) \}/.exec(new Map(told).get(name) ?? '') ?? [];
      expect(list.split(', ').toSorted()).toEqual(Object.keys(shape).toSorted());
    }
  });

  it('tells where each member of a contact goes', () => {
    const row = rows('A provision order').find(([, name]) => name === '`customer.contact`')![2]!;
    for (const [member, there] of Object.entries(CONTACT_MEMBERS)) {
      expect(row).toContain(member === there ? `\`${member}\`` : `\`${member}\` → \`${there}\``);
    }
  });

  it('names the steps that there are', () => {
    const cellsOf = (title: string, at: number) => rows(title).map((row) => row.at(at)!);
    const cells = [
      ...['A provision order', 'Preferences', 'Native members', 'modify'].flatMap((title) => cellsOf(title, -2)),
      ...['Reloads', 'terminate'].flatMap((title) => cellsOf(title, 1)),
    ];
    const told = cells.flatMap(quoted).filter((name) => !name.startsWith('<'));
    expect(told.length).toBeGreaterThan(40);
    for (const kind of told) expect(stepKindNames(sippulse)).toContain(kind);
  });

  it('names every step of a terminate order, and every list that a modify order replaces', () => {
    const told = rows('terminate').flatMap(([, kinds = '']) => quoted(kinds));
    const planned = sippulse.plan({ ...TERMINATION, subscribers: [{ ...SOMEBODY, aliases: [], native: {} }] });
    expect(told.toSorted()).toEqual(
      planned
        .map(({ kind }) => kind)
        .filter((kind) => kind !== 'ownership')
        .toSorted(),
    );
    const modified = rows('modify').flatMap((row) => quoted(row.at(-2)!));
    for (const kind of Object.keys(sippulse.stepsOf!.modify!).filter((name) => name !== 'reload')) {
      expect(modified).toContain(kind);
    }
  });

  it('names the operations with no way back', () => {
    const [, told = ''] = /Operations with no way back \(([^)]+)\)/.exec(page) ?? [];
    const pivots = OPERATION_TABLE.filter((spec) => spec.class === 'pivot').map(({ operation }) => operation);
    const hidden = quoted(rows('Preferences').find((row) => row[3] === '`switches`')![1]!);
    const isPair = (operation: string): boolean => hidden.some((name) => pairOf(name).includes(operation));
    expect(quoted(told).toSorted()).toEqual(pivots.filter((operation) => !isPair(operation)).toSorted());
  });

  it('lists the operations without which the doctor ends with 1, and no other', async () => {
    const [, text = ''] = /every order may need:([^.]+)\./.exec(section('The doctor')) ?? [];
    const needed = quoted(text);
    expect(needed.length).toBeGreaterThan(10);
    for (const operation of needed) expect([operation, await badWithout([operation])]).not.toEqual([operation, []]);
    const others = COVERAGE.map(({ operation }) => operation).filter((operation) => !needed.includes(operation));
    expect(await badWithout(others)).toEqual([]);
  });
});

const PAIRS: Readonly<Record<string, string>> = { active: 'Subscriber' };

/** What switches a preference that nothing shows on and off. */
function pairOf(preference: string): string[] {
  const name = PAIRS[preference] ?? `${preference.slice(0, 1).toUpperCase()}${preference.slice(1)}`;
  return [`activate${name}`, `block${name}`];
}
