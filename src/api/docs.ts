import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Router } from 'express';
import { addRoute } from './http/routes.ts';
import { docsHeaders } from './http/security-headers.ts';

const require = createRequire(import.meta.url);

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Turnup API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/start.js" defer></script>
</head>
<body><div id="page"></div><noscript>This page needs JavaScript; the same is in <a href="/openapi.json">/openapi.json</a>.</noscript></body>
</html>
`;

// A file of its own, because the page's policy runs no inline script.
const START = `const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', paint);
paint();
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  displayRequestDuration: true,
});
`;

/** `/openapi.json` and its page, drawn by a viewer that is served from here. */
export function addDocs(router: Router, openApi: () => unknown): void {
  const folder = dirname(require.resolve('swagger-ui-dist/package.json'));
  let text: string | null = null;
  addRoute(router, '/openapi.json', {
    get: (_req, res) => {
      text ??= JSON.stringify(openApi());
      res.type('json').send(text);
    },
  });
  addRoute(router, '/docs', {
    get: [docsHeaders, (_req, res) => void res.set('Cache-Control', 'no-cache').type('html').send(PAGE)],
  });
  addRoute(router, '/docs/start.js', { get: (_req, res) => void res.type('js').send(START) });
  for (const file of FILES) {
    addRoute(router, `/docs/${file}`, {
      get: (_req, res) => {
        res.sendFile(join(folder, file), { maxAge: '1h' });
      },
    });
  }
}
