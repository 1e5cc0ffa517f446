import colours from 'picocolors';
import type { JournalEntry, OrderView, Page, StepView } from '../orders/record.ts';
import { stateText } from './demo/screen.ts';
import { tableLines } from './table.ts';

/* Orders as a person reads them in a terminal. */

function durationOf({ startedAt, finishedAt }: StepView): string {
  if (startedAt === null || finishedAt === null) return '';
  return `${Date.parse(finishedAt) - Date.parse(startedAt)} ms`;
}

function blockedText({ blockedBy }: OrderView): string[] {
  if (!blockedBy) return [];
  const { kind, id, until } = blockedBy;
  return [`waits for ${kind}${id === null ? '' : ` ${id}`}${until === null ? '' : ` until ${until}`}`];
}

function failureText(order: OrderView): string[] {
  if (!order.error) return [];
  const { code, title, detail, step, hint } = order.error;
  const where = step === null ? '' : `${step}: `;
  return [
    '',
    `${colours.red(`${where}${title}`)} ${colours.dim(`(${code})`)}`,
    ...(detail === null ? [] : [detail]),
    hint,
  ];
}

/** An order of operations alone has no customer. */
const customerText = ({ customer }: OrderView): string =>
  customer.externalId === '' ? '' : `customer ${customer.externalId}  `;

export function orderText(order: OrderView): string {
  const steps = order.steps.map((step) => [
    `  ${step.id}`,
    step.state,
    step.outcome ?? '',
    step.attempts > 1 ? `${step.attempts} attempts` : '',
    durationOf(step),
  ]);
  return [
    `${colours.bold(order.externalId)}  ${stateText(order.state)}${order.direction === 'undo' ? '  undoing' : ''}`,
    `order ${order.id}  ${order.action} on ${order.target}  ${customerText(order)}run ${order.run}`,
    ...blockedText(order),
    ...tableLines(steps),
    ...failureText(order),
  ].join('\n');
}

export function listText({ items, next }: Page<OrderView>): string {
  if (items.length === 0) return 'no orders';
  const rows = items.map((order) => [
    order.id,
    order.state,
    order.externalId,
    order.target,
    order.customer.externalId,
    order.createdAt,
  ]);
  const more = next === null ? [] : ['', `more: --cursor ${next}`];
  return [...tableLines([['ORDER', 'STATE', 'EXTERNAL ID', 'TARGET', 'CUSTOMER', 'CREATED'], ...rows]), ...more].join(
    '\n',
  );
}

export function journalText(entries: readonly JournalEntry[]): string {
  const rows = entries.map(({ at, type, step, by, detail }) => [
    at,
    type,
    step ?? '',
    by,
    Object.keys(detail).length === 0 ? '' : JSON.stringify(detail),
  ]);
  return rows.length === 0 ? 'nothing yet' : tableLines(rows).join('\n');
}
