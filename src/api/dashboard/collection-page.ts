import type { Request, RequestHandler, Response } from 'express';
import type { RunSummary } from '../../collector/model.ts';
import type { Collections, CollectionView, FilePage, FileView } from '../../collector/read.ts';
import type { Config } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import type { Logger } from '../../observability/index.ts';
import { actorOf, hasRole, principalOf, requireOperator } from '../auth/principal.ts';
import { boardActor } from './actor.ts';
import { formOf, hasFormToken } from './form.ts';
import { html, type Html } from './html.ts';
import { BOARD_PATH, sendPage } from './page.ts';
import type { Sessions } from './session.ts';

export const COLLECTIONS_PATH = `${BOARD_PATH}/collections`;

const FILES_SHOWN = 50;
const RUNS_SHOWN = 20;
/** While a run is under way the page is drawn anew, without a script. */
const REDRAW_SECONDS = '2';

const TONES: Readonly<Record<string, string>> = {
  running: 'good',
  done: 'good',
  handedOver: 'good',
  held: 'bad',
  failed: 'bad',
  refused: 'bad',
  gone: 'warn',
  more: 'warn',
};

const state = (name: string): Html => html`<span class="state ${TONES[name] ?? ''}">${name}</span>`;
const time = (iso: string | null): Html =>
  iso === null ? html`–` : html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`;
const pathOf = (name: string): string => `${COLLECTIONS_PATH}/${encodeURIComponent(name)}`;

function table(heads: readonly string[], rows: readonly Html[]): Html {
  return html`<table>
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function overviewRow(view: CollectionView): Html {
  const { name, files } = view;
  return html`<tr>
    <td><a href="${pathOf(name)}">${name}</a></td>
    <td>${state(view.state)}</td>
    <td>${view.held ? (view.held.detail ?? view.held.title) : ''}</td>
    <td>${files.handedOver}</td>
    <td>${files.seen + files.fetching + files.stored}</td>
    <td>${files.refused + files.gone}</td>
    <td class="when">${time(view.lastGoodAt)}</td>
    <td class="when">${time(view.nextRunAt)}</td>
  </tr> `;
}

function progress({ run }: CollectionView): Html | null {
  if (!run) return null;
  const { phase, files, bytes } = run;
  return html`<p class="notice" role="status">
    <label for="progress">${phase}: ${files.done} of ${files.total} files, ${bytes.done} of ${bytes.total} bytes</label>
    <progress id="progress" max="${Math.max(1, bytes.total)}" value="${bytes.done}"></progress>
  </p>`;
}

function facts(view: CollectionView): Html {
  const { lastRun } = view;
  const at = lastRun?.connection;
  const rows: readonly (readonly [string, Html | string])[] = [
    ['State', state(view.state)],
    ['Server', `${view.host}:${view.port}, ${view.folder}`],
    ['Schedule', view.schedule],
    ['Next run', time(view.nextRunAt)],
    ['Last good run', time(view.lastGoodAt)],
    ['Last connection', at ? `from ${at.localAddress}, ${at.cipher}, ${at.mac}, ${at.factors.join(' and ')}` : '–'],
    ['Host key', at ? at.hostKey : '–'],
  ];
  return html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function runRow(run: RunSummary): Html {
  const { counts, error } = run;
  return html`<tr>
    <td class="when">${time(run.startedAt)}</td>
    <td>${run.by}</td>
    <td>${state(run.outcome)}</td>
    <td>${counts.fetched}</td>
    <td>${counts.bytes}</td>
    <td>${counts.waiting}</td>
    <td>${error && html`<strong>${error.code}</strong> ${error.detail ?? error.title}`}</td>
  </tr> `;
}

function fileRow(file: FileView): Html {
  const { records, error } = file;
  return html`<tr>
    <td>${file.path}</td>
    <td>${file.size}</td>
    <td>${state(file.state)}</td>
    <td class="when">${time(file.handedOverAt)}</td>
    <td>${records ? `${records.good} + ${records.rejected} rejected` : ''}</td>
    <td>${error ? (error.detail ?? error.title) : file.sameAs ? `same content as ${file.sameAs}` : ''}</td>
  </tr> `;
}

function runForm(view: CollectionView, token: string): Html | null {
  const { operator } = boardActor.getStore() ?? {};
  if (!operator || !hasRole(operator, 'operator') || view.state === 'running') return null;
  return html`<form method="post" action="${pathOf(view.name)}/run">
    <input type="hidden" name="csrf" value="${token}" />
    <button type="submit">Run now</button>
    ${view.state === 'held' ? 'tries once more, although a person should have looked' : ''}
  </form>`;
}

interface Shown {
  readonly view: CollectionView;
  readonly runs: readonly RunSummary[];
  /** Null for a viewer: names may carry telephone numbers. */
  readonly files: FilePage | null;
  readonly token: string;
  readonly isStarted: boolean;
}

function sourcePage({ view, runs, files, token, isStarted }: Shown): Html {
  const { held } = view;
  return html`<h1>Collection ${view.name}</h1>
    <p><a href="${COLLECTIONS_PATH}">All collections</a></p>
    ${isStarted && html`<p class="notice" role="status">A worker takes it up; reload the page to see how.</p>`}
    ${
      held &&
      html`<p class="fault">
        <strong>${held.title}</strong> (<code>${held.code}</code>)<br />${held.detail ?? ''}<br />${held.hint}
      </p>`
    }
    ${progress(view)} ${facts(view)} ${runForm(view, token)}
    <h2>Runs</h2>
    ${table(['Started (UTC)', 'By', 'Outcome', 'Files', 'Bytes', 'Waiting', 'Error'], runs.map(runRow))}
    ${
      files &&
      html`<h2>Files</h2>
        ${table(['Path', 'Bytes', 'State', 'Handed over (UTC)', 'Records', 'Remark'], files.items.map(fileRow))}`
    }`;
}

export interface CollectionPageOptions {
  readonly config: Pick<Config, 'environment'>;
  readonly collections: Collections;
  readonly sessions: Sessions;
  readonly log: Logger;
}

const operatorName = (): string | null => boardActor.getStore()?.operator.name ?? null;

export function createCollectionsPage({ config, collections }: CollectionPageOptions): RequestHandler {
  return async (_req, res) => {
    const views = await Promise.all(collections.names().map((name) => collections.read(name)));
    const heads = ['Source', 'State', 'Why', 'Handed over', 'Open', 'Refused or gone', 'Last good run', 'Next run'];
    const main = html`<h1>Collections</h1>
      ${views.length === 0 ? html`<p>None is configured.</p>` : table(heads, views.map(overviewRow))}`;
    sendPage(res, 200, {
      title: 'Collections',
      environment: config.environment,
      operator: operatorName(),
      wide: true,
      main,
    });
  };
}

export function createCollectionPage({ config, collections, sessions }: CollectionPageOptions): RequestHandler {
  return async (req: Request, res: Response) => {
    const name = String(req.params['source']);
    const mayList = hasRole(requireOperator(principalOf(res), 'viewer'), 'operator');
    const [view, runs, files, token] = await Promise.all([
      collections.read(name),
      collections.runs(name, RUNS_SHOWN),
      mayList ? collections.files(name, { limit: FILES_SHOWN }) : null,
      sessions.open(req, res).then((session) => sessions.formToken(session)),
    ]);
    if (view.state === 'running') res.set('Refresh', REDRAW_SECONDS);
    const main = sourcePage({ view, runs, files, token, isStarted: req.query['started'] === '1' });
    sendPage(res, 200, {
      title: `Collection ${name}`,
      environment: config.environment,
      operator: operatorName(),
      wide: true,
      main,
    });
  };
}

/** The button of the page: the same as `POST /v1/collections/{source}/runs`. */
export function createCollectionRun({ collections, sessions, log }: CollectionPageOptions): RequestHandler {
  return async (req, res) => {
    const operator = requireOperator(principalOf(res), 'operator');
    if (!hasFormToken(await sessions.open(req, res), formOf(req)['csrf'])) {
      throw new TurnupError('TURNUP_FORBIDDEN', { detail: 'the form is too old; open the page again' });
    }
    const name = String(req.params['source']);
    const by = actorOf(operator);
    const id = await collections.start(name, { by, since: null });
    log.info({ source: name, run: id, by }, 'collection started by hand');
    res.redirect(303, `${pathOf(name)}?started=1`);
  };
}
