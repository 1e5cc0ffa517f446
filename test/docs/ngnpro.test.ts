import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.ts';
import { parseOrder } from '../../src/orders/model/index.ts';
import { ngnpro } from '../../src/platforms/ngnpro/index.ts';
import { customerNative } from '../../src/platforms/ngnpro/native.ts';
import { passwordFor } from '../../src/platforms/ngnpro/password.ts';
import { schemaOfPreference, ACCOUNT_MEMBERS, RULE_NAMES } from '../../src/platforms/ngnpro/preference-names.ts';
import { settingsSchema } from '../../src/platforms/ngnpro/settings.ts';
import { CONTACT_NAMES } from '../../src/platforms/ngnpro/shared/customers.ts';

const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8');
const page = read('targets/ngnpro.md');

/** From a heading to the next one of any level. */
function section(title: string): string {
  const [, text = ''] = page.split(new RegExp(`^#+ ${title}$`, 'm'));
  return text.split(/^#+ /m)[0]!;
}

const rows = (title: string): string[][] =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()));

const rowOf = (title: string, first: string): string => {
  const [, , ...cells] = rows(title).find(([, cell = '']) => cell.includes(first)) ?? [];
  return cells.join(' ');
};

const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

describe('the page of NGNPro targets', () => {
  it('has a configuration that is accepted', () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const env = {
      NGNPRO_PASSWORD: 'x',
      CRM_TOKEN: 'a-token-of-the-crm-of-this-page',
      SHOP_TOKEN: 'a-token-of-the-shop-of-this-page',
    };
    const tls = yaml.replace(/ +tls: .*\n/, '');
    const { targets } = parseConfig(tls, { file: 'turnup.yaml', env });
    expect(targets.get('hague')!.settings).toMatchObject({
      auth: { impersonate: 17_451 },
      impersonate: { shop: 20_011 },
      native: { timezone: 'Europe/Amsterdam' },
    });
  });

  it('explains every setting, with its default', () => {
    const defaults = new Map<string, unknown>(Object.entries(settingsSchema.parse({})));
    const told = rows('Configuration').map(([, name = '', value = '']) => [name, value]);
    expect(told.slice(1)).toEqual(
      Object.keys(settingsSchema.shape).map((name) => [
        `\`${name}\``,
        defaults.has(name) ? `\`${String(defaults.get(name))}\`` : '',
      ]),
    );
  });

  it('names every preference, and no other', () => {
    const named = rows('Preferences').flatMap(([, names = '']) => quoted(names));
    expect(named.filter((name) => !schemaOfPreference(name))).toEqual([]);
    expect(named).toEqual(expect.arrayContaining([...Object.keys(ACCOUNT_MEMBERS), ...RULE_NAMES, 'groups']));
    const switches = rows('Preferences').find(([, names = '']) => names.includes('free-pstn'))!;
    for (const name of quoted(switches[1]!)) expect(schemaOfPreference(name)!.safeParse(true).success).toBe(true);
  });

  it('names every native member of a customer, and what each member of a contact becomes', () => {
    const native = [...quoted(rowOf('A provision order', '`customer.native`')), 'domains'];
    expect(native.toSorted()).toEqual([...Object.keys(customerNative.shape), 'customer'].toSorted());
    const contact = rowOf('A provision order', '`customer.contact`');
    for (const [member, names] of Object.entries(CONTACT_NAMES)) {
      for (const name of names) expect(contact).toContain(`\`${name}\``);
      expect(contact).toContain(`\`${member}\``);
    }
  });

  it('names every step of a provision order', () => {
    const named = new Set(rows('A provision order').flatMap((cells) => quoted(cells[3] ?? '')));
    const full = {
      externalId: 'x',
      target: 'hague',
      action: 'provision',
      operations: [],
      customer: { externalId: 'C', billingProfile: 'p', native: { domains: [{ domain: 'a.example' }] } },
      subscribers: [
        {
          id: 's1',
          username: 'u',
          domain: 'a.example',
          number: { cc: '43', ac: '', sn: '1' },
          aliases: [],
          voicemail: {},
          callForwards: { busy: null },
          preferences: { sms: true },
          native: {},
        },
      ],
    } as const;
    expect([...named].toSorted()).toEqual(
      ngnpro
        .plan(full)
        .map(({ kind }) => kind)
        .toSorted(),
    );
  });

  it('names every step that needs a result of a person, with one that is taken', () => {
    const told = rows('Undo')
      .slice(1)
      .map(([, step = '', result = '']) => [quoted(step)[0], quoted(result)[0]!]);
    const needed = Object.entries(ngnpro.steps)
      .filter(
        ([kind]) => !Object.keys(ngnpro.operations!).some((name) => name.toLowerCase().endsWith(kind.toLowerCase())),
      )
      .filter(
        ([kind, { resultShape }]) =>
          !/^(?:sip|voicemail|customer)\w+Account$/.test(kind) && resultShape && !resultShape.safeParse({}).success,
      );
    expect(told.map(([step]) => step)).toEqual(needed.map(([kind]) => kind));
    for (const [step, result] of told) {
      expect(ngnpro.steps[step!]!.resultShape!.safeParse(JSON.parse(result!)).success).toBe(true);
    }
  });

  it('tells the form of a password as it is sent', () => {
    const [form = ''] = /^md5\(.*$/m.exec(page) ?? [];
    const parts = form.split('):').map((part) => /^md5\(([^)]*)\)?$/.exec(part)?.[1]);
    expect(parts).toEqual(['username:domain:password', 'username@domain:domain:password']);
    const sent = passwordFor({ username: 'u', domain: 'd' }, 'p', { passwords: 'digest' });
    expect(sent).toMatch(/^[0-9a-f]{32}:[0-9a-f]{32}$/);
    expect(passwordFor({ username: 'u', domain: 'd' }, sent, { passwords: 'digest' })).toBe(sent);
  });

  it('has orders of operations beside it that are accepted', () => {
    const examples = [...read('targets/ngnpro-operations.md').matchAll(/```jsonc\n([\s\S]*?)```/g)];
    expect(examples).toHaveLength(2);
    for (const [, text = ''] of examples) {
      const parsed = parseOrder(JSON.parse(text), { now: new Date(0), areaCodes: () => [], maxSubscribers: 1 });
      const faults = parsed.ok ? ngnpro.check(parsed.order, {} as never, null) : parsed.faults;
      expect(faults).toEqual([]);
    }
  });

  it('leads to places that are there', () => {
    const anchorsIn = (text: string): string[] =>
      [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
      );
    const links = [...page.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/g)];
    const lost = links.filter(([, path = '', anchor]) => {
      const text = path === '' ? page : read(`targets/${path}`);
      return anchor !== undefined && !anchorsIn(text).includes(anchor);
    });
    expect(lost.map(([link]) => link)).toEqual([]);
    expect(links.length).toBeGreaterThan(5);
  });
});
