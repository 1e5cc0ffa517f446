import type { IncomingMessage } from 'node:http';

export type BodyReading = { readonly body: Buffer } | 'tooLarge' | 'cutOff';

const EMPTY = Buffer.alloc(0);

/** Reads a request's body whole, up to `limit` bytes. `cutOff`: the client went away before the end of it. */
export function readBody(request: IncomingMessage, limit: number): Promise<BodyReading> {
  return new Promise((resolve) => {
    let chunks: Buffer[] | null = null;
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.pause();
        resolve('tooLarge');
        return;
      }
      (chunks ??= []).push(chunk);
    });
    request.on('end', () => {
      if (chunks === null) resolve({ body: EMPTY });
      else resolve({ body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size) });
    });
    request.on('close', () => {
      resolve('cutOff');
    });
    request.on('error', () => {
      resolve('cutOff');
    });
  });
}
