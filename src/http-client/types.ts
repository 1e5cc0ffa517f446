/** One call that went out, as the journal tells it. Never holds a secret, a query or a body. */
export interface CallRecord {
  readonly method: string;
  /** Path without the query: queries hold names, mail addresses and numbers. */
  readonly object: string;
  readonly status: number | null;
  readonly outcome: 'ok' | 'refused' | 'failed' | 'unknown';
  readonly durationMs: number;
}

/**
 * What surrounds every call of one attempt. The same shape as the platforms' port asks of the engine; declared here
 * because the port lies above this client.
 */
export interface CallHooks {
  readonly signal: AbortSignal;
  beforeCall(write: boolean): Promise<void>;
  afterCall(call: CallRecord): void;
}

export interface HttpSettings {
  /** Scheme, host, port and, where the API lies beneath one, a path. */
  readonly url: string;
  /** Each of `ca`, `cert` and `key` is a PEM text or the path of a file that holds one. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly verify: boolean };
  /** Number of pooled connections; each carries one call at a time. */
  readonly concurrency: number;
  readonly timeouts: { readonly connectMs: number; readonly readMs: number; readonly writeMs: number };
}

export interface HttpRequest {
  readonly method: string;
  /** From the root of the API, with the query, already percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the call changes the target. Decides the time-out and what a lost reply means. */
  readonly write: boolean;
  readonly hooks: CallHooks;
  /** How the call is told where method and path say little: operation and service of a SOAP call. */
  readonly as?: { readonly method: string; readonly object: string };
  /** What an answer is told as, where the status alone does not say it. Left out: by the status. */
  readonly outcomeOf?: (response: HttpResponse) => CallRecord['outcome'];
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface HttpClient {
  /**
   * Sends one request; redirects are handed back, not followed. Every status is a normal result.
   * @throws TurnupError `TURNUP_TARGET_UNREACHABLE` (never sent), `TURNUP_OUTCOME_UNKNOWN` (a write without a reply),
   * `TURNUP_TARGET_FAILED` (a read without a reply), `TURNUP_LEASE_LOST` (the attempt was aborted), or whatever
   * `hooks.beforeCall` throws.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Lets calls in hand finish, then closes the connections. */
  close(): Promise<void>;
}
