import { expect } from 'vitest';
import { filesIn, leaksIn, storedIn } from './leaks.ts';
import type { World } from './world.ts';

/** What the dashboard tells an operator: its pages, and the queues with all their jobs. */
async function readBoard({ url, operator }: World): Promise<(readonly [string, string])[]> {
  let cookie = '';
  const read = async (path: string, form?: Record<string, string>): Promise<Response> => {
    const answer = await fetch(url + path, {
      redirect: 'manual',
      headers: { cookie, origin: url, 'sec-fetch-site': 'same-origin' },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? cookie;
    return answer;
  };
  const page = await (await read('/board/login')).text();
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const login = await read('/board/login', { csrf, next: '/board', ...operator });
  expect(login.status).toBe(303);
  const paths = ['orders', 'target-vienna'].flatMap((queue) => [
    `/board/api/queues?activeQueue=${queue}&status=latest&page=1&jobsPerPage=100`,
    `/board/api/queues?activeQueue=${queue}&status=completed&page=1&jobsPerPage=100`,
  ]);
  return Promise.all(
    paths.map(async (path) => {
      const answer = await read(path);
      expect(answer.status).toBe(200);
      return [path, await answer.text()] as const;
    }),
  );
}

/** I8: looks for every secret of this world in all that it stored, logged and answered. */
export async function expectNoLeaks(world: World): Promise<void> {
  const { crm, desk, redis, logged, secrets } = world;
  const { items } = await desk.get<{ items: { id: string }[] }>('/v1/orders?limit=200');
  expect(items.length).toBeGreaterThan(0);
  for (const { id } of items) await Promise.all([desk.order(id), desk.journal(id)]);
  for (const path of ['/v1/targets/vienna', '/metrics', '/readyz', '/healthz']) await desk.get(path);

  const board = await readBoard(world);
  // The board shows the newest page of each queue; which orders those are depends on when they ended.
  expect(items.some(({ id }) => board.some(([, text]) => text.includes(id)))).toBe(true);
  const client = redis.client();
  const stored = await storedIn(client);
  client.disconnect();
  const files = filesIn(redis.dir).filter(([file]) => !file.endsWith('.yaml'));
  expect(files.map(([, text]) => text).join('')).toContain(items.at(-1)!.id);
  const answers = [...crm.answers, ...desk.answers].map((text, at) => [`answer ${at}`, text] as const);
  const lines = logged.map((line) => [`log ${line.slice(0, 200)}`, line] as const);
  expect(lines.length).toBeGreaterThan(0);
  expect(leaksIn([...stored, ...files, ...answers, ...lines, ...board], secrets)).toEqual([]);
}
