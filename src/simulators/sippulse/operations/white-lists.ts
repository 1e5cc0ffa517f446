import { accountIn, columnsOf, dto, number, rowById, subscriberIn, text, type Operations } from '../operation.ts';

export const whiteListOperations: Operations = {
  /** The same prefix twice is two entries. */
  insertWhiteList(args, context) {
    const given = dto(args, 'whiteList');
    const { domain } = subscriberIn(given, context);
    text(given, 'prefix');
    const id = context.state.nextId('whiteList');
    context.state.whiteLists.add({ id, domain, account: accountIn(given, context), columns: columnsOf(given) });
    return { whiteListId: id };
  },

  deletetWhiteList(args, context) {
    const { whiteLists } = context.state;
    whiteLists.remove(rowById(whiteLists.rows, number(args, 'whiteListId'), 'White list', context));
  },

  /** Also of an account that is gone. */
  listWhiteList: (args, context) => ({
    whiteList: context.state.whiteLists.of(accountIn(args, context)).map(({ id, columns }) => ({ ...columns, id })),
  }),
};
