import type { Draft, Flaw, OperationBody, Secrets } from '../../orders.ts';
import type { Random } from '../../random.ts';
import { DOMAIN } from './hand.ts';
import type { Leftover, Leftovers } from './left.ts';

type Operations = readonly OperationBody[];

/** Draws the platform's own operations: what they make bears names of its own, what they change are the wards'. */
export function createOperations(random: Random, secrets: Secrets, leftovers: Leftovers) {
  const { strangers, wards, huntGroups, ratePlans, reseller } = leftovers;
  const spares = [...leftovers.spares];
  let serial = 0;

  const next = (): string => String((serial += 1)).padStart(5, '0');
  const user = ({ username }: Leftover) => ({ username, domain: DOMAIN });
  const ward = (): Leftover => random.pick(wards);
  const on = (operation: string, args: Record<string, unknown>): OperationBody => ({
    service: 'SubscriberWS',
    operation,
    args,
  });
  const toWard = (operation: string, more = {}): OperationBody => on(operation, { ...user(ward()), ...more });

  const huntGroup = (groupList: string): OperationBody => ({
    service: 'HuntGroupWS',
    operation: 'insertHuntGroup',
    args: {
      huntGroup: {
        domain: DOMAIN,
        description: `team-${next()}`,
        groupList,
        method: random.pick(['paralell', 'serial']),
        timeout: random.int(5, 60),
      },
    },
  });

  const did = (aliasUsername: string): OperationBody => {
    const { account, username } = ward();
    const args = { did: { accountCode: account, aliasUsername, username, domain: DOMAIN } };
    return { service: 'DidWS', operation: 'insertDid', args };
  };

  const rates = (prefixes: readonly string[], rateId: number): OperationBody => ({
    service: 'RateWS',
    operation: 'insertRates',
    args: {
      rate: prefixes.map((prefix) => ({
        domain: DOMAIN,
        name: `rate ${prefix}`,
        prefix,
        rateId,
        rateValue: random.int(1, 99) / 64,
      })),
    },
  });

  const ratePlan = (): OperationBody => ({
    service: 'RatePlanWS',
    operation: 'insertRatePlan',
    args: {
      ratePlan: { name: `plan-${next()}`, domain: DOMAIN, rateId: 7, prepaid: true, txConnection: 60, cadency: 6 },
    },
  });

  function makes(): OperationBody {
    const of = ward();
    const own = next();
    const byte = (): number => random.int(1, 254);
    const address = { ipAddress: `172.16.${byte()}.${byte()}`, mask: 32, method: 'techprefix', techPrefix: own };
    return random.pick<() => OperationBody>([
      () => huntGroup([random.pick(strangers), of].map(({ username }) => username).join(';')),
      ratePlan,
      () =>
        rates(
          Array.from({ length: random.int(1, 4) }, () => `77${next()}`),
          7,
        ),
      () => did(`11500${own}`),
      () => ({
        service: 'WhiteListWS',
        operation: 'insertWhiteList',
        args: { whiteList: { ...user(of), prefix: `66${own}` } },
      }),
      () => ({
        service: 'AddressWS',
        operation: 'insertAddress',
        args: { address: { ...user(of), account: of.account, port: 0, protocol: 'tcp', ...address } },
      }),
      () => ({
        service: 'UserLocationWS',
        operation: 'addUserLocation',
        args: { ...user(of), contact: `sip:op${own}@192.0.2.77:5060` },
      }),
      () => ({
        service: 'ResellerWS',
        operation: 'insertReseller',
        args: {
          reseller: {
            domain: DOMAIN,
            name: `seller-${own}`,
            manager: 'Nina',
            email: `nina${own}@example.com`,
            username: `nina${own}`,
            password: secrets.password('seller'),
          },
        },
      }),
    ])();
  }

  function changes(): OperationBody {
    const of = user(ward());
    const group = random.pick(huntGroups);
    const plan = random.pick(ratePlans);
    return random.pick<() => OperationBody>([
      () => on('updateDailyQuota', { dailyQuotaDTO: { ...of, ...dailyQuota() } }),
      () => toWard(random.pick(['activateOutgoingCalls', 'blockOutgoingCalls'])),
      () => toWard(random.pick(['activateSoftphone', 'blockSoftphone'])),
      () => toWard('changeProfile', { newProfileId: random.int(11, 13) }),
      () => toWard('changePassword', { newPassword: secrets.password('changed') }),
      () => on('updateSubscriberBillingInfo', { subscriber: { ...of, city: `City ${next()}`, zip: next() } }),
      () => on('updateSubscriber', { subscriber: { ...of, callLimit: random.int(4, 40), lastName: `N ${next()}` } }),
      () => on('updateSubscriberClassV', { subscriber: { ...of, callGroup: `g${next()}` } }),
      () => toWard('activateVoicemail', { voicemailPassword: Number(secrets.pin(15)) }),
      () => ({
        service: 'HuntGroupWS',
        operation: 'updateHuntGroup',
        args: { huntGroup: { id: group.id, domain: DOMAIN, timeout: random.int(100, 900) } },
      }),
      () => ({
        service: 'RatePlanWS',
        operation: 'updateRatePlan',
        args: { ratePlan: { id: plan.id, domain: DOMAIN, cadency: random.int(7, 60) } },
      }),
    ])();
  }

  const dailyQuota = () => ({ dailyQuota: true, dailyQuotaLimit: random.int(1, 99), dailyQuotaType: 'V' });

  /** Two credits of one account in one order are refused at the door. */
  function credits(): Operations {
    const value = random.int(1, 400) / 4;
    const obs = random.chance(0.5) ? { obs: `gift ${next()}` } : {};
    if (random.chance(0.6)) return [toWard('addCredit', { value, ...obs })];
    const args = { resellerName: reseller, domain: DOMAIN, value, ...obs };
    return [{ service: 'ResellerWS', operation: 'addResellerCredit', args }];
  }

  function removes(): Operations {
    const [spare] = spares.splice(random.int(0, spares.length - 1), 1);
    if (!spare) return [];
    const { service, operation, args } = spare;
    return [{ service, operation, args }];
  }

  const failures: readonly (() => readonly [OperationBody, code: string])[] = [
    () => [huntGroup(`nobody.${next()}`), 'TURNUP_TARGET_REJECTED'],
    () => [did(random.pick(strangers).numbers[0]!), 'TURNUP_TARGET_REJECTED'],
    // There with other values.
    () => [rates([`78${next()}`, '5511'], 1), 'TURNUP_OBJECT_TAKEN'],
    () => [on('addCredit', { username: `nobody.${next()}`, domain: DOMAIN, value: 5 }), 'TURNUP_TARGET_FAILED'],
    () => [toWard('changeProfile', { newProfileId: 99 }), 'TURNUP_REFERENCE_UNKNOWN'],
    () => [on('blockOutgoingCalls', { username: `nobody.${next()}`, domain: DOMAIN }), 'TURNUP_REFERENCE_UNKNOWN'],
  ];

  function sound(): OperationBody[] {
    const many = random.int(1, 3);
    const all = Array.from({ length: many }, () => random.weigh([[5, makes] as const, [4, changes] as const])());
    return [...all, ...(random.chance(0.35) ? credits() : []), ...(random.chance(0.35) ? removes() : [])];
  }

  /** Held ones stand in the way of all others, and what they changed would be changed by others before its undo. */
  const never = ['leave', 'retry', 'release'] as const;

  return {
    ratePlan,
    never,
    sound: (): Draft => ({ operations: sound(), never }),
    failing(): Draft {
      const [bad, code] = random.pick(failures)();
      const operations = sound();
      const at = random.int(0, operations.length);
      const flaws: Flaw[] = [{ code, step: `o${at + 1}.${bad.operation}` }];
      return {
        operations: operations.toSpliced(at, 0, bad),
        flaws,
        doomed: true,
        never,
        ...(random.chance(0.7) && { onFailure: 'undo' }),
      };
    },
  };
}
