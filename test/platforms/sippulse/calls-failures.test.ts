import { inspect } from 'node:util';
import { createConnection } from 'mariadb';
import { describe, expect, it } from 'vitest';
import { connectionOptions } from '../../../src/platforms/sippulse/calls/database.ts';
import { readDatabaseUrl, type DatabaseAddress } from '../../../src/platforms/sippulse/calls/settings.ts';
import { lookForMariadb } from '../../setup/mariadb.ts';
import { createProxy } from '../../setup/proxy.ts';
import { freePort } from '../../setup/redis-server.ts';
import { waitFor } from '../../setup/wait-for.ts';
import { MARCH, PASSWORD, refusal, USER, useCallsLab } from './calls-lab.ts';

// Without root a server cannot be installed; the gate installs it (test/setup/global.ts).
describe.skipIf(!lookForMariadb())('call records of SIPPulse, in trouble', () => {
  const lab = useCallsLab();

  describe('what goes wrong', () => {
    it('names a wrong password at once', async () => {
      const url = `mysql://${USER}:sesame-9@${lab.server.host}:${lab.server.port}/turnup`;
      const started = performance.now();
      const error = await refusal(lab.reader({ url, connectMs: 60_000 }).read(MARCH));
      expect(error).toMatchObject({ code: 'TURNUP_TARGET_LOGIN_REFUSED', class: 'auth' });
      // A pool would go on trying for a minute.
      expect(performance.now() - started).toBeLessThan(30_000);
    });

    it('names a database that is not there', async () => {
      const url = lab.urlOf(lab.server.port).replace('/turnup', '/elsewhere');
      expect((await refusal(lab.reader({ url }).read(MARCH))).code).toBe('TURNUP_TARGET_LOGIN_REFUSED');
    });

    it('says that nobody listens, and reads once somebody does', async () => {
      const port = await freePort();
      const calls = lab.reader({ port, connectMs: 60_000 });
      expect(await refusal(calls.read(MARCH))).toMatchObject({
        code: 'TURNUP_TARGET_UNREACHABLE',
        detail: expect.stringContaining('connection refused (ECONNREFUSED)'),
      });
      const link = await createProxy({ port, to: lab.server.port });
      expect(await calls.read(MARCH)).toStrictEqual([]);
      link.down();
    });

    it('connects only when asked, and anew after the link was lost', async () => {
      const link = await createProxy({ port: await freePort(), to: lab.server.port });
      const calls = lab.reader({ port: link.port, connectMs: 1000 });
      await lab.rated({});
      expect(await calls.read(MARCH)).toHaveLength(1);
      link.down();
      expect((await refusal(calls.read(MARCH))).code).toBe('TURNUP_TARGET_UNREACHABLE');
      await link.up();
      expect(await calls.read(MARCH)).toHaveLength(1);
      link.down();
    });

    it('gives up on a server that says nothing', async () => {
      const link = await createProxy({ port: await freePort(), to: lab.server.port });
      const calls = lab.reader({ port: link.port, connectMs: 1000, readMs: 200 });
      expect(await calls.read(MARCH)).toStrictEqual([]);
      const frozen = link.freezeAfter('nobody-hears');
      const error = refusal(calls.read({ ...MARCH, username: 'nobody-hears' }));
      await frozen;
      expect(await error).toMatchObject({ code: 'TURNUP_TARGET_FAILED', detail: expect.stringContaining('in time') });
      expect(await calls.read(MARCH)).toStrictEqual([]);
      link.down();
    });

    it('has the database end a statement that takes too long, and reads on', async () => {
      await lab.server.admin.query(
        'RENAME TABLE vi_cdrs TO cdrs; CREATE VIEW vi_cdrs AS SELECT * FROM cdrs WHERE SLEEP(60) = 0',
      );
      await lab.server.admin.query('INSERT INTO cdrs SET call_start_time = ?', ['2026-03-02 10:00:00']);
      const calls = lab.reader({ readMs: 300 });
      const error = await refusal(calls.read(MARCH));
      expect(error).toMatchObject({
        code: 'TURNUP_TARGET_FAILED',
        detail: expect.stringContaining('longer than it may'),
      });
      expect(
        await lab.server.admin.query(`SELECT * FROM information_schema.processlist WHERE state = 'User sleep'`),
      ).toEqual([]);
      await lab.server.admin.query('CREATE OR REPLACE VIEW vi_cdrs AS SELECT * FROM cdrs');
      expect(await calls.read(MARCH)).toHaveLength(1);
    });

    it('holds two connections at most, however many ask', async () => {
      const { admin } = lab.server;
      const calls = lab.reader({ readMs: 500 });
      await calls.read(MARCH);
      await admin.query('LOCK TABLES vi_cdrs WRITE');
      await admin.query('FLUSH STATUS');
      const all = Array.from({ length: 12 }, () => calls.read(MARCH));
      // Until then more connections would have been opened for those that wait.
      await refusal(Promise.race(all));
      await admin.query('UNLOCK TABLES');
      await Promise.allSettled(all);
      const [status] = await admin.query<{ Value: string }[]>(`SHOW GLOBAL STATUS LIKE 'Max_used_connections'`);
      // One is the administrator's.
      expect(Number(status?.Value)).toBeLessThanOrEqual(3);
    });

    it('leaves no connection behind when closed, and reads no more', async () => {
      const calls = lab.reader();
      await calls.read(MARCH);
      await calls.close();
      await calls.close();
      expect((await refusal(calls.read(MARCH))).code).toBe('TURNUP_TARGET_FAILED');
      await waitFor(
        async () =>
          (await lab.server.admin.query('SELECT * FROM information_schema.processlist WHERE user = ?', [USER]))
            .length === 0,
        { what: 'the database has none of its connections' },
      );
    });

    it('shows neither URL, password nor values in any error', async () => {
      const wrong = `mysql://${USER}:sesame-9@${lab.server.host}:${lab.server.port}/turnup`;
      const personal = { ...MARCH, username: 'maria.silva', domain: 'secret.example' };
      await lab.server.admin.query('ALTER TABLE acc MODIFY time varchar(64)');
      const calls = lab.reader();
      await calls.read(personal);
      await lab.server.admin.query('ALTER TABLE acc DROP COLUMN id');
      const errors = [
        await refusal(lab.reader({ url: wrong }).read(personal)),
        await refusal(lab.reader({ port: await freePort() }).read(personal)),
        await refusal(calls.read(personal)),
      ];
      for (const error of errors) {
        const shown = `${inspect(error, { depth: 10 })} ${JSON.stringify(error)} ${error.stack ?? ''} ${String(error.cause)}`;
        for (const hidden of ['sesame', 'mysql://', USER, 'maria', 'secret.example', 'SELECT', PASSWORD]) {
          expect(shown).not.toContain(hidden);
        }
      }
    });
  });

  describe('rights', () => {
    function plainOptions(user: string, password: string) {
      const settings = lab.settingsOf();
      const address = readDatabaseUrl(settings.native.calls.url) as DatabaseAddress;
      return connectionOptions({ ...address, user, password }, settings);
    }

    const INSERT = `INSERT INTO acc SET sip_code = '200'`;

    it('cannot write with the login that the page of the target asks for', async () => {
      const connection = await createConnection(plainOptions(USER, PASSWORD));
      await expect(connection.query(INSERT)).rejects.toMatchObject({ errno: 1142 });
      await connection.end();
    });

    it('cannot write even with a login that may', async () => {
      await lab.server.admin.query(
        `CREATE OR REPLACE USER 'writer'@'127.0.0.1' IDENTIFIED BY 'writer'; GRANT ALL ON turnup.* TO 'writer'@'127.0.0.1'`,
      );
      const connection = await createConnection(plainOptions('writer', 'writer'));
      for (const sql of [INSERT, 'DELETE FROM acc', 'CREATE TABLE more (id int)', 'DROP TABLE acc']) {
        await expect(connection.query(sql)).rejects.toMatchObject({ errno: 1792 });
      }
      await expect(connection.query(`SELECT 1; ${INSERT}`)).rejects.toMatchObject({ errno: 1064 });
      await expect(connection.query(`LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE acc`)).rejects.toMatchObject({
        errno: 4166,
      });
      await connection.end();
      expect(await lab.server.admin.query('SELECT COUNT(*) AS n FROM acc')).toMatchObject([{ n: 0n }]);
    });

    it('keeps the limits of the session from one read to the next', async () => {
      const calls = lab.reader({ readMs: 300 });
      await calls.read(MARCH);
      await lab.server.admin.query('LOCK TABLES vi_cdrs WRITE');
      const errors = [await refusal(calls.read(MARCH)), await refusal(calls.read(MARCH))];
      await lab.server.admin.query('UNLOCK TABLES');
      for (const error of errors) expect(error.detail).toContain('longer than it may');
    });
  });

  describe('TLS', () => {
    it('reads over TLS that it checks', async () => {
      await lab.server.admin.query(`ALTER USER '${USER}'@'127.0.0.1' REQUIRE SSL`);
      const url = lab.urlOf(lab.server.port, '?tls=true');
      expect(await lab.reader({ url, tls: { verify: true, ca: lab.certificate.cert } }).read(MARCH)).toStrictEqual([]);
      expect(await lab.reader({ url, tls: { verify: false } }).read(MARCH)).toStrictEqual([]);
      expect((await refusal(lab.reader().read(MARCH))).code).toBe('TURNUP_TARGET_LOGIN_REFUSED');
    });

    it('refuses a certificate that nobody it trusts signed', async () => {
      const error = await refusal(lab.reader({ url: lab.urlOf(lab.server.port, '?tls=true') }).read(MARCH));
      expect(error).toMatchObject({
        code: 'TURNUP_TARGET_UNREACHABLE',
        detail: expect.stringContaining('the certificate is self-signed'),
      });
    });
  });
});
