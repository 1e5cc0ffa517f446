import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld({ name: 'fo', sippulse: true });
  await Promise.all([world.startApi(), world.startWorker()]);
});
afterAll(() => world?.close());

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The order in the README, as it stands there. */
function orderOfReadme(): Record<string, unknown> {
  const readme = textOf('README.md');
  const body = /curl [^\n]*\/v1\/orders[^']*(?:'[^']*'[^'{]*)*-d '(\{[\s\S]*?\n\s*\})'/.exec(readme)?.[1];
  return JSON.parse(body ?? 'null') as Record<string, unknown>;
}

test("the README's first order is answered 202, ends completed, and gives its credentials once made", async () => {
  const body = orderOfReadme();
  const answer = await world.crm.call('POST', '/v1/orders', body);
  expect(answer).toMatchObject({ status: 202, body: { externalId: 'CRM-2026-0001', target: 'vienna' } });
  const { id } = answer!.body as { id: string };

  const order = await world.crm.completed(id);
  const { customers, subscribers } = await world.platform.state();
  expect(customers).toMatchObject([{ external_id: 'C-77' }]);
  expect(subscribers).toMatchObject([{ username: 'john', customer_id: customers[0]!.id }]);
  expect(order.steps.find(({ id: step }) => step === 'customer')?.result).toMatchObject({
    customerId: customers[0]!.id,
  });
  expect(order.steps.map(({ result }) => result?.['subscriberId'])).toContain(subscribers[0]!.id);

  const credentials = await fetch(`${world.url}/v1/orders/${id}/credentials`, {
    headers: { authorization: `Bearer ${world.crm.token}` },
  });
  expect(credentials.status).toBe(200);
  expect(await credentials.text()).toContain(subscribers[0]!.password);

  expect(await world.crm.call('POST', '/v1/orders', body)).toMatchObject({ status: 200, body: { id } });
  expect((await world.platform.state()).subscribers).toHaveLength(1);
});

test('the orders on the page of SIPPulse targets end completed, one after the other, and what they make is served', async () => {
  const blocks = [...textOf('docs/targets/sippulse.md').matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json!);
  expect(blocks).toHaveLength(2);
  for (const block of blocks) {
    const { id } = await world.crm.place(JSON.parse(block) as { externalId: string });
    const { steps } = await world.crm.completed(id);
    expect(steps.map(({ state }) => state)).toEqual(steps.map(() => 'done'));
  }
  const state = await world.sippulse.state();
  expect(state.subscribers.map(({ username }) => username).toSorted()).toEqual(['oficina', 'recepcao']);
  expect(state.dids.map(({ aliasUsername }) => aliasUsername).toSorted()).toEqual(['1130258080', '1130258081']);
  expect(state.creditTransactions).toMatchObject([{ account: 'recepcao@sip.example.com', value: 50 }]);
  expect(state.ratePlans).toContainEqual(expect.objectContaining({ name: 'office' }));
  expect(state.huntGroups).toMatchObject([{ groupList: 'recepcao;oficina' }]);
  expect(state.unreloaded).toEqual([]);
});
