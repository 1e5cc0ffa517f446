import type { RequestHandler } from 'express';
import type { Config } from '../../config/index.ts';
import { TurnupError, type Excerpt } from '../../errors/index.ts';
import { principalOf, requireOperator } from '../auth/principal.ts';
import { openEvidence, type EvidenceDeps, type EvidenceView } from '../orders/evidence.ts';
import { isOrderId } from '../orders/order-id.ts';
import { boardActor } from './actor.ts';
import { html, type Html } from './html.ts';
import { orderPath } from './order-form.ts';
import { time } from './page-parts.ts';
import { sendPage } from './page.ts';

export const evidencePath = (order: string): string => `${orderPath(order)}/evidence`;

const excerpt = ({ text, characters }: Excerpt): Html =>
  html`<pre>${text}</pre>
    ${text.length < characters && html`<p>The first ${text.length} of ${characters} characters.</p>`}`;

function answer(view: EvidenceView): Html {
  return html`<h2>Step <code>${view.step}</code></h2>
    <p>${time(view.at)} (UTC), run ${view.run}, attempt ${view.attempt}</p>
    <h3>Sent: ${view.method} <code>${view.object}</code></h3>
    ${view.sent ? excerpt(view.sent) : html`<p>Nothing but the call itself.</p>`}
    <h3>Answered: ${view.status}${view.contentType !== null && html`, ${view.contentType}`}</h3>
    ${excerpt(view.answered)}`;
}

/** What an order's target answered and nobody understood, to those who may act on orders; the journal says who looked. */
export function createEvidencePage(options: EvidenceDeps & { config: Pick<Config, 'environment'> }): RequestHandler {
  return async (req, res) => {
    const principal = requireOperator(principalOf(res), 'operator');
    const id = String(req.params['id']);
    const order = isOrderId(id) ? await options.store.read(id) : null;
    if (!order) throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such order' });
    const items = await openEvidence(options, id, principal);
    sendPage(res, 200, {
      title: `Answers to order ${order.externalId}`,
      environment: options.config.environment,
      operator: boardActor.getStore()?.operator.name ?? null,
      wide: true,
      main: html`<h1>What ${order.target} answered to order ${order.externalId}</h1>
        <p><a href="${orderPath(id)}">Back to the order</a></p>
        ${items.length > 0 ? items.map(answer) : html`<p>Every answer was understood.</p>`}`,
    });
  };
}
