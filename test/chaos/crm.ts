import { CLIENT_TOKEN, OPERATOR_TOKEN } from './world.ts';

/** What this suite reads of an order. */
export interface StepSeen {
  readonly id: string;
  readonly item: string | null;
  readonly kind: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly attempts: number;
  readonly finishedAt: string | null;
  readonly result: Record<string, unknown> | null;
  readonly error: { readonly code: string; readonly class: string; readonly detail: string | null } | null;
}
export interface OrderSeen {
  readonly id: string;
  readonly externalId: string;
  readonly target: string;
  readonly state: string;
  readonly run: number;
  readonly direction: 'forward' | 'undo';
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly blockedBy: { readonly kind: string; readonly id: string | null } | null;
  readonly steps: readonly StepSeen[];
  readonly error: {
    readonly code: string;
    readonly class: string;
    readonly detail: string | null;
    readonly step: string | null;
  } | null;
}
export interface EntrySeen {
  readonly at: string;
  readonly type: string;
  readonly step: string | null;
  readonly by: string;
  readonly detail: Record<string, unknown>;
}

export const TERMINAL = ['completed', 'partial', 'failed', 'cancelled'];
export const isTerminal = (order: OrderSeen): boolean => TERMINAL.includes(order.state);

/** An answer that came; null when none did. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const PATIENCE_MS = 8_000;
/** For the API to come back: a process that was killed takes its time on a busy machine. */
const MOST_PATIENCE_MS = 120_000;

/** The API over HTTP, as a CRM and an operator use it. Keeps every answer, for the search for secrets. */
export function createCrm(url: string) {
  const answers: string[] = [];

  async function call(
    method: string,
    path: string,
    token: string,
    body?: unknown,
    isSecret = false,
  ): Promise<Answer | null> {
    try {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await answer.text();
      if (!isSecret) answers.push(text);
      return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
    } catch {
      return null;
    }
  }

  /** Reads until it is answered: 5xx and lost answers are asked again. */
  async function read<T>(path: string): Promise<T> {
    const until = Date.now() + MOST_PATIENCE_MS;
    for (;;) {
      const answer = await call('GET', path, OPERATOR_TOKEN);
      if (answer?.status === 200) return answer.body as T;
      if (answer && answer.status < 500)
        throw new Error(`GET ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      if (Date.now() > until) throw new Error(`GET ${path} is not answered`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async function pages<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const mark = path.includes('?') ? '&' : '?';
      const page: { items: T[]; next: string | null } = await read(
        `${path}${mark}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      );
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return items;
  }

  return {
    answers: answers as readonly string[],
    post: (body: unknown) => call('POST', '/v1/orders', CLIENT_TOKEN, body),
    act: (id: string, verb: string) =>
      call('POST', `/v1/orders/${id}/${verb}`, OPERATOR_TOKEN, verb === 'retry' ? undefined : { reason: 'chaos' }),
    order: (id: string) => read<OrderSeen>(`/v1/orders/${id}`),
    orders: (filter = '') => pages<OrderSeen>(`/v1/orders${filter}`),
    journal: (id: string) => pages<EntrySeen>(`/v1/orders/${id}/journal`),
    /** Passwords that were made up, by user name; null when there are none to be had. */
    async credentials(id: string): Promise<Record<string, string> | null> {
      const answer = await call('GET', `/v1/orders/${id}/credentials`, CLIENT_TOKEN, undefined, true);
      if (answer?.status !== 200) return null;
      const { subscribers } = answer.body as { subscribers: { username: string; password: string }[] };
      return Object.fromEntries(subscribers.map(({ username, password }) => [username, password]));
    },
    target: (name: string) => read<{ breaker: { state: string } }>(`/v1/targets/${name}`),
  };
}

export type Crm = ReturnType<typeof createCrm>;
