import { expect } from 'vitest';
import type { AuditView, Finding } from '../../src/audits/audit.ts';
import { call, type Answer } from '../api/harness.ts';
import type { Lab } from '../api/lab.ts';
import { waitFor } from '../setup/redis.ts';

export type Audit = AuditView & { findings: { items: Finding[]; next: string | null } };

export const readAudit = async ({ api }: Pick<Lab, 'api'>, id: string): Promise<Audit> =>
  (await call(api, `/v1/audits/${id}?limit=200`, { token: 'vera' })).body as Audit;

export const postAudit = ({ api }: Pick<Lab, 'api'>, body: object): Promise<Answer> =>
  call(api, '/v1/audits', { token: 'olga', body });

export function untilOver(lab: Pick<Lab, 'api'>, id: string): Promise<Audit> {
  return waitFor(
    async () => {
      const now = await readAudit(lab, id);
      return !['queued', 'running'].includes(now.state) && now;
    },
    { what: `audit ${id} is over`, timeoutMs: 60_000 },
  );
}

/** An audit of target lab, from the order to its end. */
export async function audit(lab: Pick<Lab, 'api'>, body: object = {}): Promise<Audit> {
  const answer = await postAudit(lab, { target: 'lab', ...body });
  expect(answer.status).toBe(202);
  return untilOver(lab, answer.body.id as string);
}

/** By user name; the customer's own under ''. */
export const rowsOf = ({ findings }: Audit): Record<string, Finding> =>
  Object.fromEntries(findings.items.map((one) => [one.subscriber?.username ?? '', one] as const));

/** What the stand-in does wrong from now on; none: nothing. */
export async function spoil({ simulator }: Pick<Lab, 'simulator'>, ...rules: object[]): Promise<void> {
  const answer = await fetch(`${simulator.url}/__faults`, { method: 'POST', body: JSON.stringify({ rules }) });
  expect(answer.ok).toBe(true);
}
