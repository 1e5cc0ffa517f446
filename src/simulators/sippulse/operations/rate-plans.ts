import { ServiceFault } from '../fault.ts';
import { columnsOf, dto, inRange, need, number, openDomain, rowById, text, type Operations } from '../operation.ts';
import type { DtoRow } from '../rows.ts';
import type { Fields } from '../values.ts';
import { inDomain } from './listings.ts';

const REQUIRED = ['name', 'domain', 'rateId', 'prepaid', 'txConnection', 'cadency'];

const shown = ({ id, columns }: DtoRow): object => ({ ...columns, id });

function check(given: Fields): void {
  need(given, REQUIRED);
  inRange(given, 'txConnection', 1, 60);
  inRange(given, 'cadency', 1, 60);
}

export const ratePlanOperations: Operations = {
  listRatePlansByDomain: (args, context) => ({
    ratePlan: inDomain(context.state.ratePlans.values(), args, context).map(shown),
  }),

  /** Two may bear one name (sippulse.md: uniqueness assumed only). */
  insertRatePlan(args, context) {
    const given = dto(args, 'ratePlan');
    check(given);
    const domain = openDomain(context, text(given, 'domain'));
    const row = { id: context.state.nextId('ratePlan'), domain, columns: columnsOf(given) };
    context.state.ratePlans.set(row.id, row);
    return { ratePlan: shown(row) };
  },

  updateRatePlan(args, context) {
    const given = dto(args, 'ratePlan');
    check(given);
    const row = rowById(context.state.ratePlans, number(given, 'id'), 'Rate plan', context);
    if (given['domain'] !== row.domain) throw new ServiceFault(`Rate plan ${row.id} is of another domain`);
    row.columns = columnsOf(given);
    return { ratePlan: shown(row) };
  },

  removeRatePlan(args, context) {
    const { state } = context;
    const row = rowById(state.ratePlans, number(args, 'idRatePlan'), 'Rate plan', context);
    const used = [...state.subscribers.values()].some(
      ({ columns }) => columns['ratePlanId'] === row.id || columns['resellerRatePlanId'] === row.id,
    );
    if (used) throw new ServiceFault(`Rate plan ${row.id} is in use`);
    state.ratePlans.delete(row.id);
  },
};
