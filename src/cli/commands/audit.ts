import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditView, Finding } from '../../audits/audit.ts';
import type { Page } from '../../audits/store.ts';
import { openApi, type ApiClient, type ApiOptions } from '../api-client.ts';
import { auditListText, auditText, findingsText, isClean, progressText } from '../audit-text.ts';
import { EXIT_FAILED, EXIT_OK } from '../report.ts';
import { isPassing, parseSeconds } from '../watch-order.ts';

type Report = AuditView & { readonly findings: Page<Finding> };

const LOOK_EVERY_MS = 500;

const pathOf = (id: string, more = ''): string => `/v1/audits/${encodeURIComponent(id)}${more}`;

async function readWhole(api: ApiClient, id: string): Promise<{ audit: AuditView; findings: Finding[] }> {
  const findings: Finding[] = [];
  let cursor: string | null = null;
  for (;;) {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { findings: some, ...audit } = await api.call<Report>({
      method: 'GET',
      path: pathOf(id, `?limit=200${query}`),
    });
    findings.push(...some.items);
    if (some.next === null) return { audit, findings };
    cursor = some.next;
  }
}

async function tell(api: ApiClient, id: string, isJson: boolean): Promise<AuditView> {
  const { audit, findings } = await readWhole(api, id);
  if (isJson) console.log(JSON.stringify({ ...audit, findings }, null, 2));
  else console.log([auditText(audit), findingsText(findings)].filter(Boolean).join('\n'));
  return audit;
}

const isOver = ({ state }: AuditView): boolean => state !== 'queued' && state !== 'running';

/** Says each step on until the audit is over or the time is. An API that is away for a while is waited for. */
async function watch(api: ApiClient, id: string, seconds: number, isQuiet: boolean): Promise<void> {
  const until = performance.now() + seconds * 1000;
  for (let told = ''; ;) {
    try {
      const audit = await api.call<AuditView>({ method: 'GET', path: pathOf(id, '?limit=1') });
      const line = progressText(audit);
      if (!isQuiet && line !== told) console.error(line);
      told = line;
      if (isOver(audit)) return;
    } catch (error) {
      if (!isPassing(error) || performance.now() > until) throw error;
    }
    if (performance.now() > until) {
      console.error(`The audit goes on, but not within ${seconds} s: see "turnup audit show ${id}".`);
      return;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

export interface AuditInput extends ApiOptions {
  target: string;
  customer?: readonly string[];
  repair?: boolean;
  wait?: boolean;
  timeout: string;
}

export async function run({ target, customer, repair, wait, timeout, ...options }: AuditInput): Promise<number> {
  const seconds = parseSeconds(timeout);
  const api = await openApi(options);
  const body = JSON.stringify({ target, ...(customer && { customers: customer }), ...(repair && { repair }) });
  const audit = await api.call<AuditView>({ method: 'POST', path: '/v1/audits', body });
  if (!wait) {
    console.log(options.json ? JSON.stringify(audit, null, 2) : auditText(audit));
    return EXIT_OK;
  }
  await watch(api, audit.id, seconds, options.json ?? false);
  return isClean(await tell(api, audit.id, options.json ?? false)) ? EXIT_OK : EXIT_FAILED;
}

export async function show({ id, ...options }: ApiOptions & { id: string }): Promise<number> {
  await tell(await openApi(options), id, options.json ?? false);
  return EXIT_OK;
}

const FILTERS = ['target', 'limit', 'cursor'] as const;

export type AuditListInput = ApiOptions & { [filter in (typeof FILTERS)[number]]?: string };

export async function list(input: AuditListInput): Promise<number> {
  const query = new URLSearchParams();
  for (const filter of FILTERS) if (input[filter] !== undefined) query.set(filter, input[filter]);
  const api = await openApi(input);
  const page = await api.call<Page<AuditView>>({ method: 'GET', path: `/v1/audits?${query.toString()}` });
  console.log(input.json ? JSON.stringify(page, null, 2) : auditListText(page.items, page.next));
  return EXIT_OK;
}

export async function cancel({ id, ...options }: ApiOptions & { id: string }): Promise<number> {
  const api = await openApi(options);
  const audit = await api.call<AuditView>({ method: 'POST', path: pathOf(id, '/cancel') });
  console.log(options.json ? JSON.stringify(audit, null, 2) : auditText(audit));
  return EXIT_OK;
}
