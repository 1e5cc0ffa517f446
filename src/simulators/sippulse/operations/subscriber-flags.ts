import { number, subscriberIn, type Operation, type Operations } from '../operation.ts';
import type { SubscriberRow } from '../rows.ts';

type Change = (row: SubscriberRow) => void;

/** Sets; a second time is no fault. */
const set =
  (change: Change): Operation =>
  (args, context) => {
    change(subscriberIn(args, context));
  };

const column = (member: string, value: boolean): Operation =>
  set((row) => {
    row.columns[member] = value;
  });

type Hidden = 'active' | 'privacyCalls' | 'topologyHiding' | 'dailyStatistics';

const hidden = (member: Hidden, value: boolean): Operation =>
  set((row) => {
    row[member] = value;
  });

/** The activate/block pairs; which of them `retrieveSubscriber` shows is told in sippulse.md, "activateX ⇄ blockX". */
export const subscriberFlagOperations: Operations = {
  activateSubscriber: hidden('active', true),
  blockSubscriber: hidden('active', false),
  activatePrivacyCalls: hidden('privacyCalls', true),
  blockPrivacyCalls: hidden('privacyCalls', false),
  activateDailyStatistics: hidden('dailyStatistics', true),
  blockDailyStatistics: hidden('dailyStatistics', false),
  activateTopologyHiding: hidden('topologyHiding', true),
  blockTopologyHiding: hidden('topologyHiding', false),
  activateOutgoingCalls: column('activeOutgoingCalls', true),
  blockOutgoingCalls: column('activeOutgoingCalls', false),
  activateIncommingCalls: column('activeIncomingCalls', true),
  blockIncommingCalls: column('activeIncomingCalls', false),
  activateCollectCalls: column('blockCollectCalls', false),
  blockCollectCalls: column('blockCollectCalls', true),
  activateAnonymousCalls: column('blockAnonymousCalls', false),
  blockAnonymousCalls: column('blockAnonymousCalls', true),
  activateEntry0303: column('blockEntry0303', false),
  blockEntry0303: column('blockEntry0303', true),
  activateValidateSource0303: column('validateSource0303', true),
  disableValidateSource0303: column('validateSource0303', false),
  activateCallsOnlyByIp: column('callsOnlyByIp', true),
  blockCallsOnlyByIp: column('callsOnlyByIp', false),
  activateSoftphone: column('softphoneAllowed', true),
  blockSoftphone: column('softphoneAllowed', false),

  activateLowCreditNotification(args, context) {
    const row = subscriberIn(args, context);
    row.columns['lowCreditLimit'] = number(args, 'lowCreditLimit');
    row.columns['lowCreditNotification'] = true;
  },
  blockLowCreditNotification: column('lowCreditNotification', false),

  activateVoicemail(args, context) {
    const row = subscriberIn(args, context);
    row.columns['voiceMailPassword'] = number(args, 'voicemailPassword');
    row.columns['voicemail'] = true;
  },
  blockVoicemail: column('voicemail', false),
};
