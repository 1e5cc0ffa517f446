import { reloadSubscriberAfter } from '../steps/reloads.ts';
import type { Kind } from '../steps/common.ts';
import { activateStep, blockStep } from './block.ts';
import { changeNumbersStep, DIDS_OF } from './change-numbers.ts';
import { changeSubscriberStep } from './change-subscriber.ts';
import { ADDRESSES_OF, LOCATIONS_OF, WHITE_LIST_OF } from './lists.ts';
import { numberMoveStep, reloadNumberStep } from './number-move.ts';
import { ownershipOrGoneStep, ownershipStep } from './ownership.ts';
import {
  reloadGoneSubscriberStep,
  reloadHuntGroupsStep,
  removeAccountGroupStep,
  removeFromHuntGroupsStep,
  removeListStep,
  removeSubscriberStep,
} from './removals.ts';
import { replaceStep } from './replaced-list.ts';

/** What steps mean otherwise than in a provision order, by action. */
export const LIFE_STEPS = {
  modify: {
    subscriber: changeSubscriberStep,
    numbers: changeNumbersStep,
    whiteList: replaceStep(WHITE_LIST_OF),
    addresses: replaceStep(ADDRESSES_OF),
    locations: replaceStep(LOCATIONS_OF),
    reload: reloadSubscriberAfter('numbers'),
    numberMove: numberMoveStep,
    reloadNumber: reloadNumberStep,
  },
  suspend: { ownership: ownershipStep, subscriber: blockStep },
  resume: { ownership: ownershipStep, subscriber: activateStep },
  terminate: {
    ownership: ownershipOrGoneStep,
    numbers: removeListStep('numbers', DIDS_OF),
    whiteList: removeListStep('a white list', WHITE_LIST_OF),
    addresses: removeListStep('addresses', ADDRESSES_OF),
    locations: removeListStep('locations', LOCATIONS_OF),
    huntGroups: removeFromHuntGroupsStep,
    accountGroup: removeAccountGroupStep,
    subscriber: removeSubscriberStep,
    reload: reloadGoneSubscriberStep,
    reloadHuntGroups: reloadHuntGroupsStep,
  },
} satisfies { readonly [action: string]: { readonly [kind: string]: Kind } };
