import { ServiceFault } from '../fault.ts';
import { columnsOf, dto, need, number, openDomain, rowById, text, type Operations } from '../operation.ts';
import type { ResellerRow } from '../rows.ts';
import { inDomain } from './listings.ts';

const REQUIRED = ['domain', 'name', 'manager', 'email', 'username', 'password'];

function shown({ id, columns, credit }: ResellerRow): object {
  const { password: _password, ...rest } = columns;
  return { ...rest, id, credit };
}

export const resellerOperations: Operations = {
  /** Two may bear one name: nothing public says otherwise. */
  insertReseller(args, context) {
    const given = dto(args, 'reseller');
    need(given, REQUIRED);
    const domain = openDomain(context, text(given, 'domain'));
    const id = context.state.nextId('reseller');
    const columns = columnsOf(given, ['id', 'credit']);
    context.state.resellers.set(id, { id, domain, columns, credit: Number(given['credit'] ?? 0) });
    return { resellerId: id };
  },

  deleteReseller(args, context) {
    const { state } = context;
    const row = rowById(state.resellers, number(args, 'resellerId'), 'Reseller', context);
    if ([...state.subscribers.values()].some(({ columns }) => columns['resellerId'] === row.id)) {
      throw new ServiceFault(`Reseller ${row.id} is in use`);
    }
    state.resellers.delete(row.id);
  },

  listByDomain: (args, context) => ({ reseller: inDomain(context.state.resellers.values(), args, context).map(shown) }),

  addResellerCredit(args, context) {
    const name = text(args, 'resellerName');
    const row = inDomain(context.state.resellers.values(), args, context).find(
      ({ columns }) => columns['name'] === name,
    );
    if (!row) throw new ServiceFault(`Reseller ${name} not found`);
    const value = number(args, 'value');
    const obs = text(args, 'obs');
    row.credit += value;
    context.state.resellerCreditTransactions.push({ account: `${name}@${row.domain}`, value, obs });
  },

  retrieveResellerCredit: (args, context) => ({
    return: rowById(context.state.resellers, number(args, 'resellerId'), 'Reseller', context).credit,
  }),
};
