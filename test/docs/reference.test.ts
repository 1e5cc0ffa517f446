import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { renderErrorReference } from '../../ops/docs/error-reference.ts';
import { renderOrderReference } from '../../ops/docs/order-reference.ts';
import { cell } from '../../ops/docs/schema-tables.ts';
import { generatedPages } from '../../ops/docs/pages.ts';
import { CATALOGUE } from '../../src/errors/index.ts';
import { ORDER_EXAMPLES } from '../../src/orders/model/examples.ts';
import { parseJsonStrict, parseOrder } from '../../src/orders/model/index.ts';
import { PLATFORMS } from '../../src/platforms/registry.ts';

const PAGES = await generatedPages();

describe('the reference', () => {
  it.each(PAGES.map(({ path, text }) => [path, text]))('%s is what "npm run docs" writes', async (path, text) => {
    expect(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')).toBe(text);
  });

  it('names every error code once, with its status, class and hint', () => {
    const page = renderErrorReference();
    for (const [code, { status, class: errorClass, title, hint }] of Object.entries(CATALOGUE)) {
      const rows = page.split('\n').filter((line) => line.includes(`\`${code}\``));
      expect(rows).toHaveLength(1);
      for (const part of [String(status), `\`${errorClass}\``, title, cell(hint)]) expect(rows[0]).toContain(part);
    }
  });

  it('has a row with a meaning for every member of an order', () => {
    const rows = renderOrderReference()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const members = rows.map((row) => row.split(/(?<!\\)\|/).map((part) => part.trim()));
    for (const name of [
      'externalId',
      'target',
      'customer',
      'subscribers',
      'username',
      'ringTimeout',
      'cc',
      'pin',
      'args',
    ]) {
      expect(members.map(([, member]) => member)).toContain(`\`${name}\``);
    }
    const table = members.filter((columns) => columns.length === 7);
    expect(table.length).toBeGreaterThan(50);
    for (const columns of table) expect(columns[5]).not.toBe('');
  });

  it('marks what is a secret', () => {
    const secrets = renderOrderReference()
      .split('\n')
      .filter((line) => line.includes('*Secret.*'));
    expect(secrets.map((line) => line.split('`')[1])).toEqual(['password', 'webPassword', 'pin']);
  });

  it('links only to sections that it has', () => {
    const page = renderOrderReference();
    const anchors = new Set(
      [...page.matchAll(/^#+ (.+)$/gm)].map((match) => match[1]?.toLowerCase().replaceAll(' ', '-')),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map((match) => match[1]);
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(anchors).toContain(link);
  });

  it('has examples of operations that a platform offers', () => {
    const { operations } = ORDER_EXAMPLES.operations.order;
    const offering = PLATFORMS.filter(({ operations: offered = {} }) =>
      operations.every(({ service, operation }) => Object.hasOwn(offered, `${service}.${operation}`)),
    );
    expect(offering).not.toEqual([]);
  });

  it('has worked examples that are accepted as they stand on the page', () => {
    const blocks = [...renderOrderReference().matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
    const orders = blocks
      .map((block) => parseJsonStrict(new TextEncoder().encode(block)))
      .filter((value) => 'externalId' in (value as object));
    expect(orders).toHaveLength(Object.keys(ORDER_EXAMPLES).length);
    const context = { now: new Date('2026-11-22T12:00:00Z'), areaCodes: () => ['+431'], maxSubscribers: 100 };
    for (const order of orders) expect(parseOrder(order, context)).toMatchObject({ ok: true });
  });
});
