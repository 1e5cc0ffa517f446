import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLab, type Lab } from '../api/lab.ts';
import { openHand, type SippulseHand, type State } from '../chaos/platforms/sippulse/hand.ts';
import { useRedis } from '../setup/redis.ts';
import { audit, rowsOf } from './support.ts';

/* A platform that keeps no customers, does not show who is blocked, and takes credit that must never be given twice. */

const DOMAIN = 'sip.example.com';
const redis = useRedis();
let lab: Lab;
let hand: SippulseHand;

beforeEach(async () => {
  lab = await startLab(redis, 'sippulse');
  hand = openHand(lab.simulator.url);
});
afterEach(() => lab.close());

const held = () => lab.simulator.state() as State;

async function provision(): Promise<void> {
  const subscriber = (username: string, number: string) => ({
    username,
    domain: DOMAIN,
    password: `Secret-of-${username}1`,
    number,
    aliases: [`${number.slice(0, -1)}9`],
    callForwards: { busy: { destinations: [{ to: 'sip:desk@other.example.com' }] } },
    preferences: { callLimit: 4 },
    native: { whiteList: ['5511'], credit: 12.5 },
  });
  const order = lab.order({
    customer: { externalId: 'C-1', contact: { firstName: 'Ana', lastName: 'Lima', email: 'ana@example.com' } },
    subscribers: [subscriber('ana', '+551130001000'), subscriber('rui', '+551130002000')],
  });
  await lab.until(await lab.place(order), 'completed');
}

test('what differs is told member by member and repaired; what is done once is not done again', async () => {
  await provision();
  expect((await audit(lab, { customers: ['C-1'] })).counts).toEqual({
    same: 2,
    differs: 0,
    missing: 0,
    foreign: 0,
    unknown: 0,
  });

  const ana = { username: 'ana', domain: DOMAIN };
  await hand.call('SubscriberWS', 'updateSubscriberClassV', {
    subscriber: { ...ana, callFwdBusy: 'sip:eve@evil.example.com' },
  });
  const [prefix] = held().whiteLists.filter(({ username }) => username === 'ana');
  await hand.call('WhiteListWS', 'deletetWhiteList', { whiteListId: Number(prefix!['id']) });
  await hand.call('SubscriberWS', 'removeSubscriber', { username: 'rui', domain: DOMAIN });
  await hand.call('ReloadModulesWS', 'reloadSubscriber', ana);

  const found = await audit(lab);
  expect(found.counts).toMatchObject({ same: 0, differs: 1, missing: 1 });
  expect(rowsOf(found)).toMatchObject({
    ana: { state: 'differs', members: ['callForwards.busy', 'native.whiteList'] },
    rui: { state: 'missing' },
  });

  const credit = held().creditTransactions;
  const repaired = await audit(lab, { repair: true });
  await lab.until(rowsOf(repaired)['ana']!.order!, 'completed');
  expect(repaired.orders).toBe(1);
  expect((await audit(lab)).counts).toMatchObject({ same: 1, differs: 0, missing: 1 });
  expect(held().creditTransactions).toEqual(credit);
});
