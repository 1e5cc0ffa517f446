import type { Request, RequestHandler, Response } from 'express';
import type { Config } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import type { JournalEntry, OrderView, Page, StepView } from '../../orders/record.ts';
import type { OrderStore } from '../../orders/store.ts';
import { hasRole } from '../auth/principal.ts';
import { isOrderId } from '../orders/order-id.ts';
import { boardActor } from './actor.ts';
import { evidencePath } from './evidence-page.ts';
import { html, type Html } from './html.ts';
import { actForm, doneNotice, orderPath, type Notice } from './order-form.ts';
import { stateMark as state, time } from './page-parts.ts';
import { BOARD_PATH, sendPage } from './page.ts';
import type { Sessions } from './session.ts';

const JOURNAL_ENTRIES = 200;

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
    ['Customer', order.customer.externalId || '–'],
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

const noticeOf = ({ text, isFault }: Notice): Html =>
  isFault ? html`<p class="fault" role="alert">${text}</p>` : html`<p class="notice" role="status">${text}</p>`;

/** Shown to those who may read it: whoever does is told in the journal. */
const evidenceLink = (order: OrderView, steps: readonly string[]): Html | null =>
  steps.length === 0
    ? null
    : html`<p>
        Answers of ${order.target} that nobody understood are kept, sealed:
        <a href="${evidencePath(order.id)}">read those of ${steps.join(', ')}</a>.
      </p>`;

interface Shown {
  readonly order: OrderView;
  readonly journal: Page<JournalEntry>;
  readonly notice: Notice | null;
  readonly token: string;
  /** Steps whose answers may be read. */
  readonly evidence: readonly string[];
}

function page({ order, journal, notice, token, evidence }: Shown): Html {
  const more = journal.next !== null && `${orderPath(order.id)}?after=${encodeURIComponent(journal.next)}`;
  return html`<h1>Order ${order.externalId}</h1>
    <p><code>${order.id}</code> · <a href="${BOARD_PATH}/queue/orders/${order.id}">its job and flow</a></p>
    ${notice && noticeOf(notice)} ${failure(order)} ${evidenceLink(order, evidence)} ${facts(order)}
    ${actForm(order, token)}
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
}

/** One order as an operator reads it: no script, nothing from elsewhere, every text escaped. */
export async function sendOrderPage(
  { config, store, sessions }: OrderPageOptions,
  req: Request,
  res: Response,
  shown: { readonly status: number; readonly notice: Notice | null },
): Promise<void> {
  const id = String(req.params['id']);
  const after = typeof req.query['after'] === 'string' ? req.query['after'] : undefined;
  const order = isOrderId(id) ? await store.read(id) : null;
  const journal = order && (await store.journal(id, { limit: JOURNAL_ENTRIES, ...(after && { cursor: after }) }));
  if (!order || !journal) throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such order' });
  const operator = boardActor.getStore()?.operator;
  const evidence = operator && hasRole(operator, 'operator') ? await store.evidenceSteps(id) : [];
  const token = await sessions.formToken(await sessions.open(req, res));
  sendPage(res, shown.status, {
    title: `Order ${order.externalId}`,
    environment: config.environment,
    operator: operator?.name ?? null,
    wide: true,
    main: page({ order, journal, notice: shown.notice, token, evidence }),
  });
}

export function createOrderPage(options: OrderPageOptions): RequestHandler {
  return (req, res) => sendOrderPage(options, req, res, { status: 200, notice: doneNotice(req.query['done']) });
}
