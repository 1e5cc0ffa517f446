import { describe, expect, it } from 'vitest';
import type { OrderContent } from '../../../src/platforms/port.ts';
import { webportal } from '../../../src/platforms/webportal/index.ts';
import { failure } from '../../setup/failure.ts';
import { profileWith, rows, useLabs } from './lab.ts';
import { order, userOf } from './orders.ts';

const { open } = useLabs();

let serial = 0;
const nextKey = (): string => `turnup:offices-${++serial}:1`;

describe('an office', () => {
  it('is shared by the subscribers that name it, and made once', async () => {
    const lab = await open(profileWith('status'));
    const office = { office: 'Magazzino' };
    const content = order([
      userOf(1, { id: 's1', native: office }),
      userOf(2, { id: 's2', native: office }),
      userOf(3, { id: 's3' }),
    ]);
    const key = nextKey();
    const record = await lab.driver.run(content, key);
    expect([...record.keys()].filter((id) => id.endsWith('.office'))).toEqual(['s1.office', 's3.office']);
    expect((await rows(lab, 'offices')).map(({ document }) => (document as { name: string }).name).toSorted()).toEqual([
      'Magazzino',
      'Main office',
    ]);
    await lab.driver.undo(content, key, record);
    expect(await rows(lab, 'offices')).toEqual([]);
  });

  it('that one subscriber names and another means is made once: neither looks for it while the other makes it', async () => {
    const lab = await open(profileWith('status'));
    const named = userOf(2, { id: 's2', native: { office: 'MAIN office' } });
    const content = order([userOf(1), named, userOf(3, { id: 's3' })]);
    const linesOf = (one: OrderContent): Set<string | undefined> =>
      new Set(webportal.plan(one).flatMap(({ item, line }) => (item === null ? [] : [line])));
    expect(linesOf(content).size).toBe(1);
    const other = userOf(4, { id: 's3', native: { office: 'Magazzino' } });
    expect(linesOf({ ...content, subscribers: [named, other] }).size).toBe(2);

    const key = nextKey();
    const record = await lab.driver.run(content, key);
    expect(record.get('s2.office')).toMatchObject({ outcome: 'adopted', result: record.get('s1.office')!.result });
    const [office, ...more] = await rows(lab, 'offices');
    expect(more).toEqual([]);
    for (const user of await rows(lab, 'users')) expect(user).toMatchObject({ parent: (office as { id: string }).id });
    await lab.driver.undo(content, key, record);
    expect(await rows(lab, 'offices')).toEqual([]);
  });

  it('that the portal finds by a name in other letters is that office, unless there is one of exactly that name', async () => {
    const lab = await open(profileWith('status'));
    const first = order([userOf(1, { native: { office: 'Magazzino' } })]);
    await lab.driver.run(first, nextKey());
    const again = { ...first, subscribers: [userOf(2, { native: { office: 'MAGAZZINO' } })] };
    const record = await lab.driver.run(again, nextKey());
    expect(record.get('s1.office')).toMatchObject({ outcome: 'adopted' });
    const { companyId } = record.get('company')!.result;
    await lab.client.create('office.create', { companyId: companyId! }, { name: 'MAGAZZINO' });
    const exact = { ...first, subscribers: [userOf(3, { native: { office: 'MAGAZZINO' } })] };
    expect((await lab.driver.run(exact, nextKey())).get('s1.office')!.result).not.toEqual(
      record.get('s1.office')!.result,
    );
    expect(await rows(lab, 'offices')).toHaveLength(2);
  });

  it('is where the customer is, unless the order says otherwise', async () => {
    const lab = await open(profileWith('status'));
    await lab.driver.run(
      order([userOf(1), userOf(2, { id: 's2', native: { office: { name: 'Altrove', city: 'Pisa' } } })]),
      nextKey(),
    );
    const places = (await rows(lab, 'offices')).map(({ document }) => document as { name: string; address: unknown });
    expect(places).toEqual([
      expect.objectContaining({
        name: 'Main office',
        address: expect.objectContaining({ city: 'Roma', street: 'Via Appia' }),
      }),
      expect.objectContaining({ name: 'Altrove', address: { city: 'Pisa' } }),
    ]);
  });

  it('I4 that has somebody else’s user stays, and so does the company', async () => {
    const lab = await open(
      profileWith('status', {
        'operations/office.remove/children': 'taken-along',
        'operations/company.remove/children': 'taken-along',
      }),
    );
    const content = order([userOf(1)]);
    const key = nextKey();
    const record = await lab.driver.run(content, key);
    const officeId = record.get('s1.office')!.result['officeId'] as string;
    await lab.client.create('user.create', { officeId }, { number: '+390655500', username: 'by-hand', officeId });
    const error = await failure(lab.driver.undo(content, key, record));
    expect(error).toMatchObject({ code: 'TURNUP_UNDO_FAILED', class: 'conflict' });
    expect((await rows(lab, 'users')).map(({ numbers }) => numbers)).toEqual([['+390655500']]);
  });
});
