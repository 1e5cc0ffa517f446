import colours from 'picocolors';
import type { OrderView } from '../../orders/record.ts';
import { openApi, type ApiOptions } from '../api-client.ts';
import { EXIT_FAILED, EXIT_OK, usage } from '../report.ts';
import { isFixed, retryMany, selectOrders, type RetryResult, type Selection } from '../retry-many.ts';
import { parseSeconds } from '../watch-order.ts';
import { run as act } from './order-act.ts';

export interface RetryInput extends ApiOptions {
  id?: string;
  state?: string;
  target?: string;
  customer?: string;
  code?: string;
  limit: string;
  rate: string;
  maxFailures: string;
  timeout: string;
  dryRun?: boolean;
}

const WORDS: Readonly<Record<RetryResult['result'], string>> = {
  fixed: 'fixed',
  undone: 'undone',
  heldAgain: 'held again',
  ended: 'ended otherwise',
  refused: 'refused',
  unfinished: 'still going on',
  error: 'error',
  notTried: 'not tried',
};
const WIDEST = Math.max(...Object.values(WORDS).map((word) => word.length));

function positive(text: string, option: string, isWhole: boolean): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number) && (!isWhole || Number.isInteger(number))) return number;
  throw usage(`${option} ${text} is no ${isWhole ? 'whole ' : ''}number above 0`);
}

function selectionOf({ state = 'held', target, customer, code, limit }: RetryInput): Selection {
  if (state !== 'held' && state !== 'failed') throw usage(`--state ${state}: only held and failed orders are retried`);
  return {
    state,
    ...(target !== undefined && { target }),
    ...(customer !== undefined && { customer }),
    ...(code !== undefined && { code }),
    limit: positive(limit, '--limit', true),
  };
}

function resultText({ result, order, externalId, state, code, detail }: RetryResult): string {
  const word = WORDS[result].padEnd(WIDEST);
  const coloured =
    result === 'notTried' ? colours.dim(word) : colours[isFixed({ result } as RetryResult) ? 'green' : 'red'](word);
  const why = [result === 'ended' ? state : null, code, detail].filter((text) => text !== null).join(', ');
  return `${coloured}  ${order}  ${externalId}${why === '' ? '' : `  ${why}`}`;
}

function summaryOf(results: readonly RetryResult[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(results, ({ result }) => result)].map(([result, group]) => [result, group.length]),
  );
}

function summaryText(summary: Record<string, number>): string {
  const parts = Object.entries(summary).map(([result, count]) => `${count} ${WORDS[result as RetryResult['result']]}`);
  return colours.bold(parts.join(', '));
}

function foundText({ id, externalId, target, error }: OrderView): string {
  const why = error === null ? '' : `  ${error.code}${error.step === null ? '' : ` at ${error.step}`}`;
  return `${id}  ${externalId}  ${target}${why}`;
}

async function retryAll(input: RetryInput): Promise<number> {
  const selection = selectionOf(input);
  const pace = {
    rate: positive(input.rate, '--rate', false),
    maxFailures: positive(input.maxFailures, '--max-failures', true),
    seconds: parseSeconds(input.timeout),
  };
  const api = await openApi(input);
  const { orders, more } = await selectOrders(api, selection);
  const say = (text: string, value: unknown) => console.log(input.json ? JSON.stringify(value) : text);
  if (more) console.error(`More orders match; these are the newest ${orders.length}.`);
  if (input.dryRun) {
    for (const order of orders) say(foundText(order), order);
    if (!input.json) console.log(colours.bold(`${orders.length} would be retried`));
    return EXIT_OK;
  }
  const results = await retryMany(api, orders, pace, (result) => say(resultText(result), result));
  const summary = summaryOf(results);
  say(results.length === 0 ? 'no orders match' : summaryText(summary), { orders: results.length, ...summary });
  return results.every(isFixed) ? EXIT_OK : EXIT_FAILED;
}

/** One order by its id, or all that match. */
export async function run(input: RetryInput): Promise<number> {
  const { id, ...options } = input;
  const filters = [input.state, input.target, input.customer, input.code];
  const isBulk = filters.some((filter) => filter !== undefined);
  if (id !== undefined && (isBulk || input.dryRun)) throw usage('name one order, or say which with options, not both');
  if (id !== undefined) return act({ ...options, id, act: 'retry', body: null });
  if (!isBulk) throw usage('which order? Give its id, or --state held, --target, --customer or --code');
  return retryAll(input);
}
