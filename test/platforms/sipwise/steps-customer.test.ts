import { describe, expect, it } from 'vitest';
import { sipwise } from '../../../src/platforms/sipwise/index.ts';
import { outcomesOf, type RunRecord } from '../driver.ts';
import { idIn, nextKey, useBench } from './harness.ts';
import { failure } from '../../setup/failure.ts';
import { order, subscriber } from './orders.ts';

const bench = useBench();

describe('calls', () => {
  it('are six for a new customer with one subscriber, call forwards and preferences', async () => {
    const wanted = () =>
      order([
        subscriber({
          callForwards: { busy: { destinations: [{ to: 'voicemail' }] } },
          preferences: { block_in_clir: true },
        }),
      ]);
    await bench.driver.run(wanted(), nextKey());
    bench.driver.calls.length = 0;
    await bench.driver.run(wanted(), nextKey());
    expect(bench.driver.calls.map(({ method, object }) => `${method} ${object.replace(/\d+$/, 'N')}`)).toEqual([
      'GET /api/customers/',
      'POST /api/customercontacts/',
      'POST /api/customers/',
      'POST /api/subscribers/',
      'PUT /api/callforwards/N',
      'PATCH /api/subscriberpreferences/N',
    ]);
    expect(bench.loads).toBe(1);
  });
});

describe('the customer', () => {
  it('that is there is adopted with its contact, and what differs is told and left alone', async () => {
    const { contactId, customerId } = await bench.customer('C-77', 'old@example.org');
    const gold = await bench.client.create('billingprofiles', { name: 'gold', handle: 'gold', reseller_id: 1 });
    const content = order([subscriber()], {
      externalId: 'C-77',
      billingProfile: 'gold',
      contact: { email: 'new@example.org', firstName: 'Ada' },
      native: { max_subscribers: 5, contact: { iban: 'AT611904300234573201' } },
    });
    const record = await bench.driver.run(content, nextKey());
    expect(gold).toBeGreaterThan(0);
    expect(record.get('contact')).toMatchObject({
      outcome: 'adopted',
      result: {
        contactId,
        customerId,
        differs: [
          'customer.contact.firstName',
          'customer.contact.email',
          'customer.native.max_subscribers',
          'customer.native.contact.iban',
        ],
      },
    });
    expect(record.get('customer')).toMatchObject({
      outcome: 'adopted',
      result: { customerId, differs: ['customer.billingProfile'] },
    });
    expect(await bench.client.get(`/api/customercontacts/${contactId}`)).toMatchObject({
      email: 'old@example.org',
      firstname: null,
    });
    expect(await bench.all('customers')).toHaveLength(1);
  });

  it('needs no contact in the order when it is there, and one when it is not', async () => {
    await bench.customer('C-1');
    const { contact: _contact, ...bare } = order([subscriber()], { externalId: 'C-1' }).customer;
    const content = { ...order(), customer: bare };
    expect(outcomesOf(await bench.driver.run(content, nextKey()))).toMatchObject({
      contact: 'adopted',
      customer: 'adopted',
    });
    const error = await failure(bench.driver.run({ ...content, customer: { ...bare, externalId: 'C-2' } }, nextKey()));
    expect(error).toMatchObject({ code: 'TURNUP_CONTACT_REQUIRED', class: 'rejected' });
    expect(error.detail).toContain('customer.contact');
  });

  it('of another reseller is another customer', async () => {
    await bench.customer('C-6');
    const content = order([subscriber()], { externalId: 'C-6' });
    const ctx = bench.context(content, 'contact', new Map(), null);
    expect(await sipwise.steps['contact']!.find(ctx)).toMatchObject({ state: 'present' });
    expect(await sipwise.steps['contact']!.find({ ...ctx, client: bench.clientOf(2) })).toEqual({ state: 'absent' });
  });

  it('of another letter case, or terminated, is another customer', async () => {
    await bench.customer('c-5');
    const { customerId } = await bench.customer('C-5');
    await bench.client.patch(`/api/customers/${customerId}`, [{ op: 'replace', path: '/status', value: 'terminated' }]);
    const record = await bench.driver.run(order([subscriber()], { externalId: 'C-5' }), nextKey());
    expect(outcomesOf(record)).toMatchObject({ contact: 'created', customer: 'created' });
  });

  it('with stars in its number is looked for as it is written', async () => {
    await bench.customer('C-123');
    const content = order([subscriber()], { externalId: 'C-*' });
    expect(outcomesOf(await bench.driver.run(content, nextKey()))).toMatchObject({ customer: 'created' });
    const again = { ...content, subscribers: [subscriber()] };
    expect(outcomesOf(await bench.driver.run(again, nextKey()))).toMatchObject({ customer: 'adopted' });
  });

  it('that is there twice is for a person to sort out', async () => {
    await bench.customer('C-9');
    await bench.customer('C-9');
    const error = await failure(bench.driver.run(order([subscriber()], { externalId: 'C-9' }), nextKey()));
    expect(error).toMatchObject({ code: 'TURNUP_OBJECT_AMBIGUOUS', class: 'conflict' });
  });

  it('I3 that several lost replies made is one in the end', async () => {
    const content = order();
    const key = nextKey();
    const record: RunRecord = new Map();
    const [contactStep] = sipwise.plan(content);
    await bench.driver.perform(content, contactStep!, record, key);
    const contactId = idIn(record, 'contact', 'contactId');
    const body = {
      status: 'active',
      type: 'sipaccount',
      contact_id: contactId,
      billing_profile_id: await bench.billingProfile(),
      external_id: content.customer.externalId,
    };
    const first = await bench.client.create('customers', body);
    const second = await bench.client.create('customers', body);
    record.set('customer', { intent: { state: 'absent' }, outcome: null, result: {}, attempts: 1 });
    await bench.driver.run(content, key, record);
    expect(record.get('customer')).toMatchObject({ outcome: 'created', result: { customerId: first } });
    expect(await bench.client.get(`/api/customers/${second}`)).toMatchObject({ status: 'terminated' });
  });

  it('that somebody else made in between is a conflict', async () => {
    const content = order();
    const key = nextKey();
    const record: RunRecord = new Map();
    const [contactStep] = sipwise.plan(content);
    await bench.driver.perform(content, contactStep!, record, key);
    await bench.customer(content.customer.externalId);
    record.set('customer', { intent: { state: 'absent' }, outcome: null, result: {}, attempts: 1 });
    expect(await failure(bench.driver.run(content, key, record))).toMatchObject({ code: 'TURNUP_OBJECT_AMBIGUOUS' });
  });

  it('I4 is not terminated by undo while it has a subscriber of somebody else', async () => {
    const content = order();
    const key = nextKey();
    const record = await bench.driver.run(content, key);
    const customerId = idIn(record, 'customer', 'customerId');
    await bench.client.create('subscribers', {
      customer_id: customerId,
      domain: 'sip.example.com',
      username: 'other',
      password: 'Zx9-kq!vB72mm',
    });
    expect(await failure(bench.driver.undo(content, key, record))).toMatchObject({
      code: 'TURNUP_UNDO_FAILED',
      class: 'conflict',
    });
    expect(await bench.client.get(`/api/customers/${customerId}`)).toMatchObject({ status: 'active' });
    expect((await bench.all('subscribers')).map(({ username }) => username)).toEqual(['other']);
  });

  it('gets a billing profile by its handle, also one that came back under a new id', async () => {
    const create = () => bench.client.create('billingprofiles', { name: 'silver', handle: 'silver', reseller_id: 1 });
    const gone = await create();
    const wanted = () => order([subscriber()], { billingProfile: 'silver' });
    await bench.driver.run(wanted(), nextKey());
    await bench.client.remove(`/api/billingprofiles/${gone}`);
    const back = await create();
    const record = await bench.driver.run(wanted(), nextKey());
    expect(await bench.client.get(`/api/customers/${idIn(record, 'customer', 'customerId')}`)).toMatchObject({
      billing_profile_id: back,
    });
    const error = await failure(bench.driver.run(order([subscriber()], { billingProfile: 'nope' }), nextKey()));
    expect(error).toMatchObject({
      code: 'TURNUP_REFERENCE_UNKNOWN',
      detail: 'reseller 1 has no billing profile "nope"',
    });
  });
});

describe('the contact', () => {
  it('I3 that several lost replies made is the oldest of them, also among hundreds of that address', async () => {
    const content = order();
    const key = nextKey();
    const body = { email: content.customer.contact!.email, reseller_id: 1 };
    const create = (gpp0: string) => bench.client.create('customercontacts', { ...body, gpp0 });
    await create('turnup:other:1');
    const oldest = await create(key);
    for (let i = 0; i < 220; i++) await create(`turnup:other-${i}:1`);
    await create(key);
    const record: RunRecord = new Map([
      ['contact', { intent: { state: 'absent' }, outcome: null, result: {}, attempts: 1 }],
    ]);
    await bench.driver.run(content, key, record);
    expect(record.get('contact')).toMatchObject({ outcome: 'created', result: { contactId: oldest } });
    const left = (await bench.all('customercontacts')).filter(({ email }) => email === body.email);
    expect(left.filter(({ gpp0 }) => gpp0 === key).map(({ id }) => id)).toEqual([oldest]);
    expect(left).toHaveLength(222);
  });

  it('holds what the order says', async () => {
    const contact = {
      firstName: 'Jörg',
      lastName: 'Doe',
      company: 'Engines Ltd',
      email: 'joerg@example.org',
      phone: '+4319876',
      mobile: '+43664987',
      street: 'Hauptstraße',
      houseNumber: '1a',
      postcode: '1010',
      city: 'Wien',
      country: 'AT',
      taxId: 'ATU12345678',
    };
    const record = await bench.driver.run(
      order([subscriber()], { contact, native: { contact: { gpp9: 'nine' } } }),
      nextKey(),
    );
    expect(await bench.client.get(`/api/customercontacts/${idIn(record, 'contact', 'contactId')}`)).toMatchObject({
      firstname: 'Jörg',
      lastname: 'Doe',
      company: 'Engines Ltd',
      email: 'joerg@example.org',
      phonenumber: '+4319876',
      mobilenumber: '+43664987',
      street: 'Hauptstraße 1a',
      postcode: '1010',
      city: 'Wien',
      country: 'AT',
      vatnum: 'ATU12345678',
      gpp9: 'nine',
    });
  });
});

describe('what a vanished attempt made after all', () => {
  it.each([true, false])(
    'I3 is taken away, what the record names (%s) and what is not ours stay',
    async (isRecorded) => {
      const content = order([subscriber()]);
      const record: RunRecord = await bench.driver.run(content, nextKey());
      const step = (id: string) => bench.context(content, id, record, { state: 'absent' });
      const { contactId, customerId } = record.get('customer')!.result as { contactId: number; customerId: number };
      const contact = await bench.client.get(`/api/customercontacts/${contactId}`);
      const body = { email: contact['email'], firstname: 'Ada', reseller_id: 1 };
      const late = await bench.client.create('customercontacts', { ...body, gpp0: contact['gpp0'] });
      const foreign = await bench.client.create('customercontacts', { ...body, gpp0: 'turnup:other:1' });
      const twin = {
        status: 'active',
        type: 'sipaccount',
        billing_profile_id: 1,
        external_id: content.customer.externalId,
      };
      const lateCustomer = await bench.client.create('customers', { ...twin, contact_id: contactId });
      const foreignCustomer = await bench.client.create('customers', { ...twin, contact_id: foreign });

      const removed = { ...step('customer'), key: String(contact['gpp0']) };
      expect(await sipwise.steps['customer']!.tidy!(removed, isRecorded ? { customerId } : null)).toBe(
        isRecorded ? 1 : 2,
      );
      expect(await sipwise.steps['contact']!.tidy!(removed, { contactId })).toBe(1);
      const live = (await bench.all('customers')).filter(({ status }) => status !== 'terminated').map(({ id }) => id);
      expect(live).toEqual(isRecorded ? [customerId, foreignCustomer] : [foreignCustomer]);
      expect(live).not.toContain(lateCustomer);
      const contacts = (await bench.all('customercontacts')).map(({ id }) => id);
      expect(contacts).toContain(contactId);
      expect(contacts).toContain(foreign);
      expect(contacts).not.toContain(late);
    },
  );
});
