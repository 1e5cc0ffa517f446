import { createBullBoard } from '@bull-board/api';
import type { ControllerHandlerReturnType, UIConfig } from '@bull-board/api/typings/app';
import { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bullmq';
import type { Express } from 'express';
import type { Config } from '../../config/index.ts';
import type { Logger } from '../../observability/index.ts';
import { toTurnupError } from '../http/errors.ts';
import { boardActor } from './actor.ts';
import { COLLECTIONS_PATH } from './collection-page.ts';
import { createHooks } from './hooks.ts';
import { ASSETS_PATH, BOARD_PATH } from './page.ts';
import { createQueueAdapter, type DescribeQueue, type RetryJob } from './queue-adapter.ts';

export interface BoardOptions {
  readonly config: Pick<Config, 'environment' | 'collections'>;
  readonly queues: readonly Queue[];
  readonly retryJob: RetryJob;
  readonly describe: DescribeQueue;
  readonly log: Logger;
}

type Engine = (path: string, options: object, done: (error: unknown, html?: string) => void) => void;

/** The board's page asks a stranger's server for its fonts; the policy of the page would refuse them anyway. */
const FOREIGN_STYLES = /<link\b[^>]*href="https?:[^>]*>/g;
const OWN_STYLES = `<link href="${ASSETS_PATH}/board.css" rel="stylesheet">`;

/** The one page of the board, without what is foreign and with the role, by which buttons are hidden. */
function adaptPage(app: Express): void {
  const engines = (app as unknown as { engines: Record<string, Engine> }).engines;
  const render = engines['.ejs']!;
  app.engine('ejs', (path, options, done) => {
    const role = boardActor.getStore()?.operator.role ?? 'viewer';
    render(path, options, (error, page) =>
      done(
        error,
        page
          ?.replaceAll(FOREIGN_STYLES, '')
          .replace('<html ', `<html data-role="${role}" `)
          .replace('</head>', `${OWN_STYLES}</head>`),
      ),
    );
  });
}

function uiConfig({ environment, collections }: BoardOptions['config']): UIConfig {
  return {
    boardTitle: 'Turnup',
    boardLogo: { path: `${ASSETS_PATH}/logo.svg`, width: 28, height: 28 },
    favIcon: { default: `${ASSETS_PATH}/logo.svg`, alternative: `${ASSETS_PATH}/logo.svg` },
    environment: { label: environment.name, color: environment.colour, textColor: '#ffffff' },
    miscLinks: [
      { text: 'Audits', url: `${BOARD_PATH}/audits` },
      ...(collections.size > 0 ? [{ text: 'Collections', url: COLLECTIONS_PATH }] : []),
      { text: 'API', url: '/docs' },
      { text: 'Log out', url: `${BOARD_PATH}/logout` },
    ],
    hideDocsLink: true,
  };
}

/** Bull Board with every queue, and no way around the order record. Who is asking must be in `boardActor`. */
export function createBoard(options: BoardOptions): Express {
  const { log } = options;
  const server = new ExpressAdapter();
  server.setBasePath(BOARD_PATH);
  const setErrorHandler = server.setErrorHandler.bind(server);
  // The board's own answers with the text of whatever was thrown.
  const explain = (thrown: Error): ControllerHandlerReturnType => {
    const error = toTurnupError(thrown);
    if (error.status >= 500) log.error({ err: error.cause ?? error, code: error.code }, 'a call of the board failed');
    const status = error.status < 500 ? 400 : 500;
    return { status, body: { error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' }, message: error.title } };
  };
  server.setErrorHandler = () => setErrorHandler(explain);
  createBullBoard({
    queues: options.queues.map((queue) => createQueueAdapter(queue, options.retryJob, options.describe)),
    serverAdapter: server,
    options: { uiConfig: uiConfig(options.config), handlerHooks: createHooks(log) },
  });
  const app = server.getRouter() as Express;
  app.disable('x-powered-by');
  adaptPage(app);
  return app;
}
