import type { Request, Router } from 'express';
import type { Config, OperatorConfig } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import type { Logger } from '../../observability/index.ts';
import { sameSecret } from '../../secrets/index.ts';
import { addRoute } from '../http/routes.ts';
import { formOf, hasFormToken, readForm } from './form.ts';
import { html } from './html.ts';
import type { LoginLimit } from './login-limit.ts';
import { BOARD_PATH, sendPage } from './page.ts';
import type { Session, Sessions } from './session.ts';

export interface LoginOptions {
  readonly config: Pick<Config, 'environment' | 'operators'>;
  readonly sessions: Sessions;
  readonly limit: LoginLimit;
  readonly log: Logger;
}

export const LOGIN_PATH = `${BOARD_PATH}/login`;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Where to go after login: a page of the board, never another site. */
function safeNext(given: unknown): string {
  const next = text(given);
  return /^\/board(\/[A-Za-z0-9._~/%-]*)?$/.test(next) && !next.includes('//') ? next : BOARD_PATH;
}

/** Looks at every operator, and at as many passwords whether the name exists or not. */
function findOperator(operators: readonly OperatorConfig[], name: string, password: string): OperatorConfig | null {
  let found: OperatorConfig | null = null;
  for (const operator of operators) {
    const same = sameSecret(operator.password, password);
    if (sameSecret(operator.name, name) && same) found = operator;
  }
  return found;
}

export function addLogin(router: Router, { config, sessions, limit, log }: LoginOptions): void {
  async function showForm(req: Request, session: Session, shown: { next: string; fault?: string }) {
    const token = await sessions.formToken(session);
    const { fault } = shown;
    return html`<h1>Log in</h1>
      ${fault !== undefined && html`<p class="fault" role="alert">${fault}</p>`}
      <form method="post" action="${LOGIN_PATH}">
        <input type="hidden" name="csrf" value="${token}" />
        <input type="hidden" name="next" value="${shown.next}" />
        <label for="name">Name</label>
        <input
          id="name"
          name="name"
          value="${text(formOf(req)['name']).slice(0, 64)}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          maxlength="64"
          required
          autofocus
        />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" maxlength="512" required />
        <button type="submit">Log in</button>
      </form>`;
  }

  addRoute(router, '/login', {
    get: async (req, res) => {
      const session = await sessions.open(req, res);
      const main = await showForm(req, session, { next: safeNext(req.query['next']) });
      sendPage(res, 200, { title: 'Log in', environment: config.environment, main });
    },
    post: [
      readForm,
      async (req, res) => {
        const form = formOf(req);
        const session = await sessions.open(req, res);
        const next = safeNext(form['next']);
        const refuse = async (status: number, fault: string) => {
          const main = await showForm(req, session, { next, fault });
          sendPage(res, status, { title: 'Log in', environment: config.environment, main });
        };
        if (!hasFormToken(session, form['csrf'])) {
          return refuse(403, 'This page was open too long, or cookies are blocked. Please try again.');
        }
        const address = req.ip ?? '';
        const name = text(form['name']);
        try {
          await limit.count(address, name);
        } catch (error) {
          if (!(error instanceof TurnupError) || error.code !== 'TURNUP_RATE_LIMITED') throw error;
          const seconds = Math.ceil((error.retryAfterMs ?? 1000) / 1000);
          res.set('Retry-After', String(seconds));
          log.warn({ address }, 'too many logins');
          return refuse(429, `Too many tries. Please wait ${Math.ceil(seconds / 60)} minutes.`);
        }
        const operator = findOperator(config.operators, name, text(form['password']));
        if (!operator) {
          log.warn({ address }, 'a login was refused');
          return refuse(401, 'Name or password is wrong.');
        }
        await limit.forget(address, name);
        await sessions.signIn(session, operator);
        log.info({ by: `operator:${operator.name}`, address }, 'logged in');
        res.redirect(303, next);
      },
    ],
  });

  addRoute(router, '/logout', {
    get: async (req, res) => {
      const session = await sessions.open(req, res);
      const main = html`<h1>Log out</h1>
        <form method="post" action="${BOARD_PATH}/logout">
          <input type="hidden" name="csrf" value="${await sessions.formToken(session)}" />
          <button type="submit">Log out</button> <a href="${BOARD_PATH}">Back to the board</a>
        </form>`;
      sendPage(res, 200, { title: 'Log out', environment: config.environment, main });
    },
    post: [
      readForm,
      async (req, res) => {
        const session = await sessions.open(req, res);
        if (!hasFormToken(session, formOf(req)['csrf'])) {
          throw new TurnupError('TURNUP_FORBIDDEN', { detail: 'the form is too old; open the page again' });
        }
        await sessions.signOut(session);
        res.redirect(303, LOGIN_PATH);
      },
    ],
  });
}
