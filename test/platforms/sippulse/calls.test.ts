import { describe, beforeEach, expect, it } from 'vitest';
import type { CallsQuery } from '../../../src/platforms/port.ts';
import { openCalls } from '../../../src/platforms/sippulse/calls/index.ts';
import { lookForMariadb } from '../../setup/mariadb.ts';
import { MARCH, refusal, textOf, USER, useCallsLab } from './calls-lab.ts';
import { FAILED_CALL, RATED_CALL, STFC_COLUMNS } from './cdr-tables.ts';

// Without root a server cannot be installed; the gate installs it (test/setup/global.ts).
describe.skipIf(!lookForMariadb())('call records of SIPPulse', () => {
  const lab = useCallsLab();

  it('is off where the configuration says nothing of calls', () => {
    expect(openCalls({ ...lab.settingsOf(), native: {} })).toBeNull();
  });

  it('gives every column of both views, with types and the source', async () => {
    await lab.insert('vi_cdrs', RATED_CALL);
    await lab.insert('acc', FAILED_CALL);
    const calls = await lab.reader().read(MARCH);
    expect(calls).toStrictEqual([
      { ...FAILED_CALL, time: '2026-03-02T10:00:30.000Z', source: 'failed', startedAt: '2026-03-02T10:00:30.000Z' },
      {
        ...RATED_CALL,
        call_start_time: '2026-03-02T10:00:00.000Z',
        duration: 61,
        rateplan_prepaid: true,
        source: 'rated',
        startedAt: '2026-03-02T10:00:00.000Z',
      },
    ]);
    expect(JSON.parse(JSON.stringify(calls))).toStrictEqual(calls);
  });

  it('gives null where a column of text holds no number', async () => {
    for (const [second, duration] of ['', 'abc', '12.5', null].entries()) {
      await lab.rated({ call_start_time: `2026-03-02 10:00:0${second}`, duration });
    }
    const calls = await lab.reader().read(MARCH);
    expect(calls.map((call) => call['duration'])).toStrictEqual([null, 12.5, null, null]);
  });

  it('gives the newest first over both views, as many as asked for', async () => {
    for (const minute of ['10', '30', '50']) {
      await lab.rated({ call_start_time: `2026-03-02 10:${minute}:00` });
      await lab.failed({ time: `2026-03-02 10:${minute}:30` });
    }
    const calls = await lab.reader().read({ ...MARCH, limit: 5 });
    expect(calls.map((call) => [call['source'], textOf(call, 'startedAt').slice(11, 19)])).toStrictEqual([
      ['failed', '10:50:30'],
      ['rated', '10:50:00'],
      ['failed', '10:30:30'],
      ['rated', '10:30:00'],
      ['failed', '10:10:30'],
    ]);
  });

  it('orders calls of one second by their id, so that a page is always the same', async () => {
    // With the index they would come in this order by themselves.
    await lab.server.admin.query('ALTER TABLE vi_cdrs DROP KEY call_start_time');
    for (const id of [3, 1, 2]) await lab.rated({ id });
    const calls = await lab.reader().read({ ...MARCH, limit: 2 });
    expect(calls.map((call) => call['id'])).toStrictEqual([3, 2]);
  });

  it('takes from as inclusive and to as exclusive', async () => {
    for (const time of ['2026-03-01 23:59:59', '2026-03-02 00:00:00', '2026-03-02 23:59:59', '2026-03-03 00:00:00']) {
      await lab.rated({ call_start_time: time });
      await lab.failed({ time });
    }
    const from = new Date('2026-03-02T00:00:00Z');
    const calls = await lab.reader().read({ from, to: new Date('2026-03-03T00:00:00Z'), limit: 100 });
    expect(calls.map((call) => call['startedAt'])).toStrictEqual([
      '2026-03-02T23:59:59.000Z',
      '2026-03-02T23:59:59.000Z',
      '2026-03-02T00:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
    ]);
    expect(await lab.reader().read({ from, to: from, limit: 100 })).toStrictEqual([]);
  });

  describe('whose calls', () => {
    beforeEach(async () => {
      const calls = [
        { accountcode: 'ana@a.example', caller_id: 'ana', caller_domain: 'a.example' },
        { accountcode: 'ana@b.example', caller_id: 'ana', caller_domain: 'b.example' },
        { accountcode: 'rui@a.example', caller_id: 'rui', caller_domain: 'a.example' },
      ];
      for (const call of calls) {
        await lab.rated(call);
        await lab.failed(call);
      }
    });

    async function accounts(query: Partial<CallsQuery>): Promise<string[]> {
      const calls = await lab.reader().read({ ...MARCH, ...query });
      return calls.map((call) => `${textOf(call, 'source')} ${textOf(call, 'accountcode')}`).toSorted();
    }

    it('finds those of an account, a caller or a domain', async () => {
      expect(await accounts({ username: 'ana', domain: 'a.example' })).toStrictEqual([
        'failed ana@a.example',
        'rated ana@a.example',
      ]);
      expect(await accounts({ username: 'ana' })).toHaveLength(4);
      expect(await accounts({ domain: 'a.example' })).toStrictEqual([
        'failed ana@a.example',
        'failed rui@a.example',
        'rated ana@a.example',
        'rated rui@a.example',
      ]);
      expect(await accounts({})).toHaveLength(6);
    });

    it.each([
      `ana' OR '1'='1`,
      `ana" OR "1"="1`,
      `ana\\' OR 1=1 -- `,
      `'; DROP TABLE acc; -- `,
      'ana%',
      '_na',
      '?',
      'ana\0',
      '\u{1F4DE}',
      '',
    ])('takes %j as a name and nothing else', async (username) => {
      expect(await accounts({ username })).toStrictEqual([]);
      expect(await accounts({ username, domain: username })).toStrictEqual([]);
      await lab.rated({ caller_id: username, accountcode: 'odd@a.example' });
      expect(await accounts({ username })).toStrictEqual(['rated odd@a.example']);
      expect(await lab.server.admin.query('SELECT COUNT(*) AS n FROM acc')).toMatchObject([{ n: 3n }]);
    });
  });

  describe('servers that differ', () => {
    it('leaves out columns that the edition does not have', async () => {
      await lab.server.admin.query(
        `ALTER TABLE acc ${STFC_COLUMNS.map((column) => `DROP COLUMN ${column}`).join(', ')}`,
      );
      const row = Object.fromEntries(Object.entries(FAILED_CALL).filter(([name]) => !STFC_COLUMNS.includes(name)));
      await lab.insert('acc', row);
      const [call] = await lab.reader().read(MARCH);
      const at = '2026-03-02T10:00:30.000Z';
      expect(call).toStrictEqual({ ...row, time: at, source: 'failed', startedAt: at });
    });

    it('reads views over other tables, in other character sets and types', async () => {
      await lab.server.admin.query(
        `RENAME TABLE vi_cdrs TO cdrs; ALTER TABLE cdrs CONVERT TO CHARACTER SET latin1, MODIFY price decimal(12,4),
         MODIFY duration int; CREATE VIEW vi_cdrs AS SELECT *, 1 AS secret_column FROM cdrs`,
      );
      await lab.server.admin.query(
        'INSERT INTO cdrs SET call_start_time = ?, duration = 61, price = 0.1225, rateplan_name = ?',
        ['2026-03-02 10:00:00', 'Básico'],
      );
      const [call] = await lab.reader().read(MARCH);
      expect(call).toMatchObject({ duration: 61, price: 0.1225, rateplan_name: 'Básico' });
      expect(call).not.toHaveProperty('secret_column');
      expect(await lab.reader().read({ ...MARCH, username: '\u{1F4DE} ж' })).toStrictEqual([]);
    });

    it('goes on after the views changed under it', async () => {
      const calls = lab.reader();
      await lab.failed({});
      expect((await calls.read(MARCH))[0]).toHaveProperty('descritor');
      await lab.server.admin.query('ALTER TABLE acc DROP COLUMN descritor');
      expect((await refusal(calls.read(MARCH))).code).toBe('TURNUP_TARGET_FAILED');
      expect((await calls.read(MARCH))[0]).not.toHaveProperty('descritor');
    });

    it('says which view or column it misses', async () => {
      await lab.server.admin.query('ALTER TABLE acc DROP COLUMN accountcode');
      const column = await refusal(lab.reader().read(MARCH));
      expect(column).toMatchObject({ code: 'TURNUP_TARGET_FAILED' });
      expect(column.detail).toContain('the column accountcode of acc is missing');
      await lab.server.admin.query(`REVOKE SELECT ON turnup.acc FROM '${USER}'@'127.0.0.1'`);
      expect((await refusal(lab.reader().read(MARCH))).detail).toContain('acc is missing, or the user may not read it');
    });
  });

  describe('time zones', () => {
    async function read(timezone: string, local: string, from: string, to: string): Promise<unknown[]> {
      await lab.server.admin.query('DELETE FROM vi_cdrs');
      await lab.rated({ call_start_time: local });
      const calls = await lab.reader({ timezone }).read({ from: new Date(from), to: new Date(to), limit: 10 });
      return calls.map((call) => call['startedAt']);
    }

    it('takes the times of the database as local ones', async () => {
      const window = ['2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'] as const;
      expect(await read('America/Sao_Paulo', '2026-03-02 10:00:00', ...window)).toStrictEqual([
        '2026-03-02T13:00:00.000Z',
      ]);
      expect(await read('-03:00', '2026-03-01 21:00:00', ...window)).toStrictEqual(['2026-03-02T00:00:00.000Z']);
      expect(await read('America/Sao_Paulo', '2026-03-01 20:59:59', ...window)).toStrictEqual([]);
      expect(await read('America/Sao_Paulo', '2026-03-02 20:59:59', ...window)).toHaveLength(1);
      expect(await read('America/Sao_Paulo', '2026-03-02 21:00:00', ...window)).toStrictEqual([]);
    });

    it('does not depend on the time zone of this process or of the database', async () => {
      await lab.server.admin.query(`SET GLOBAL time_zone = '+09:00'`);
      try {
        const window = ['2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'] as const;
        expect(await read('UTC', '2026-03-02 10:00:00', ...window)).toStrictEqual(['2026-03-02T10:00:00.000Z']);
      } finally {
        await lab.server.admin.query(`SET GLOBAL time_zone = 'SYSTEM'`);
      }
    });

    it('puts every call into exactly one of the hours around the end of summer time', async () => {
      for (const clock of ['01:59:59', '02:00:00', '02:30:00', '02:59:59', '03:00:00', '03:30:00']) {
        await lab.rated({ call_start_time: `2025-10-26 ${clock}` });
      }
      const calls = lab.reader({ timezone: 'Europe/Vienna' });
      const hours: string[][] = [];
      for (let hour = 23; hour <= 27; hour += 1) {
        const from = new Date(Date.UTC(2025, 9, 25, hour));
        const found = await calls.read({ from, to: new Date(from.getTime() + 3_600_000), limit: 10 });
        hours.push(found.map((call) => textOf(call, 'startedAt').slice(11, 19)).toSorted());
      }
      expect(hours).toStrictEqual([
        ['23:59:59'],
        ['00:00:00', '00:30:00', '00:59:59'],
        [],
        ['02:00:00', '02:30:00'],
        [],
      ]);
      const half = { from: new Date('2025-10-26T00:30:00Z'), to: new Date('2025-10-26T01:30:00Z'), limit: 10 };
      expect(await calls.read(half)).toHaveLength(2);
    });
  });
});
