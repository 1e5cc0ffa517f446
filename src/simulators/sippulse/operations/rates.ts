import { ServiceFault } from '../fault.ts';
import {
  columnsOf,
  dto,
  dtos,
  need,
  number,
  openDomain,
  optionalText,
  rowById,
  text,
  type Operations,
} from '../operation.ts';
import type { DtoRow } from '../rows.ts';
import { inDomain } from './listings.ts';

const REQUIRED = ['domain', 'name', 'prefix', 'rateId', 'rateValue'];

const shown = ({ id, columns }: DtoRow): object => ({ ...columns, id });

export const rateOperations: Operations = {
  /** Every filter but the domain may be left out; prefix and description match from the start. */
  listRatesByParams(args, context) {
    const { rateId } = args;
    const prefix = optionalText(args, 'prefix');
    const description = optionalText(args, 'descripion');
    const rows = inDomain(context.state.rates.values(), args, context).filter(
      ({ columns }) =>
        (rateId === undefined || rateId === 0 || columns['rateId'] === rateId) &&
        String(columns['prefix']).startsWith(prefix) &&
        String(columns['name']).startsWith(description),
    );
    return { rate: rows.map(shown) };
  },

  /** One after the other: those before a refused one stay (sippulse.md: partial success assumed possible). */
  insertRates(args, context) {
    for (const given of dtos(args, 'rate')) {
      need(given, REQUIRED);
      const domain = openDomain(context, text(given, 'domain'));
      const id = context.state.nextId('rate');
      context.state.rates.set(id, { id, domain, columns: columnsOf(given) });
    }
  },

  updateRate(args, context) {
    const given = dto(args, 'rate');
    need(given, REQUIRED);
    const row = rowById(context.state.rates, number(given, 'id'), 'Rate', context);
    if (given['domain'] !== row.domain) throw new ServiceFault(`Rate ${row.id} is of another domain`);
    row.columns = columnsOf(given);
    return { rate: shown(row) };
  },

  removeRate(args, context) {
    context.state.rates.delete(rowById(context.state.rates, number(args, 'id'), 'Rate', context).id);
  },

  removeAllRatesByRateId(args, context) {
    const rateId = number(args, 'rateId');
    const doomed = inDomain(context.state.rates.values(), args, context).filter(
      ({ columns }) => columns['rateId'] === rateId,
    );
    for (const { id } of doomed) context.state.rates.delete(id);
    return { return: doomed.length };
  },
};
