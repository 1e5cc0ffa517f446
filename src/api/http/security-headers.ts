import type { RequestHandler } from 'express';
import helmet from 'helmet';

type Directives = Record<string, string[]>;

function headers(directives: Directives): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
        ...directives,
      },
    },
    // Under `no-referrer` browsers send "Origin: null" with a form, and the check against forged requests needs it.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    // Meant for the TLS end in front; on plain HTTP browsers ignore it.
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
  });
}

/** For answers that are no pages: nothing may be loaded or run. */
export const apiHeaders = headers({});

/** For our own pages: one style sheet, forms to ourselves, no script. */
export const pageHeaders = headers({
  'style-src': ["'self'"],
  'img-src': ["'self'"],
  'form-action': ["'self'"],
});

/** For the board: its own scripts and workers; its components set styles inline. */
export const boardHeaders = headers({
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  'base-uri': ["'self'"],
});

/** For the API's documentation page: the local viewer, which draws its icons from data URLs. */
export const docsHeaders = headers({
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
});
