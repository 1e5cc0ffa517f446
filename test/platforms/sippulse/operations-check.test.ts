import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/platforms/port.ts';
import {
  checkOperations,
  OPERATION_SECRETS,
  OPERATIONS,
  planOperations,
} from '../../../src/platforms/sippulse/operations/index.ts';
import { OPERATION_TABLE } from '../../../src/platforms/sippulse/operations/table.ts';
import { ADDRESS, DID, HUNT_GROUP, RATE, RATE_PLAN } from './operations-cases.ts';
import { DOMAIN, JOHN, newSubscriber } from './operations-lab.ts';

const order = (...operations: [call: string, args: object][]) => ({
  operations: operations.map(([call, args], index) => {
    const [service = '', operation = ''] = call.split('.');
    return { id: `o${index + 1}`, service, operation, args: args as JsonObject };
  }),
});

/** Faults as a CRM reads them: `operations.0.args.did.domain: …`. */
const faultsOf = (...operations: [call: string, args: object][]): string[] =>
  checkOperations(order(...operations)).map(({ path, message }) => `${path.join('.')}: ${message}`);

const pathsOf = (...operations: [call: string, args: object][]): string[] =>
  checkOperations(order(...operations)).map(({ path }) => path.join('.'));

describe('checkOperations', () => {
  it('I12 tells every fault of every operation at once, each by its path', () => {
    const { description: _description, ...nameless } = HUNT_GROUP;
    expect(
      pathsOf(
        ['HuntGroupWS.insertHuntGroup', { huntGroup: { ...nameless, method: 'parallel', timeout: 0, colour: 'red' } }],
        ['SubscriberWS.addCredit', { ...JOHN, value: 0 }],
        ['DidWS.deleteDid', { didId: '7' }],
        ['DidWS.nothing', {}],
      ).toSorted(),
    ).toEqual([
      'operations.0.args.huntGroup.colour',
      'operations.0.args.huntGroup.description',
      'operations.0.args.huntGroup.method',
      'operations.0.args.huntGroup.timeout',
      'operations.1.args.value',
      'operations.2.args.accountCode',
      'operations.2.args.didId',
      'operations.3.operation',
    ]);
  });

  it.each([
    ['DidWS.insertDid', { did: { ...DID, aliasUsername: '+55 11' } }, 'operations.0.args.did.aliasUsername'],
    ['DidWS.insertDid', { did: { ...DID, id: 7 } }, 'operations.0.args.did.id'],
    ['AddressWS.insertAddress', { address: { ...ADDRESS, mask: 33 } }, 'operations.0.args.address.mask'],
    ['AddressWS.insertAddress', { address: { ...ADDRESS, ipAddress: 'host' } }, 'operations.0.args.address.ipAddress'],
    ['AddressWS.insertAddress', { address: { ...ADDRESS, method: 'ip+cpt' } }, 'operations.0.args.address.techPrefix'],
    ['AddressWS.insertAddress', { address: { ...ADDRESS, username: 'mary' } }, 'operations.0.args.address.account'],
    ['RatePlanWS.insertRatePlan', { ratePlan: { ...RATE_PLAN, cadency: 61 } }, 'operations.0.args.ratePlan.cadency'],
    ['RatePlanWS.updateRatePlan', { ratePlan: { domain: DOMAIN, name: 'x' } }, 'operations.0.args.ratePlan.id'],
    ['RateWS.insertRates', { rate: [RATE, RATE] }, 'operations.0.args.rate.1.prefix'],
    ['RateWS.insertRates', { rate: [] }, 'operations.0.args.rate'],
    [
      'SubscriberWS.updateDailyQuota',
      { dailyQuotaDTO: { ...JOHN, dailyQuota: true, dailyQuotaType: 'X' } },
      'operations.0.args.dailyQuotaDTO.dailyQuotaType',
    ],
    [
      'SubscriberWS.changePassword',
      { ...JOHN, newPassword: 'a', confirmNewPassword: 'b' },
      'operations.0.args.confirmNewPassword',
    ],
    ['SubscriberWS.activateVoicemail', { ...JOHN, voicemailPassword: '4711' }, 'operations.0.args.voicemailPassword'],
    ['SubscriberWS.blockSubscriber', { ...JOHN, username: '' }, 'operations.0.args.username'],
    [
      'SubscriberWS.updateSubscriberBillingInfo',
      { subscriber: { ...JOHN, phone: '(41) 3000' } },
      'operations.0.args.subscriber.phone',
    ],
    [
      'SubscriberWS.updateSubscriberServices',
      { subscriber: { ...JOHN, cps: 3 } },
      'operations.0.args.subscriber.keepAlive',
    ],
    [
      'SubscriberWS.insertSubscriber',
      { subscriber: { ...newSubscriber(JOHN), ratePlanId: undefined } },
      'operations.0.args.subscriber.ratePlanId',
    ],
    ['UserLocationWS.addUserLocation', { ...JOHN, contact: '192.0.2.9' }, 'operations.0.args.contact'],
    ['UserLocationWS.addUserLocation', { ...JOHN, contact: 'sip:john@192.0.2.9' }, 'operations.0.args.contact'],
    ['AddressWS.insertAddress', { address: { ...ADDRESS, mask: 64 } }, 'operations.0.args.address.mask'],
    [
      'AddressWS.updateAddress',
      { address: { id: 7, ...JOHN, ipAddress: '192.0.2.8', mask: 64 } },
      'operations.0.args.address.mask',
    ],
    [
      'AccountGroupWS.addAccountGroup',
      { accountManager: 'john', managerProfile: 'x', account: ['a@b.example'] },
      'operations.0.args.accountManager',
    ],
    [
      'SubscriberWS.blockSubscriber',
      { ...JOHN, principal: { login: 'x', password: 'y' } },
      'operations.0.args.principal',
    ],
  ])('%s %j: %s', (call, args, path) => {
    expect([...new Set(pathsOf([call, args]))]).toEqual([path]);
  });

  it('takes the name of the live service and the one of the vendor page', () => {
    for (const call of ['HuntGroupWS.insertHuntGroup', 'HuntGroupWS.insertHuntGroups']) {
      expect(pathsOf([call, { huntGroup: HUNT_GROUP }])).toEqual([]);
      expect(OPERATIONS).toHaveProperty([call]);
    }
    expect(pathsOf(['WhitelistWS.deleteWhiteList', { whiteListId: 7, ...JOHN }])).toEqual([]);
    expect(OPERATIONS).toHaveProperty(['WhitelistWS.deleteWhiteList']);
  });

  it('takes one credit for each account', () => {
    const credit: [string, object] = ['SubscriberWS.addCredit', { ...JOHN, value: 5 }];
    const other: [string, object] = ['SubscriberWS.addCredit', { ...JOHN, username: 'mary', value: 5 }];
    expect(pathsOf(credit, other)).toEqual([]);
    expect(faultsOf(credit, other, credit)).toEqual([
      'operations.2.operation: gives credit to the same account as operations.0: give the sum in one',
    ]);
  });
});

describe('OPERATION_SECRETS', () => {
  it('I8 has every argument that is a password or PIN', () => {
    const named = OPERATION_TABLE.flatMap(({ args }) => secretPaths(args as never, 'operations.*.args'));
    expect([...new Set(named)].toSorted()).toEqual(OPERATION_SECRETS.toSorted());
  });

  it('I8 are opened for the steps that have one, and for no other', () => {
    const wrong = OPERATION_TABLE.filter(
      ({ args, step, operation }) =>
        step.opensSecrets !== secretPaths(args as never, '').length > 0 && !/LowCredit|blockVoicemail/.test(operation),
    );
    expect(wrong.map(({ operation }) => operation)).toEqual([]);
  });
});

interface Shape {
  readonly shape?: Readonly<Record<string, Shape>>;
}

function secretPaths({ shape }: Shape, path: string): string[] {
  return Object.entries(shape ?? {}).flatMap(([name, member]) => {
    if (member.shape) return secretPaths(member, `${path}.${name}`);
    return /pass(?!erted)|pin/i.test(name) ? [`${path}.${name}`] : [];
  });
}

describe('planOperations', () => {
  it('plans each after the one before, with its reload', () => {
    const plan = planOperations(
      order(
        ['HuntGroupWS.insertHuntGroups', { huntGroup: HUNT_GROUP }],
        ['RateWS.insertRates', { rate: [RATE] }],
        ['SubscriberWS.removeSubscriber', JOHN],
      ),
      ['reseller'],
    );
    expect(plan.map(({ id, kind, item, needs, class: stepClass }) => [id, kind, item, needs, stepClass])).toEqual([
      ['o1.insertHuntGroup', 'insertHuntGroup', 'o1', ['reseller'], 'compensatable'],
      ['o1.reloadAfter', 'reloadAfter', 'o1', ['o1.insertHuntGroup'], 'retriable'],
      ['o2.insertRates', 'insertRates', 'o2', ['o1.reloadAfter'], 'compensatable'],
      ['o3.removeSubscriber', 'removeSubscriber', 'o3', ['o2.insertRates'], 'pivot'],
      ['o3.reloadAfter', 'reloadAfter', 'o3', ['o3.removeSubscriber'], 'retriable'],
    ]);
    expect(new Set(plan.map(({ line }) => line))).toEqual(new Set(['operations']));
    expect(plan.map(({ title }) => title)).toContain('Make a hunt group: sales');
  });

  it('I8 needs no secret and shows none', () => {
    const args = { ...JOHN, newPassword: 'very-secret', actualPassword: 'old-secret' };
    expect(JSON.stringify(planOperations(order(['SubscriberWS.changePassword', args])))).not.toMatch(/secret/);
    expect(planOperations(order(['SubscriberWS.changePassword', JOHN]))).toHaveLength(2);
  });
});
