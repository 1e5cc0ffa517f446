import type { Listener } from './proxy.ts';

/** One request as it left a worker for a platform, seen on the wire. */
export interface TappedCall {
  readonly worker: string;
  readonly target: string;
  /** When its first byte came, ms since the epoch. */
  readonly at: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
  /** Null: no answer came through. */
  status: number | null;
  /** How the answer begins, head included. */
  answer: string;
}

const ANSWER_KEPT = 2_000;

/** Reads HTTP/1.1 of one worker as it passes. One request at a time per connection, as the workers' client sends them. */
export function createTap({ worker, target }: { worker: string; target: string }, calls: TappedCall[]): Listener {
  return {
    open() {
      let buffered = Buffer.alloc(0);
      let since = 0;
      let current: TappedCall | null = null;
      return {
        sent(chunk, at) {
          if (buffered.length === 0) since = at;
          buffered = Buffer.concat([buffered, chunk]);
          const request = readRequest(buffered);
          if (!request) return;
          buffered = buffered.subarray(request.length);
          current = { worker, target, at: since, ...request.call, status: null, answer: '' };
          calls.push(current);
        },
        received(chunk) {
          if (!current || current.answer.length >= ANSWER_KEPT) return;
          current.answer = (current.answer + chunk.toString('latin1')).slice(0, ANSWER_KEPT);
          const status = /^HTTP\/1\.1 (\d{3})/.exec(current.answer)?.[1];
          if (status !== undefined) current.status = Number(status);
        },
      };
    },
  };
}

function readRequest(bytes: Buffer): { length: number; call: Pick<TappedCall, 'method' | 'path' | 'body'> } | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const [method = '', path = ''] = head.split(' ', 2);
  const size = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? '0');
  const length = end + 4 + size;
  if (bytes.length < length) return null;
  return { length, call: { method, path, body: bytes.toString('utf8', end + 4, length) } };
}
