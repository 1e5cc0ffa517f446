import type { StepSeen } from '../../seen.ts';
import { operationOf, stepOf, subscriberOf, type Case } from '../../audit/evidence.ts';
import { standingOf, type Change, type Effect, type Row } from '../../audit/things.ts';
import type { OperationBody } from '../../orders.ts';
import type { Leftovers } from './left.ts';
import { accountOf, KEYS } from './things.ts';
import { changesOfSubscriber, madeForSubscriber } from './wanted.ts';

export function effectsOf(cases: readonly Case[], leftovers: Leftovers): Effect[] {
  return cases.flatMap((one) => one.order.steps.map((step) => effectOf(one, step, leftovers)));
}

function effectOf(one: Case, step: StepSeen, leftovers: Leftovers): Effect {
  const effect = { one, step, stands: standingOf(one, step), makes: [], removes: [], changes: [] };
  const body = subscriberOf(one, step.item);
  if (body) {
    const account = accountOf({ ...body });
    const isOwn = stepOf(one, `${step.item}.subscriber`)?.outcome === 'created';
    // A new subscriber is made with most of what later steps then find as it should be.
    const stands = isOwn && step.state === 'done' ? 'yes' : effect.stands;
    const members = changesOfSubscriber(one.entry.body, body, step.kind);
    const changes = members ? [{ key: KEYS.subscriber(account), members }] : [];
    const makes = effect.stands === 'no' && step.state === 'done' ? [] : madeForSubscriber(one, body, step);
    return { ...effect, stands, makes, changes };
  }
  const operation = operationOf(one, step.item);
  if (operation) return { ...effect, ...ofOperation(operation, step, leftovers) };
  if (step.kind !== 'reseller') return effect;
  const { reseller } = (one.entry.body.customer?.native ?? {}) as { reseller?: Row };
  return { ...effect, makes: [{ key: KEYS.reseller(reseller?.['name']), members: reseller ?? {}, id: idOf(step) }] };
}

const idOf = (step: StepSeen): unknown => Object.values(step.result ?? {})[0] ?? null;

function ofOperation(
  { operation, args }: OperationBody,
  step: StepSeen,
  leftovers: Leftovers,
): Partial<Pick<Effect, 'makes' | 'removes' | 'changes'>> {
  if (step.kind !== operation) return {};
  const dto = (name: string): Row => args[name] as Row;
  const made = (key: string, members: Row) => ({ makes: [{ key, members, id: idOf(step) }] });
  const spare = leftovers.spares.find((one) => one.operation === operation && isSubset(one.args, args));
  if (spare) return { removes: [spare.thing] };
  const huntGroup = dto('huntGroup');
  const ratePlan = dto('ratePlan');
  switch (operation) {
    case 'insertHuntGroup':
      return made(KEYS.huntGroup(huntGroup['description']), huntGroup);
    case 'insertRatePlan':
      return made(KEYS.ratePlan(ratePlan['name']), ratePlan);
    case 'insertReseller':
      return made(KEYS.reseller(dto('reseller')['name']), dto('reseller'));
    case 'insertRates':
      return { makes: (args['rate'] as Row[]).map((rate) => ({ key: KEYS.rate(rate), members: rate, id: null })) };
    case 'insertDid':
      return made(KEYS.did(dto('did')['aliasUsername'], dto('did')['accountCode']), dto('did'));
    case 'insertWhiteList':
      return made(KEYS.whiteList(dto('whiteList')['prefix'], accountOf(dto('whiteList'))), {});
    case 'insertAddress':
      return made(KEYS.address(dto('address'), accountOf(dto('address'))), dto('address'));
    case 'addUserLocation':
      return { makes: [{ key: KEYS.location(args['contact'], accountOf(args)), members: {}, id: null }] };
    case 'updateHuntGroup':
      return { changes: [change(KEYS.huntGroup(nameOf(leftovers.huntGroups, huntGroup)), huntGroup)] };
    case 'updateRatePlan':
      return { changes: [change(KEYS.ratePlan(nameOf(leftovers.ratePlans, ratePlan)), ratePlan)] };
    default: {
      const members = WARD_CHANGES[operation]?.(args);
      if (!members) return {};
      return { changes: [change(KEYS.subscriber(accountOf({ ...args, ...members })), members)] };
    }
  }
}

const isSubset = (part: Row, whole: Row): boolean =>
  Object.entries(part).every(([name, value]) => whole[name] === value);

const nameOf = (all: Leftovers['huntGroups'], { id }: Row): string => all.find((one) => one.id === id)?.name ?? '';

const change = (key: string, { id: _id, username: _username, domain: _domain, ...members }: Row): Change => ({
  key,
  members,
});

const PROFILES: Readonly<Record<number, string>> = { 11: 'default', 12: 'residential', 13: 'business' };
const subscriber = (args: Row): Row => args['subscriber'] as Row;

/** What an operation makes of the members of a subscriber; `username` and `domain` name it. */
const WARD_CHANGES: Readonly<Record<string, (args: Row) => Row>> = {
  activateOutgoingCalls: () => ({ activeOutgoingCalls: true }),
  blockOutgoingCalls: () => ({ activeOutgoingCalls: false }),
  activateSoftphone: () => ({ softphoneAllowed: true }),
  blockSoftphone: () => ({ softphoneAllowed: false }),
  changeProfile: ({ newProfileId }) => ({ profile: PROFILES[newProfileId as number] }),
  changePassword: ({ newPassword }) => ({ password: newPassword }),
  activateVoicemail: ({ voicemailPassword }) => ({ voicemail: true, voiceMailPassword: voicemailPassword }),
  updateSubscriber: subscriber,
  updateSubscriberBillingInfo: subscriber,
  updateSubscriberClassV: subscriber,
  updateDailyQuota({ dailyQuotaDTO }) {
    const { username, domain, ...members } = dailyQuotaDTO as Row;
    const named = Object.entries(members).map(([name, value]) => [`dailyQuota.${name}`, value]);
    return { username, domain, ...Object.fromEntries(named) };
  },
};
