import type { IncomingHttpHeaders } from 'node:http';

/** One request as it came over the wire, its body read whole. */
export interface SimulatedRequest {
  readonly method: string;
  /** Path without the query, still percent-encoded. */
  readonly path: string;
  /** What stands after the `?`, still encoded; empty when there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Scheme, host and port the request was sent to: `http://127.0.0.1:4711`. */
  readonly origin: string;
  /** When it came, in ms since the epoch. */
  readonly at: number;
}

/**
 * What goes back. Header names and values are sent exactly as given, an empty value too, so that a platform's odd
 * headers survive. `content-length` is added unless it is given or the status has no body.
 */
export interface SimulatedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** What the harness needs of a stand-in. It holds all its data itself and starts with fresh data. */
export interface SimulatedPlatform {
  /** Name of the operation for the call log and for `match.operation` of a fault rule. */
  operation(request: SimulatedRequest): string | null;
  handle(request: SimulatedRequest): SimulatedAnswer | Promise<SimulatedAnswer>;
  /** Whether this request may have changed what it holds, now that it was answered; left out: by method and status. */
  changes?(request: SimulatedRequest, answer: SimulatedAnswer): boolean;
  /** The platform's own form of an answer that does no work, for the fault `status` and for faults of the stand-in. */
  refusal(status: number): SimulatedAnswer;
  /** Everything it holds, as plain JSON. */
  state(): object;
  /** Back to fresh data. */
  reset(): void;
}

/**
 * Makes a stand-in with fresh data.
 * @param secret what it makes up (keys of tokens, PINs) derives from it, so that the same requests lead to the same data
 */
export type SimulatedPlatformFactory = (secret: Buffer) => SimulatedPlatform;
