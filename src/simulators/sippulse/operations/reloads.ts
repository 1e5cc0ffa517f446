import { ServiceFault } from '../fault.ts';
import { reloadAddresses, reloadDid, reloadHuntGroup, reloadSubscriber } from '../live.ts';
import { accountIn, number, openDomain, text, type Operations } from '../operation.ts';

/*
 * A reload can be repeated, and is wanted after a removal too; so it is refused only for what never was.
 */
export const reloadOperations: Operations = {
  reloadSubscriber(args, context) {
    const account = accountIn(args, context);
    if (!context.state.accountsSeen.has(account)) throw new ServiceFault(`Subscriber ${account} not found`);
    reloadSubscriber(context.state, account);
  },

  /** No operation changes a profile, so there is nothing to read anew. */
  reloadProfile(args, context) {
    const domain = openDomain(context, text(args, 'domain'));
    const profile = text(args, 'profile');
    if (![...context.state.profiles.values()].some((row) => row.domain === domain && row.profile === profile)) {
      throw new ServiceFault(`Profile ${profile} not found`);
    }
  },

  reloadDid(args, { state }) {
    const id = number(args, 'didId');
    if (!state.wasGiven('did', id)) throw new ServiceFault(`DID ${id} not found`);
    reloadDid(state, id);
  },

  reloadAddress(_args, { state }) {
    reloadAddresses(state);
  },

  reloadHuntGroup(args, { state }) {
    const id = number(args, 'huntGroupId');
    if (!state.wasGiven('huntGroup', id)) throw new ServiceFault(`Hunt group ${id} not found`);
    reloadHuntGroup(state, id);
  },
};
