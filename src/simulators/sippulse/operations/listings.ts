import { openDomain, text, type Context, type Operations } from '../operation.ts';
import { mayTouch } from '../principals.ts';
import type { Arguments } from '../values.ts';
import type { Owned } from '../rows.ts';

/** The rows of the domain asked for. @throws ServiceFault when there is no such domain, or it may not be touched */
export function inDomain<Row extends Owned>(rows: Iterable<Row>, args: Arguments, context: Context): Row[] {
  const domain = openDomain(context, text(args, 'domain'));
  return [...rows].filter((row) => row.domain === domain);
}

export const domainOperations: Operations = {
  listDomains: (_args, { state, principal }) => ({
    domain: [...state.domains.values()].filter(({ domain }) => !principal || mayTouch(principal, domain)),
  }),
};

export const profileOperations: Operations = {
  listProfilesByDomain: (args, context) => ({ profile: inDomain(context.state.profiles.values(), args, context) }),
};

export const dialplanOperations: Operations = {
  listDialplansByDomain: (args, context) => ({
    dialplan: inDomain(context.state.dialplans.values(), args, context).map(({ id, columns }) => ({ ...columns, id })),
  }),
};
