import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import type { Engine } from '../../workers/engine.ts';
import { call, PASSWORDS, sampleOrder, startTestApi, type TestApi } from '../api/harness.ts';
import { testEngine } from '../engine/harness.ts';
import { createWorld, toyPlatform, type World } from '../engine/toy.ts';
import { findChromium, useRedis, waitFor } from '../setup/redis.ts';

const redis = useRedis();
const world = createWorld();
const platform = toyPlatform(world);
let api: TestApi;
let engine: Engine;
let browser: Browser | undefined;
let missing = '';
/** Everything the pages complained about, and what they asked of others. */
const complaints: string[] = [];

beforeAll(async () => {
  api = await startTestApi({ redis, platform });
  engine = testEngine({ redis: redis.client(), platform });
  await engine.start();
  try {
    const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    browser = await chromium.launch({ executablePath: findChromium(), args });
  } catch (error) {
    missing = String(error instanceof Error ? error.message : error).split('\n', 1)[0]!;
  }
});
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});
afterAll(async () => {
  await browser?.close();
  await engine?.close();
  await api?.close();
});

async function openPage(context: TestContext, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  if (!browser) context.skip(missing);
  const page = await browser.newPage({ colorScheme });
  complaints.length = 0;
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(api.url) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  return page;
}

async function logIn(page: Page, name: keyof typeof PASSWORDS): Promise<void> {
  await page.goto(`${api.url}/board`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(PASSWORDS[name]);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`${api.url}/board`);
}

const refuseSubscribers: World['trouble'] = ({ thing, at }) => {
  if (thing.startsWith('subscriber') && at === 'before')
    throw new TurnupError('TURNUP_TARGET_REJECTED', { detail: 'no' });
};

async function stateOf(id: string): Promise<string> {
  return (await call(api, `/v1/orders/${id}`)).body.state as string;
}

describe('in a browser', () => {
  test('an operator logs in, finds the failed job, retries it with the button, and reads the order', async (context) => {
    world.trouble = refuseSubscribers;
    const page = await openPage(context);
    const { body: order } = await call(api, '/v1/orders', { body: sampleOrder() });
    await waitFor(async () => (await stateOf(order.id)) === 'held', { timeoutMs: 15_000 });

    await logIn(page, 'olga');
    await expect.poll(() => page.title()).toContain('Turnup');
    await page.getByText('orders').first().waitFor();
    const text = await page.locator('body').innerText();
    expect(text).toContain('lab');
    expect(text.toLowerCase()).toContain('lab-test');

    const queue = engine.motor.queues.target('lab').name;
    await page.goto(`${api.url}/board/queue/${queue}/${order.id}.1.f.s1.subscriber`);
    await page.getByText('subscriber john').first().waitFor();
    world.trouble = () => {};
    // The board's buttons have no names, only icons.
    await page.locator('button:has(.lucide-refresh-cw)').first().click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await waitFor(async () => (await stateOf(order.id)) === 'completed', { timeoutMs: 15_000 });
    const journal = await call(api, `/v1/orders/${order.id}/journal`);
    expect(journal.body.items).toContainEqual(expect.objectContaining({ type: 'retried', by: 'operator:olga' }));

    await page.goto(`${api.url}/board/orders/${order.id}`);
    await page.getByRole('heading', { name: `Order ${order.externalId}` }).waitFor();
    expect(await page.locator('main').innerText()).toContain('operator:olga');
    expect(complaints).toEqual([]);

    await page.getByRole('link', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL(/\/board\/login/);
    await page.goto(`${api.url}/board`);
    expect(page.url()).toContain('/board/login');
  });

  test.for([
    ['vera', ['Pause', 'Retry all', 'Obliterate', 'Add job'], []],
    ['olga', ['Pause', 'Obliterate', 'Add job', 'Empty', 'Set concurrency'], ['Retry all']],
    ['adam', ['Obliterate', 'Add job', 'Empty', 'Set concurrency'], ['Pause', 'Retry all']],
  ] as const)('%s sees no button that would be refused', async ([name, hidden, shown], context) => {
    world.trouble = refuseSubscribers;
    const page = await openPage(context);
    const { body: order } = await call(api, '/v1/orders', { body: sampleOrder() });
    await waitFor(async () => (await stateOf(order.id)) === 'held', { timeoutMs: 15_000 });
    await logIn(page, name);
    await page.goto(`${api.url}/board/queue/${engine.motor.queues.target('lab').name}?status=failed`);
    await page.getByText('subscriber john').first().waitFor();
    for (const icon of ['trash-2', 'pencil', 'files']) {
      expect(await page.locator(`button:has(.lucide-${icon}):visible`).count(), icon).toBe(0);
    }
    const menu = page.locator('button[aria-haspopup=menu]:has(.lucide-ellipsis-vertical)').first();
    if (name !== 'vera') await menu.click();
    for (const text of shown)
      await page
        .getByRole('menuitem', { name: new RegExp(text) })
        .first()
        .waitFor();
    for (const text of hidden) {
      expect(
        await page
          .getByRole('menuitem', { name: new RegExp(text) })
          .filter({ visible: true })
          .count(),
        text,
      ).toBe(0);
    }
    expect(complaints).toEqual([]);
  });

  test.for(['light', 'dark'] as const)(
    'the login page is readable and usable by keyboard (%s)',
    async (scheme, context) => {
      const page = await openPage(context, scheme);
      await page.goto(`${api.url}/board/login`);
      const [ground, ink] = await page.evaluate<[string, string]>(
        `[getComputedStyle(document.querySelector('main')).backgroundColor, getComputedStyle(document.querySelector('h1')).color]`,
      );
      expect(contrast(ground, ink)).toBeGreaterThan(7);
      await page.keyboard.type('olga');
      await page.keyboard.press('Tab');
      await page.keyboard.type('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('alert').innerText()).toContain('wrong');
    },
  );

  test('the documentation of the API draws itself under its policy', async (context) => {
    const page = await openPage(context, 'dark');
    await page.goto(`${api.url}/docs`);
    await page.getByText('Place an order').first().waitFor();
    await page.getByText('Place an order').first().click();
    await page.getByText('Idempotency-Key').first().waitFor();
    expect(complaints).toEqual([]);
  });
});

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
