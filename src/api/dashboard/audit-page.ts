import type { RequestHandler } from 'express';
import { FINDING_STATES, type AuditView, type Finding } from '../../audits/audit.ts';
import type { AuditStore, Page } from '../../audits/store.ts';
import type { Config } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import { isOrderId } from '../orders/order-id.ts';
import { boardActor } from './actor.ts';
import { html, type Html } from './html.ts';
import { orderPath } from './order-form.ts';
import { stateMark, time } from './page-parts.ts';
import { BOARD_PATH, sendPage } from './page.ts';

export interface AuditPageOptions {
  readonly config: Pick<Config, 'environment'>;
  readonly audits: Pick<AuditStore, 'list' | 'read' | 'findings'>;
}

const LISTED = 50;
const FINDINGS = 200;

const auditPath = (id: string): string => `${BOARD_PATH}/audits/${id}`;

const heads = (...names: readonly string[]): Html =>
  html`<thead>
    <tr>
      ${names.map((name) => html`<th scope="col">${name}</th>`)}
    </tr>
  </thead>`;

const countsOf = ({ counts }: AuditView): readonly Html[] =>
  FINDING_STATES.filter((state) => counts[state] > 0).map((state) => html`${counts[state]} ${stateMark(state)} `);

const customersOf = ({ customers }: AuditView): string => (customers === null ? 'all' : `${customers.length} named`);

function row(audit: AuditView): Html {
  const { id, target, by, state, progress, createdAt, repair } = audit;
  return html`<tr>
    <td class="when"><a href="${auditPath(id)}">${time(createdAt)}</a></td>
    <td>${target}</td>
    <td>${customersOf(audit)}${repair && ', repaired'}</td>
    <td>${by}</td>
    <td>${stateMark(state)}</td>
    <td>${progress.checked}/${progress.total}</td>
    <td>${countsOf(audit)}</td>
  </tr> `;
}

function listPage({ items, next }: Page<AuditView>): Html {
  const rows = items.map(row);
  return html`<h1>Audits</h1>
    <p>What the targets have, compared with what Turnup was told to have there.</p>
    <table>
      ${heads('Created (UTC)', 'Target', 'Customers', 'By', 'State', 'Checked', 'Found')}
      <tbody>
        ${
          rows.length > 0
            ? rows
            : html`<tr>
                <td colspan="7">None yet.</td>
              </tr>`
        }
      </tbody>
    </table>
    ${next !== null && html`<p><a href="${BOARD_PATH}/audits?after=${encodeURIComponent(next)}">Earlier ones</a></p>`}`;
}

function findingRow({ customer, subscriber, state, members, why, order }: Finding): Html {
  return html`<tr>
    <td>${customer}</td>
    <td>${subscriber === null ? 'the customer' : `${subscriber.username}@${subscriber.domain}`}</td>
    <td>${stateMark(state)}</td>
    <td>${members.map((member) => html`<code>${member}</code> `)} ${why ?? ''}</td>
    <td>${order !== null && html`<a href="${orderPath(order)}">its repair</a>`}</td>
  </tr> `;
}

function auditPage(audit: AuditView, { items, next }: Page<Finding>): Html {
  const { id, target, state, waitsFor, progress, startedAt, endedAt, error, by } = audit;
  const facts: readonly (readonly [string, Html | string | readonly Html[]])[] = [
    ['State', stateMark(state)],
    ...(waitsFor === null ? [] : ([['Waits for', waitsFor === 'target' ? 'the target' : 'orders']] as const)),
    ['Target', target],
    ['Customers', `${customersOf(audit)}, ${progress.checked} of ${progress.total} checked`],
    ['Found', countsOf(audit)],
    ['Ordered by', by],
    ['Started', time(startedAt)],
    ['Ended', time(endedAt)],
  ];
  return html`<h1>Audit of ${target}</h1>
    <p><code>${id}</code> · <a href="${BOARD_PATH}/audits">all audits</a></p>
    ${error && html`<p class="fault"><strong>${error.title}</strong> (<code>${error.code}</code>) ${error.detail ?? ''}</p>`}
    <dl>
      ${facts.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <table>
      ${heads('Customer', 'Subscriber', 'State', 'What', 'Order')}
      <tbody>
        ${items.map(findingRow)}
      </tbody>
    </table>
    ${next !== null && html`<p><a href="${auditPath(id)}?after=${encodeURIComponent(next)}">Further findings</a></p>`}`;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const operatorName = (): string | null => boardActor.getStore()?.operator.name ?? null;

export function createAuditListPage({ config, audits }: AuditPageOptions): RequestHandler {
  return async (req, res) => {
    const after = textOf(req.query['after']);
    const page = await audits.list({ limit: LISTED, ...(isOrderId(after) && { cursor: after }) });
    const shown = { title: 'Audits', environment: config.environment, operator: operatorName(), wide: true };
    sendPage(res, 200, { ...shown, main: listPage(page) });
  };
}

export function createAuditPage({ config, audits }: AuditPageOptions): RequestHandler {
  return async (req, res) => {
    const id = String(req.params['id']);
    const audit = isOrderId(id) ? await audits.read(id) : null;
    if (!audit)
      throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such audit, or it is no longer kept' });
    const after = textOf(req.query['after']);
    const findings = await audits.findings(id, {
      limit: FINDINGS,
      ...(after !== '' && { cursor: after }),
    });
    const title = `Audit of ${audit.target}`;
    const shown = { title, environment: config.environment, operator: operatorName(), wide: true };
    sendPage(res, 200, { ...shown, main: auditPage(audit, findings) });
  };
}
