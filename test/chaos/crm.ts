import type { EntrySeen, OrderSeen } from './seen.ts';
import { CLIENT_TOKEN, OPERATOR_TOKEN } from './world.ts';

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
    amend: (id: string, body: unknown) => call('POST', `/v1/orders/${id}/amend`, CLIENT_TOKEN, body),
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
