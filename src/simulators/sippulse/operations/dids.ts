import { ServiceFault } from '../fault.ts';
import {
  columnsOf,
  dto,
  number,
  openDomain,
  optionalText,
  rowById,
  subscriberOf,
  text,
  type Context,
  type Operations,
} from '../operation.ts';
import { accountOf, addDid, removeDid } from '../state.ts';

/** The destination is empty in seen use; one that is named must exist. @throws ServiceFault */
function checkDestination(username: string, domain: string, context: Context): void {
  if (username === '') return;
  const uri = `sip:${username}@${domain}`;
  if ([...context.state.huntGroups.values()].some((group) => group.columns['uri'] === uri)) return;
  subscriberOf(accountOf(username, domain), context);
}

export const didOperations: Operations = {
  insertDid(args, context) {
    const given = dto(args, 'did');
    const { state } = context;
    const domain = openDomain(context, text(given, 'domain'));
    const numberWanted = text(given, 'aliasUsername');
    subscriberOf(text(given, 'accountCode'), context);
    checkDestination(optionalText(given, 'username'), domain, context);
    if (state.didByNumber.has(numberWanted)) throw new ServiceFault(`DID ${numberWanted} already exists`);
    const id = state.nextId('did');
    const pooled = state.availableNumbers.get(domain)?.has(numberWanted) ?? false;
    addDid(state, { id, domain, columns: columnsOf(given), pooled });
    return { didId: id };
  },

  deleteDid(args, context) {
    removeDid(context.state, rowById(context.state.dids, number(args, 'didId'), 'DID', context));
  },

  /** Also of an account that is gone. */
  listByAcc: (args, { state }) => ({
    did: state.didsByAccount.get(text(args, 'accountCode')).map(({ id, columns }) => ({ ...columns, id })),
  }),

  listAvailablesNumbers(args, context) {
    const domain = openDomain(context, text(args, 'domain'));
    return { did: [...(context.state.availableNumbers.get(domain) ?? [])] };
  },
};
