import { describe, expect, it } from 'vitest';
import type { Json, OrderContent, StepContext } from '../../../src/platforms/port.ts';
import { webportal } from '../../../src/platforms/webportal/index.ts';
import { subscribersOf } from '../../../src/platforms/webportal/subscribers-of.ts';
import type { WebportalClient } from '../../../src/platforms/webportal/types.ts';
import type { RunRecord } from '../driver.ts';
import { fullOrder, stateOf } from './fixture.ts';
import { failure } from '../../setup/failure.ts';
import { profileWith, rows, useLabs, type Lab } from './lab.ts';
import { order, subscriber, userOf } from './orders.ts';

const { open, connectTo } = useLabs();

let serial = 0;
const nextKey = (): string => `turnup:portal-${++serial}:1`;

async function runUntil(lab: Lab, content: OrderContent, kind: string, record: RunRecord, key: string) {
  for (const step of webportal.plan(content)) {
    if (step.kind === kind) return step;
    await lab.driver.perform(content, step, record, key);
  }
  throw new Error(`no step ${kind}`);
}

describe('a number that was ported out', () => {
  it('is refused before anything is called that makes a user', async () => {
    const lab = await open(profileWith('status'));
    const record: RunRecord = new Map();
    const key = nextKey();
    const content = order([userOf(9)]);
    const step = await runUntil(lab, content, 'subscriber', record, key);
    const error = await failure(lab.driver.attempt(content, step, record, key));
    expect(error).toMatchObject({ code: 'TURNUP_NUMBER_TAKEN', detail: expect.stringContaining('+390699999999') });
    expect(lab.simulator.calls().some(({ operation }) => operation === 'user.create')).toBe(false);
  });

  it('is refused as an alias too', async () => {
    const lab = await open(profileWith('status'));
    const content = order([userOf(1, { aliases: [{ cc: '39', ac: '', sn: '0699999998' }] })]);
    expect((await failure(lab.driver.run(content, nextKey()))).code).toBe('TURNUP_NUMBER_TAKEN');
  });
});

describe('a company', () => {
  it('that is not there cannot be made without a contact', async () => {
    const lab = await open(profileWith('status'));
    const { contact: _none, ...customer } = order().customer;
    const content = order([userOf(1)], { ...customer, contact: undefined as never });
    expect((await failure(lab.driver.run(content, nextKey()))).code).toBe('TURNUP_CONTACT_REQUIRED');
  });

  it('that is there is adopted by an order without a contact, and one that differs is left alone and told', async () => {
    const lab = await open(profileWith('status'));
    const first = order([userOf(1)]);
    await lab.driver.run(first, nextKey());
    const bare = { externalId: first.customer.externalId, native: {} };
    const record = await lab.driver.run({ ...order([userOf(2)]), customer: bare }, nextKey());
    expect(record.get('company')).toMatchObject({ outcome: 'adopted' });
    const other = {
      ...first.customer,
      contact: { ...first.customer.contact, street: 'Via Altra' },
      billingProfile: 'retail',
    };
    const told = await lab.driver.run({ ...order([userOf(3)]), customer: other }, nextKey());
    expect(told.get('company')!.result['differs']).toEqual(
      expect.arrayContaining(['customer.contact.street', 'customer.billingProfile']),
    );
    const [company] = await rows(lab, 'companies');
    expect(company).toMatchObject({ document: { address: { street: 'Via Appia' }, kind: 'BUSINESS' } });
  });

  it('that is there twice is nobody’s to choose from', async () => {
    const lab = await open(profileWith('status'));
    const content = order([userOf(1)]);
    const { externalId } = content.customer;
    for (let at = 0; at < 2; at++)
      await lab.client.create('company.create', { companyKey: externalId }, { externalId, name: 'Twice' });
    expect((await failure(lab.driver.run(content, nextKey()))).code).toBe('TURNUP_OBJECT_AMBIGUOUS');
    expect(await rows(lab, 'companies')).toHaveLength(2);
  });

  it('I3 that an attempt of ours made twice is one again afterwards', async () => {
    const lab = await open(profileWith('status'));
    const content = order([userOf(1)]);
    const key = nextKey();
    const { externalId } = content.customer;
    for (let at = 0; at < 3; at++) {
      await lab.client.create(
        'company.create',
        { companyKey: externalId },
        { externalId, name: 'Ours', orderKey: key },
      );
    }
    const [step] = webportal.plan(content);
    const record: RunRecord = new Map([
      ['company', { intent: { state: 'absent' as const }, outcome: null, result: {}, attempts: 1 }],
    ]);
    await lab.driver.perform(content, step!, record, key);
    expect(record.get('company')?.outcome).toBe('created');
    expect(await rows(lab, 'companies')).toHaveLength(1);
  });

  it('that a stranger made under our key while we were at it is not ours to take away', async () => {
    const lab = await open(profileWith('status'));
    const content = order([userOf(1)]);
    const { externalId } = content.customer;
    await lab.client.create(
      'company.create',
      { companyKey: externalId },
      { externalId, name: 'Theirs', orderKey: 'somebody' },
    );
    const [step] = webportal.plan(content);
    const record: RunRecord = new Map([
      ['company', { intent: { state: 'absent' as const }, outcome: null, result: {}, attempts: 1 }],
    ]);
    await lab.driver.perform(content, step!, record, nextKey());
    expect(record.get('company')?.outcome).toBe('adopted');
  });

  it('tidies what bears its key, and nothing else', async () => {
    const lab = await open(profileWith('status'));
    const content = order([userOf(1)]);
    const key = nextKey();
    const { externalId } = content.customer;
    const make = (orderKey: string) =>
      lab.client.create('company.create', { companyKey: externalId }, { externalId, name: 'x', orderKey });
    const kept = await make(key);
    await make(key);
    await make('another');
    const [step] = webportal.plan(content);
    const ctx = lab.driver.contextOf(content, step!, new Map(), key) as StepContext<WebportalClient>;
    expect(await webportal.steps['company']!.tidy!(ctx, { companyId: kept.id! })).toBe(1);
    expect(await rows(lab, 'companies')).toHaveLength(2);
  });

  it('that the portal shows without its key is not made a second time', async () => {
    const profile = profileWith('status', { 'fields/company/externalId': { at: '/reference', required: true } });
    const lab = await open(profile);
    await lab.driver.run(order([userOf(1)]), nextKey());
    // The manual says /ref, the portal shows /reference: every order would make another company.
    const wrong = profileWith('status', {
      'operations/company.find/query': { reference: '{companyKey}' },
      'fields/company/externalId': '/ref',
    });
    const first = order([userOf(2)]);
    const client = connectTo(lab.simulator.url, wrong).bind({
      signal: new AbortController().signal,
      beforeCall: async () => {},
      afterCall: () => {},
    });
    const known = (await rows(lab, 'companies'))[0]!['document'] as { reference: string };
    const content = { ...first, customer: { ...first.customer, externalId: known.reference } };
    const [step] = webportal.plan(content);
    const ctx = {
      ...lab.driver.contextOf(content, step!, new Map(), nextKey()),
      client,
    } as StepContext<WebportalClient>;
    expect(await failure(webportal.steps['company']!.find(ctx))).toMatchObject({
      class: 'bug',
      detail: expect.stringContaining('none of which shows the key'),
    });
  });
});

describe('a subscriber', () => {
  it('whose number another company has is refused, be it found or told by the portal', async () => {
    const lab = await open(profileWith('status'));
    await lab.driver.run(order([userOf(1)]), nextKey());
    const alias = { cc: '39', ac: '', sn: '0699999991' };
    for (const thief of [userOf(1), userOf(2, { aliases: [alias] })]) {
      expect(await failure(lab.driver.run(order([thief]), nextKey()))).toMatchObject({
        code: 'TURNUP_NUMBER_TAKEN',
        class: 'conflict',
      });
    }
  });

  it('of the same company that is otherwise is refused', async () => {
    const lab = await open(profileWith('status'));
    const first = order([userOf(1)]);
    await lab.driver.run(first, nextKey());
    for (const more of [
      { externalId: 'S-2' },
      { username: 'other' },
      { aliases: [{ cc: '39', ac: '', sn: '06555' }] },
    ]) {
      const error = await failure(lab.driver.run({ ...first, subscribers: [userOf(1, more)] }, nextKey()));
      expect(error).toMatchObject({ code: 'TURNUP_SUBSCRIBER_TAKEN', class: 'conflict' });
    }
  });

  it('is not made beside one of its name that has another number, whoever’s it is', async () => {
    const lab = await open(profileWith('status'));
    const first = order([userOf(1)]);
    await lab.driver.run(first, nextKey());
    const namesake = userOf(2, { username: 'user-1' });
    const others = [order([namesake]), { ...first, subscribers: [namesake] }];
    for (const content of others) {
      expect(await failure(lab.driver.run(content, nextKey()))).toMatchObject({ code: 'TURNUP_SUBSCRIBER_TAKEN' });
    }
    const elsewhere = order([userOf(3, { username: 'user-1', domain: 'other.example.com' })]);
    await lab.driver.run(elsewhere, nextKey());
    expect(await rows(lab, 'users')).toHaveLength(2);
  });

  it('of the same company in another office is adopted where it is', async () => {
    const lab = await open(profileWith('status'));
    const first = order([userOf(1)]);
    await lab.driver.run(first, nextKey());
    const record = await lab.driver.run(
      { ...first, subscribers: [userOf(1, { native: { office: 'Nuova' } })] },
      nextKey(),
    );
    expect(record.get('s1.subscriber')).toMatchObject({ outcome: 'adopted', result: { differs: ['native.office'] } });
  });

  it('I8 leaves no secret in results and errors', async () => {
    const lab = await open(profileWith('status'));
    const record = await lab.driver.run(fullOrder('status'), nextKey());
    expect(JSON.stringify([...record.values()].map(({ result }) => result))).not.toMatch(/Zx9|4711|hidden-device|4321/);
  });
});

describe('a create that may be repeated', () => {
  const CHANGES = {
    'operations/office.find': undefined,
    'operations/office.update': undefined,
    'operations/office.create/repeat': 'idempotent',
    'operations/office.create/exists': { status: 200, at: '/id', present: true },
  };

  it('needs no look before it', async () => {
    const lab = await open(profileWith('status', CHANGES));
    const record = await lab.driver.run(order([userOf(1)]), nextKey());
    expect(record.get('s1.office')?.outcome).toBe('created');
    expect(lab.simulator.calls().some(({ operation }) => operation === 'office.find')).toBe(false);
  });
});

describe('what a portal does not show', () => {
  const hidden = () =>
    profileWith('status', {
      'fields/voicemail/pin': '/hidden/pin',
      secret: ['services.pinCode', 'native.user.deviceSecret'],
    });

  it('is set whenever an order names it, and undo of a user that was there needs a person', async () => {
    const lab = await open(hidden());
    const content = order([userOf(1, { voicemail: { pin: '4711', email: 'a@example.com' } })]);
    await lab.driver.run(content, nextKey());
    // Taken from what the portal shows, as one does that keeps PINs to itself.
    const client: WebportalClient = {
      ...lab.client,
      find: async (name, names) =>
        (await lab.client.find(name, names)).map((item) =>
          name === 'voicemail.get' ? { ...item, document: { email: 'a@example.com' } } : item,
        ),
    };
    const step = webportal.plan(content).find(({ kind }) => kind === 'voicemail')!;
    const key = nextKey();
    const record = await lab.driver.run(content, key);
    const ctx = { ...lab.driver.contextOf(content, step, record, key), client } as StepContext<WebportalClient>;
    const finding = await webportal.steps['voicemail']!.find(ctx);
    expect(finding).toMatchObject({ state: 'different', before: { hidden: ['pin'], raw: { pin: null } } });
    const intent = { state: 'different' as const, before: (finding as unknown as { before: Json }).before };
    const undo = webportal.steps['voicemail']!.undo({ ...ctx, intent, done: { outcome: 'changed', result: {} } });
    expect(await failure(undo)).toMatchObject({
      code: 'TURNUP_UNDO_FAILED',
      class: 'rejected',
      detail: expect.stringContaining('pin'),
    });
    expect((await rows(lab, 'users'))[0]).toMatchObject({ voicemail: { hidden: { pin: '4711' } } });
  });
});

describe('undo', () => {
  it('tells the operation that the profile lacks', async () => {
    const lab = await open(profileWith('status', { 'operations/user.remove': undefined }));
    const content = order([userOf(1)]);
    const key = nextKey();
    const record = await lab.driver.run(content, key);
    expect(await failure(lab.driver.undo(content, key, record))).toMatchObject({
      code: 'TURNUP_UNDO_FAILED',
      class: 'rejected',
      detail: expect.stringContaining('user.remove'),
    });
  });
});

describe('all users of a customer', () => {
  it('cannot be told where the profile has no way to ask', async () => {
    const { client } = await open(
      profileWith('status', { 'operations/user.list': undefined, 'operations/office.remove/children': 'refused' }),
    );
    expect(await failure(subscribersOf(client, 'C-1'))).toMatchObject({
      class: 'rejected',
      detail: expect.stringContaining('user.list'),
    });
  });
});

describe('companies known by their tax number', () => {
  const CHANGES = {
    'keys/company': 'vatNumber',
    'operations/company.find/query': { vat: '{companyKey}' },
  };

  it('are found by it, with or without the country', async () => {
    const lab = await open(profileWith('status', CHANGES));
    const content = order([userOf(1)]);
    await lab.driver.run(content, nextKey());
    const { contact } = content.customer;
    const bare = { ...contact, taxId: contact!.taxId!.replace('IT', '') };
    const again = { ...order([userOf(2)]), customer: { ...content.customer, externalId: 'C-other', contact: bare } };
    expect((await lab.driver.run(again, nextKey())).get('company')?.outcome).toBe('adopted');
  });
});

describe('I4 a queued change whose reply was lost', () => {
  const further = (
    of: OrderContent,
    action: OrderContent['action'],
    subscribers: OrderContent['subscribers'],
    more: Partial<OrderContent> = {},
  ) => ({
    ...of,
    action,
    customer: { externalId: of.customer.externalId, native: {} },
    subscribers,
    ...more,
  });
  const only = ({ subscribers }: OrderContent) => {
    const { id, username, domain } = subscribers[0]!;
    return { id, username, domain, aliases: [], native: {} };
  };

  it.each([
    ['of a company’s state', 'company', 'company.suspend', (of: OrderContent) => further(of, 'suspend', [])],
    [
      'of a company',
      'company',
      'company.update',
      (of: OrderContent) =>
        further(of, 'modify', [], {
          customer: { externalId: of.customer.externalId, contact: { street: 'Via Nuova' }, native: {} },
        }),
    ],
    [
      'of services',
      'services',
      'services.set',
      (of: OrderContent) => further(of, 'modify', [{ ...only(of), preferences: { clir: true } }]),
    ],
  ] as const)(
    '%s is brought back although it is carried out after the undo has begun',
    async (_what, kind, operation, change) => {
      // Carried out well after the undo could have looked.
      const lab = await open(profileWith('outcome', { 'jobs/for': '400ms' }), { ticketMs: 150 });
      const first = order([subscriber()]);
      await lab.driver.run(first, nextKey());
      const before = await stateOf(lab.simulator);
      const content = change(first);
      const record: RunRecord = new Map();
      const key = nextKey();
      const step = await runUntil(lab, content, kind, record, key);
      lab.simulator.setFaults({ rules: [{ match: { operation }, fault: 'dropReply', times: 1 }] });
      expect((await failure(lab.driver.attempt(content, step, record, key))).class).toBe('ambiguous');
      await lab.driver.undo(content, key, record);
      await new Promise((done) => setTimeout(done, 200));
      expect(await stateOf(lab.simulator)).toEqual(before);
    },
  );
});
