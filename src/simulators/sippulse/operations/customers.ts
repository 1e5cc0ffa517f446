import { ServiceFault } from '../fault.ts';
import { accountIn, subscriberIn, text, type Context, type Operations } from '../operation.ts';
import type { SubscriberRow } from '../rows.ts';
import type { Arguments } from '../values.ts';
import { changePassword } from './subscriber-accounts.ts';
import { shownSubscriber } from './subscribers.ts';

/** The password is the portal's: this service is the one behind it. @throws ServiceFault */
function customer(args: Arguments, context: Context): SubscriberRow {
  const password = text(args, 'password');
  const row = context.state.subscribers.get(accountIn(args, context));
  if (row?.columns['passwordPortal'] !== password) throw new ServiceFault('Invalid username or password');
  return row;
}

export const customerOperations: Operations = {
  authenticate: (args, context) => ({ return: shownSubscriber(customer(args, context), context) }),
  changeCustomerPassword(args, context) {
    changePassword(subscriberIn(args, context), 'passwordPortal', args);
  },
  retrieveCustomerCredit: (args, context) => ({ return: customer(args, context).credit }),
};
