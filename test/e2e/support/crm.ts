import { until } from './until.ts';
import type { OrderSeen } from './orders.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What any order has. */
interface Body {
  readonly externalId: string;
  readonly notBefore?: string;
  readonly deadline?: string;
}

export interface JournalEntry {
  readonly type: string;
  readonly step: string | null;
  readonly by: string;
  readonly detail: Record<string, unknown>;
}

const PATIENCE_MS = 8_000;

/** The API as a CRM uses it. Keeps every answer, for the search for secrets. */
export function createCrm(url: string, token: string) {
  const answers: string[] = [];

  /** Null when no answer came. */
  async function call(method: string, path: string, body?: unknown): Promise<Answer | null> {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => null);
    const text = await answer?.text().catch(() => null);
    if (!answer || text === null || text === undefined) return null;
    answers.push(`${[...answer.headers].join('\n')}\n${text}`);
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, body: isJson ? (JSON.parse(text) as unknown) : text };
  }

  /** @throws Error for anything but 200 */
  async function get<T>(path: string): Promise<T> {
    const answer = await call('GET', path);
    if (answer?.status !== 200) throw new Error(`GET ${path}: ${answer?.status ?? 'no answer'}`);
    return answer.body as T;
  }

  const order = (id: string): Promise<OrderSeen> => get(`/v1/orders/${id}`);

  return {
    token,
    answers: answers as readonly string[],
    call,
    get,
    order,
    post: (body: Body) => call('POST', '/v1/orders', body),

    /** Posts as a CRM does: again and again until there is an answer other than 503. */
    async place(body: Body): Promise<OrderSeen> {
      const answer = await until(
        async () => {
          const got = await call('POST', '/v1/orders', body);
          return got && got.status !== 503 ? got : null;
        },
        `an answer to ${body.externalId}`,
        { everyMs: 200 },
      );
      if (answer.status !== 202 && answer.status !== 200) {
        throw new Error(`${body.externalId} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      }
      return answer.body as OrderSeen;
    },

    async find(externalId: string): Promise<OrderSeen | null> {
      const { items } = await get<{ items: OrderSeen[] }>(`/v1/orders?externalId=${externalId}`);
      if (items.length > 1) throw new Error(`${externalId} is there ${items.length} times`);
      return items[0] ?? null;
    },

    async journal(id: string): Promise<JournalEntry[]> {
      const page = await get<{ items: JournalEntry[]; next: string | null }>(`/v1/orders/${id}/journal?limit=200`);
      if (page.next !== null) throw new Error(`the journal of ${id} has more than one page`);
      return page.items;
    },

    /** Waits until it is completed; fails at once when it ends in another way, or waits for a person. */
    async completed(id: string): Promise<OrderSeen> {
      let last: OrderSeen | null = null;
      const ended = await until(
        async () => {
          last = await order(id);
          return ['completed', 'partial', 'failed', 'cancelled', 'held'].includes(last.state) ? last : null;
        },
        `order ${id} ends`,
        { everyMs: 100 },
      ).catch((error: unknown) => {
        throw new Error(`order ${id} does not end: ${JSON.stringify(last)}`, { cause: error });
      });
      if (ended.state !== 'completed') throw new Error(`order ${id} is ${ended.state}: ${JSON.stringify(ended.error)}`);
      return ended;
    },
  };
}

export type Crm = ReturnType<typeof createCrm>;
