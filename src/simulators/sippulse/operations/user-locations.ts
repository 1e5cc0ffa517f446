import { ServiceFault } from '../fault.ts';
import { accountIn, subscriberIn, text, type Operations } from '../operation.ts';

const CONTACT = /^sips?:[^@\s:]+@(?:\[[0-9a-fA-F:]+\]|[^\s:@]+):\d{1,5}$/;
const FOR_EVER = '0';

export const userLocationOperations: Operations = {
  /** Also of an account that is gone. */
  listUserLocations(args, context) {
    const account = accountIn(args, context);
    const username = text(args, 'username');
    const domain = text(args, 'domain');
    const contacts = context.state.locations.get(account) ?? [];
    return { userLocation: contacts.map((contact) => ({ contact, domain, expires: FOR_EVER, username })) };
  },

  /** The same contact twice is two locations. */
  addUserLocation(args, context) {
    subscriberIn(args, context);
    const account = accountIn(args, context);
    const contact = text(args, 'contact');
    if (!CONTACT.test(contact)) throw new ServiceFault('contact must be sip:user@ip:port');
    const contacts = context.state.locations.get(account);
    if (contacts) contacts.push(contact);
    else context.state.locations.set(account, [contact]);
  },

  removeUserLocation(args, context) {
    const account = accountIn(args, context);
    const contact = text(args, 'contact');
    const contacts = context.state.locations.get(account) ?? [];
    const left = contacts.filter((entry) => entry !== contact);
    if (left.length === contacts.length) throw new ServiceFault(`Location ${contact} not found`);
    if (left.length > 0) context.state.locations.set(account, left);
    else context.state.locations.delete(account);
  },
};
