import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { SimulatedRequest } from './platform.ts';

/** A file of requests, so that a stand-in that was killed is afterwards what it was. */
export interface KeptRequests {
  /** What everything that is made up derives from: the same before and after. */
  readonly secret: Buffer;
  /** Oldest first. */
  readonly requests: readonly SimulatedRequest[];
  /** Returns when the system has it: a process that is killed afterwards has lost nothing. */
  keep(request: SimulatedRequest): void;
  clear(): void;
}

interface Line extends Omit<SimulatedRequest, 'body'> {
  /** Base64. */
  readonly body: string;
}

const SECRET_BYTES = 32;

/** @throws the error of the file system when the file cannot be read or made. */
export function openKeptRequests(file: string): KeptRequests {
  if (!existsSync(file)) begin(randomBytes(SECRET_BYTES));
  const [first = '', ...lines] = readFileSync(file, 'utf8').split('\n');
  const { secret } = JSON.parse(first) as { secret: string };

  function begin(bytes: Buffer): void {
    writeFileSync(file, `${JSON.stringify({ secret: bytes.toString('base64') })}\n`);
  }

  return {
    secret: Buffer.from(secret, 'base64'),
    requests: lines.flatMap((line) => readLine(line)),
    keep({ body, ...request }) {
      const line: Line = { ...request, body: body.toString('base64') };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    },
    clear() {
      begin(Buffer.from(secret, 'base64'));
    },
  };
}

/** The last line is cut off where the process was killed while it wrote: then it had not answered yet either. */
function readLine(line: string): SimulatedRequest[] {
  try {
    const { body, ...request } = JSON.parse(line) as Line;
    return [{ ...request, body: Buffer.from(body, 'base64') }];
  } catch {
    return [];
  }
}
