import { describe, expect, it } from 'vitest';
import { numberIn, transfer } from '../../../src/platforms/sipwise/modify/number-transfer.ts';
import type { Item, SipwiseClient } from '../../../src/platforms/sipwise/types.ts';

/** A release of which it is known what it holds and what was written to it. */
function release(items: Readonly<Record<string, Item>>) {
  const written: string[] = [];
  const client = {
    get: async (path: string) => items[path.split('?')[0]!] ?? {},
    patch: async (path: string, operations: readonly { path: string; value: unknown }[]) => {
      for (const { path: member, value } of operations) written.push(`${path} ${member} ${JSON.stringify(value)}`);
    },
  };
  return { client: client as unknown as SipwiseClient, written };
}

const alias = { cc: 43, ac: '1', sn: '5' };
const owner = { id: 1, primary_number: { cc: 43, ac: '1', sn: '9' }, alias_numbers: [alias] };

describe('a number is handed over', () => {
  const number = numberIn(owner, '4315')!;

  it('by the id that an older release tells only among the numbers', async () => {
    const { client, written } = release({
      '/api/subscribers/1': owner,
      '/api/numbers/': {
        _embedded: {
          'ngcp:numbers': [
            { id: 77, subscriber_id: 2, ...alias },
            { id: 7, subscriber_id: 1, ...alias },
          ],
        },
      },
    });
    await transfer(client, number, 1, 2);
    expect(written).toEqual(['/api/numbers/7 /subscriber_id 2']);
  });

  it('in two calls where the release knows no id of it', async () => {
    const { client, written } = release({ '/api/subscribers/1': owner, '/api/subscribers/2': { id: 2 } });
    await transfer(client, number, 1, 2);
    expect(written).toEqual([
      '/api/subscribers/1 /alias_numbers []',
      '/api/subscribers/2 /alias_numbers [{"cc":"43","ac":"1","sn":"5"}]',
    ]);
  });
});
