import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../driver.ts';
import { nextKey, useBench } from './harness.ts';
import { failure } from '../../setup/failure.ts';
import { createLife, first, modifying } from './life-lab.ts';
import { further, phone } from './further.ts';
import { order, subscriber } from './orders.ts';

const bench = useBench();
const life = createLife(bench);

const withNumbers = () =>
  life.born(order([subscriber({ number: phone('100'), aliases: [phone('101'), phone('102')] })]));

describe('numbers of a subscriber', () => {
  const numbersOf = async (content: Awaited<ReturnType<typeof life.born>>) => {
    const { primary_number: primary, alias_numbers: aliases } = await life.read(first(content));
    const sn = (one: unknown) => (one as { sn: string } | undefined)?.sn ?? null;
    return [sn(primary), ...(aliases as unknown[]).map((one) => sn(one) ?? '').toSorted((a, b) => (a < b ? -1 : 1))];
  };

  it('of a stranger are refused, however the platform refuses them', async () => {
    const id = await bench.stranger({ primary_number: phone('555'), alias_numbers: [phone('777')] });
    const content = await withNumbers();
    const before = await bench.state();
    for (const taken of [phone('555'), phone('777'), { cc: '43', ac: '', sn: '720777' }]) {
      const error = await failure(life.run(modifying(content, { number: taken })));
      expect(error).toMatchObject({ code: 'TURNUP_NUMBER_TAKEN', class: 'conflict' });
      const alias = await failure(life.run(modifying(content, { aliases: [phone('103'), taken] })));
      expect(alias).toMatchObject({ code: 'TURNUP_NUMBER_TAKEN', class: 'conflict' });
      if (taken.ac === '') expect(alias.detail).toMatch(new RegExp(`^\\+43720777 belongs to subscriber ${id} `));
      expect(await bench.state()).toEqual(before);
    }
  });

  it('change places: what was an alias becomes the primary number, and the other way round', async () => {
    const content = await withNumbers();
    const before = await bench.state();
    const swap = modifying(content, { number: phone('101'), aliases: [phone('100'), phone('102')] });
    await life.thereAndBack(swap);
    expect(await bench.state()).toEqual(before);
    await life.run(swap);
    expect(await numbersOf(content)).toEqual(['101', '100', '102']);
    await life.run(modifying(content, { number: phone('102') }));
    expect(await numbersOf(content)).toEqual(['102', '100']);
  });

  it('that are the primary one and would be an alias too are refused before anything is changed', async () => {
    const content = await withNumbers();
    const before = await bench.state();
    const error = await failure(life.run(modifying(content, { aliases: [phone('100')] })));
    expect(error).toMatchObject({ code: 'TURNUP_TARGET_REJECTED', detail: expect.stringContaining('+43720100') });
    expect(await bench.state()).toEqual(before);
  });

  it('that are the same and split otherwise are the same', async () => {
    const content = await withNumbers();
    const same = modifying(content, {
      number: { cc: '43', ac: '', sn: '720100' },
      aliases: [phone('102'), { cc: '437', ac: '', sn: '20101' }],
    });
    expect(await life.outcomes(same)).toEqual({ customer: 'unchanged', 's1.subscriber': 'unchanged' });
  });

  it('of devices stay so', async () => {
    const content = await withNumbers();
    const path = `/api/subscribers/${await life.subscriberId(first(content))}`;
    const aliases = [phone('101'), phone('102')].map((alias) => ({ ...alias, is_devid: true }));
    await bench.client.patch(path, [{ op: 'replace', path: '/alias_numbers', value: aliases }]);
    const before = await bench.state();
    const change = modifying(content, { aliases: [phone('102'), phone('103')] });
    await life.thereAndBack(change);
    expect(await bench.state()).toEqual(before);
    await life.run(change);
    expect((await life.read(first(content)))['alias_numbers']).toMatchObject([
      { sn: '102', is_devid: true },
      { sn: '103', is_devid: false },
    ]);
  });

  it('take with them what the subscriber may show of itself, and bring it back as it stood', async () => {
    const content = await withNumbers();
    const path = `/api/subscriberpreferences/${await life.subscriberId(first(content))}`;
    const own = ['43999', '43720102', '43720100'];
    await bench.client.patch(path, [
      { op: 'add', path: '/allowed_clis', value: own },
      { op: 'add', path: '/cli', value: '43999' },
      { op: 'add', path: '/ac', value: '1' },
    ]);
    const before = await bench.state();
    const change = modifying(content, { number: phone('200') }, ['aliases']);
    await life.thereAndBack(change);
    expect(await bench.state()).toEqual(before);
    await life.run(change);
    expect((await life.preferences(first(content)))['allowed_clis']).toEqual(['43720200', '43999']);
  });

  it('that are gone may not be shown, also when a reply is lost and the platform kept them there', async () => {
    const content = await withNumbers();
    const change = modifying(content, { number: phone('200') }, ['aliases']);
    const [locate, step] = bench.driver.planOf(change);
    const record: RunRecord = new Map();
    const key = nextKey();
    await bench.driver.perform(change, locate!, record, key);
    bench.loseNext('dropReply');
    await failure(bench.driver.attempt(change, step!, record, key));
    const path = `/api/subscriberpreferences/${await life.subscriberId(first(content))}`;
    await bench.client.patch(path, [{ op: 'add', path: '/allowed_clis', value: ['43720101', '43720200', '43999'] }]);
    await bench.driver.attempt(change, step!, record, key);
    expect((await life.preferences(first(content)))['allowed_clis']).toEqual(['43720200', '43999']);
    expect(record.get(step!.id)?.outcome).toBe('changed');
  });
});

describe('the logins of a subscriber', () => {
  it('cannot have the name of another’s', async () => {
    await bench.stranger({ username: 'alice' });
    const content = await life.born();
    const error = await failure(life.run(modifying(content, { webUsername: 'Alice' })));
    expect(error).toMatchObject({ code: 'TURNUP_WEB_USER_TAKEN', class: 'conflict' });
    expect(error.detail).toContain('alice@sip.example.com');
  });

  it('whose password nobody may see: all else is brought back, and that it is not is told', async () => {
    const content = await life.born();
    const before = await bench.state();
    const clerk = bench.driverOf('clerk');
    const key = nextKey();
    const change = modifying(content, { password: 'Nw9-kq!vB72mm', externalId: 'S-new', aliases: [] }, ['aliases']);
    const record = await clerk.run(change, key);
    const error = await failure(clerk.undo(change, key, record));
    expect(error).toMatchObject({ code: 'TURNUP_UNDO_FAILED', class: 'conflict' });
    expect(error.detail).toMatch(/^the password of subscriber \d+ \(.*\) cannot be brought back/);
    const path = `/api/subscribers/${await life.subscriberId(first(content))}`;
    await bench.client.patch(path, [{ op: 'replace', path: '/password', value: first(content).password }]);
    expect(await bench.state()).toEqual(before);
    // What cannot be compared is set again.
    const outcomes = (await clerk.run(change, nextKey())).get('s1.subscriber')?.outcome;
    expect(outcomes).toBe('changed');
    expect((await clerk.run(change, nextKey())).get('s1.subscriber')?.outcome).toBe('changed');
  });

  it('lose the password of the self-care login only where there is one', async () => {
    const content = await life.born(order([subscriber({ webPassword: 'Web-12345-zz' })]));
    const change = modifying(content, {}, ['webPassword']);
    expect(await life.read(first(content))).not.toHaveProperty('webpassword');
    expect(await life.outcomes(change)).toMatchObject({ 's1.webPassword': 'changed' });
    expect(await life.read(first(content))).toMatchObject({ webpassword: null });
    expect(await life.outcomes(change)).toMatchObject({ 's1.webPassword': 'unchanged' });
  });
});

describe('the customer', () => {
  const changing = (content: Awaited<ReturnType<typeof life.born>>, more: object) =>
    further(content, 'modify', { customer: { externalId: content.customer.externalId, native: {}, ...more } });

  const profile = (handle: string) => bench.client.create('billingprofiles', { handle, name: handle, reseller_id: 1 });

  it('with a schedule of billing profiles is refused: undo could not bring it back', async () => {
    const content = await life.born();
    await profile('gold');
    const path = `/api/customers/${await life.customerId(content)}`;
    await bench.client.patch(path, [
      { op: 'replace', path: '/billing_profile_definition', value: 'profiles' },
      { op: 'replace', path: '/billing_profiles', value: [{ profile_id: await bench.billingProfile() }] },
    ]);
    const before = await bench.state();
    const error = await failure(life.run(changing(content, { billingProfile: 'gold' })));
    expect(error).toMatchObject({ code: 'TURNUP_TARGET_REJECTED', detail: expect.stringContaining('"profiles"') });
    expect(await bench.state()).toEqual(before);
  });

  it('gets the profile that bears the handle now', async () => {
    const content = await life.born();
    const old = await profile('gold');
    await life.thereAndBack(changing(content, { billingProfile: 'gold' }));
    await bench.client.remove(`/api/billingprofiles/${old}`);
    const now = await profile('gold');
    await life.run(changing(content, { billingProfile: 'gold' }));
    expect(await bench.client.get(`/api/customers/${await life.customerId(content)}`)).toMatchObject({
      billing_profile_id: now,
    });
    await expect(life.run(changing(content, { billingProfile: 'nope' }))).rejects.toMatchObject({
      code: 'TURNUP_REFERENCE_UNKNOWN',
    });
  });

  it('of which there are several is nobody’s to change', async () => {
    const content = await life.born();
    await bench.customer(content.customer.externalId);
    const before = await bench.state();
    for (const one of [
      changing(content, { native: { vat_rate: 5 } }),
      modifying(content, { externalId: 'S-other' }),
      further(content, 'suspend'),
      further(content, 'terminate'),
    ]) {
      expect(await failure(life.run(one))).toMatchObject({ code: 'TURNUP_OBJECT_AMBIGUOUS', class: 'conflict' });
      expect(await bench.state()).toEqual(before);
    }
  });

  it('and its subscribers that are gone since have nothing to take back', async () => {
    const content = await life.born();
    const change = {
      ...modifying(content, {
        externalId: 'S-new',
        number: phone('300'),
        preferences: { concurrent_max: 1 },
        voicemail: { pin: '1234' },
        callForwards: { busy: null, unconditional: { destinations: [{ to: 'voicemail' }] } },
        native: { lock: 1 },
      }),
      customer: {
        externalId: content.customer.externalId,
        contact: { firstName: 'Jane' },
        native: { vat_rate: 7 },
      },
    };
    const key = nextKey();
    const record = await bench.driver.run(change, key);
    await life.run(further(content, 'terminate'));
    const before = await bench.state();
    await bench.driver.undo(change, key, record);
    expect(await bench.state()).toEqual(before);
  });

  it('keeps members of the contact that are empty texts, as they were', async () => {
    const content = await life.born();
    const customerId = await life.customerId(content);
    const { contact_id: contactId } = await bench.client.get(`/api/customers/${customerId}`);
    const path = `/api/customercontacts/${Number(contactId)}`;
    await bench.client.patch(path, [{ op: 'replace', path: '/company', value: '' }]);
    const before = await bench.state();
    await life.thereAndBack(changing(content, { contact: { company: 'Acme', city: 'Wien' } }));
    expect(await bench.state()).toEqual(before);
    expect((await bench.client.get(path))['company']).toBe('');
    expect((await bench.client.get(path))['city']).toBeNull();
  });

  it('is told what differs in the order’s own words', async () => {
    const content = await life.born();
    const change = {
      ...modifying(content, { externalId: 'S-new', number: phone('301'), preferences: { concurrent_max: 1 } }, [
        'aliases',
      ]),
      customer: {
        externalId: content.customer.externalId,
        contact: { firstName: 'Jane' },
        native: { vat_rate: 7, contact: { gpp2: 'x' } },
      },
    };
    const record: RunRecord = new Map();
    const told: Record<string, readonly string[] | undefined> = {};
    for (const step of bench.driver.planOf(change)) {
      const finding = await bench.driver.find(change, step, record, nextKey());
      told[step.id] = finding.state === 'absent' ? [] : finding.differs;
      await bench.driver.perform(change, step, record, nextKey());
    }
    expect(told).toEqual({
      customer: ['customer.native.vat_rate'],
      contact: ['customer.native.contact.gpp2', 'customer.contact.firstName'],
      's1.subscriber': ['externalId', 'number', 'aliases'],
      's1.preferences': ['preferences.concurrent_max'],
    });
  });
});
