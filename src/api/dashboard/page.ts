import type { Response } from 'express';
import { html, type Html } from './html.ts';

export const BOARD_PATH = '/board';
export const ASSETS_PATH = `${BOARD_PATH}/assets`;

export interface PageOptions {
  readonly title: string;
  readonly environment: { readonly name: string };
  /** Of the person who is logged in; null before. */
  readonly operator?: string | null;
  readonly wide?: boolean;
  readonly main: Html;
}

export function sendPage(res: Response, status: number, options: PageOptions): void {
  const { title, environment, operator = null, wide = false, main } = options;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Turnup</title>
<link rel="icon" type="image/svg+xml" href="${ASSETS_PATH}/logo.svg">
<link rel="stylesheet" href="${ASSETS_PATH}/page.css">
</head>
<body>
<header><a class="brand" href="${BOARD_PATH}"><img src="${ASSETS_PATH}/logo.svg" alt="" width="24" height="24"> Turnup</a>
<span class="badge">${environment.name}</span>
${operator !== null && html`<nav aria-label="Account"><span>${operator}</span> <a href="${BOARD_PATH}/logout">Log out</a></nav>`}</header>
<main${wide && html` class="wide"`}>
${main}
</main>
</body>
</html>
`;
  res.status(status).set('Cache-Control', 'no-store').type('html').send(page.markup);
}
