import type { RequestHandler } from 'express';
import type { Motor } from '../../../flows/motor.ts';
import type { Config } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import type { JournalEntry, OrderView, Page, StepView } from '../../orders/record.ts';
import type { OrderState } from '../../orders/states.ts';
import type { OrderStore } from '../../orders/store.ts';
import { actorOf, hasRole, principalOf, requireOperator } from '../auth/principal.ts';
import { isOrderId } from '../orders/order-id.ts';
import { boardActor } from './actor.ts';
import { formOf, hasFormToken } from './form.ts';
import { html, type Html } from './html.ts';
import { BOARD_PATH, sendPage } from './page.ts';
import type { Sessions } from './session.ts';

const JOURNAL_ENTRIES = 200;

const TONES: Readonly<Record<string, string>> = {
  completed: 'good',
  done: 'good',
  held: 'bad',
  failed: 'bad',
  partial: 'warn',
  pending: 'warn',
  pendingCancellation: 'warn',
};

const state = (name: string): Html => html`<span class="state ${TONES[name] ?? ''}">${name}</span>`;
const time = (iso: string | null): Html =>
  iso === null ? html`–` : html`<time datetime="${iso}">${iso.slice(0, 23).replace('T', ' ')}</time>`;
const data = (value: object | null): Html | null =>
  value !== null && Object.keys(value).length > 0 ? html`<pre>${JSON.stringify(value, null, 1)}</pre>` : null;

function facts(order: OrderView): Html {
  const { blockedBy } = order;
  const blocked = blockedBy && `${blockedBy.kind} ${blockedBy.id ?? ''} ${blockedBy.until ?? ''}`.trim();
  const rows: readonly (readonly [string, Html | string | number])[] = [
    ['State', state(order.state)],
    ...(blocked ? ([['Blocked by', blocked]] as const) : []),
    ['Action', order.action],
    ['Target', `${order.target} (${order.platform})`],
    ['Customer', order.customer.externalId],
    ['Placed by', order.client],
    ['Run', `${order.run}, ${order.direction}`],
    ['Created', time(order.createdAt)],
    ['Started', time(order.startedAt)],
    ['Completed', time(order.completedAt)],
  ];
  return html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function failure(order: OrderView): Html | null {
  const { error } = order;
  if (!error) return null;
  return html`<p class="fault">
    <strong>${error.title}</strong>
    (<code>${error.code}</code>${error.step !== null && html`, step <code>${error.step}</code>`})<br />
    ${error.detail ?? ''}<br />${error.hint}
  </p>`;
}

function step(view: StepView): Html {
  return html`<tr>
    <td><code>${view.id}</code></td>
    <td>${state(view.state)}</td>
    <td>${view.outcome ?? ''}</td>
    <td>${view.attempts}</td>
    <td class="when">${time(view.startedAt)}</td>
    <td class="when">${time(view.finishedAt)}</td>
    <td>
      ${view.error && html`<strong>${view.error.code}</strong> ${view.error.detail ?? view.error.title}`}${data(view.result)}
    </td>
  </tr> `;
}

function entry(line: JournalEntry): Html {
  return html`<tr>
    <td class="when">${time(line.at)}</td>
    <td>${line.type}</td>
    <td><code>${line.step ?? ''}</code></td>
    <td>${line.by}</td>
    <td>${data(line.detail)}</td>
  </tr> `;
}

const RETRIABLE: readonly OrderState[] = ['held', 'failed'];

const orderPath = (id: string): string => `${BOARD_PATH}/orders/${id}`;

function retryForm(order: OrderView, token: string): Html | null {
  const { operator } = boardActor.getStore() ?? {};
  if (!operator || !hasRole(operator, 'operator') || !RETRIABLE.includes(order.state)) return null;
  return html`<form method="post" action="${orderPath(order.id)}/retry">
    <input type="hidden" name="csrf" value="${token}" />
    <button type="submit">Retry</button>
  </form>`;
}

function page(order: OrderView, journal: Page<JournalEntry>, token: string): Html {
  const more = journal.next !== null && `${orderPath(order.id)}?after=${encodeURIComponent(journal.next)}`;
  return html`<h1>Order ${order.externalId}</h1>
    <p><code>${order.id}</code> · <a href="${BOARD_PATH}/queue/orders/${order.id}">its job and flow</a></p>
    ${failure(order)} ${facts(order)} ${retryForm(order, token)}
    <h2>Steps</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">State</th>
          <th scope="col">Outcome</th>
          <th scope="col">Attempts</th>
          <th scope="col">Started</th>
          <th scope="col">Finished</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        ${order.steps.map(step)}
      </tbody>
    </table>
    <h2>Journal</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">At (UTC)</th>
          <th scope="col">What</th>
          <th scope="col">Step</th>
          <th scope="col">By</th>
          <th scope="col">Detail</th>
        </tr>
      </thead>
      <tbody>
        ${journal.items.map(entry)}
      </tbody>
    </table>
    ${more !== false && html`<p><a href="${more}">Later entries</a></p>`}`;
}

export interface OrderPageOptions {
  readonly config: Pick<Config, 'environment'>;
  readonly store: OrderStore;
  readonly sessions: Sessions;
  readonly motor: Pick<Motor, 'retry'>;
}

/** One order as an operator reads it: no script, nothing from elsewhere, every text escaped. */
export function createOrderPage({ config, store, sessions }: OrderPageOptions): RequestHandler {
  return async (req, res) => {
    const id = String(req.params['id']);
    const after = typeof req.query['after'] === 'string' ? req.query['after'] : undefined;
    const order = isOrderId(id) ? await store.read(id) : null;
    const journal = order && (await store.journal(id, { limit: JOURNAL_ENTRIES, ...(after && { cursor: after }) }));
    if (!order || !journal) throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such order' });
    sendPage(res, 200, {
      title: `Order ${order.externalId}`,
      environment: config.environment,
      operator: boardActor.getStore()?.operator.name ?? null,
      wide: true,
      main: page(order, journal, await sessions.formToken(await sessions.open(req, res))),
    });
  };
}

/** The button of that page; the same event as every other retry (I9). */
export function createOrderRetry({ motor, sessions }: OrderPageOptions): RequestHandler {
  return async (req, res) => {
    const operator = requireOperator(principalOf(res), 'operator');
    if (!hasFormToken(await sessions.open(req, res), formOf(req)['csrf'])) {
      throw new TurnupError('TURNUP_FORBIDDEN', { detail: 'the form is too old; open the page again' });
    }
    const id = String(req.params['id']);
    const retried = isOrderId(id) ? await motor.retry(id, actorOf(operator)) : null;
    if (!retried || retried.kind === 'missing') {
      throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such order' });
    }
    if (retried.kind === 'refused') throw new TurnupError('TURNUP_STATE_CONFLICT', { detail: retried.reason });
    res.redirect(303, orderPath(id));
  };
}
