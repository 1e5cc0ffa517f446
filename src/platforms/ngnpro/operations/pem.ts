import { text } from './scalars.ts';

/*
 * Certificates and keys in PEM (RFC 7468). An order holds no line breaks, so there they stand in one line; the platform is
 * sent lines of 64.
 */

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;

export const pem = text(8192).refine(
  (value) => value.trim() !== '' && value.replaceAll(BLOCK, '').trim() === '',
  'must be PEM: -----BEGIN …----- to -----END …-----, line breaks left out',
);

/** The same for the same certificate, however its lines were broken. */
export function pemLines(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const blocks = [...value.matchAll(BLOCK)].map(([, label = '', body = '']) => {
    const lines = body.replaceAll(/\s+/g, '').match(/.{1,64}/g) ?? [];
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
  });
  return blocks.length > 0 ? `${blocks.join('\n')}\n` : value;
}
