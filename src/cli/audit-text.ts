import colours from 'picocolors';
import type { AuditView, Finding, FindingState } from '../audits/audit.ts';
import { FINDING_STATES } from '../audits/audit.ts';
import { tableLines } from './table.ts';

/* Audits as a person reads them in a terminal. */

/** How far it is, in one line. */
export function progressText({ state, waitsFor, progress, counts }: AuditView): string {
  const told = FINDING_STATES.filter((one) => counts[one] > 0).map((one) => `${counts[one]} ${one}`);
  const waits = waitsFor === null ? [] : [`waits for the ${waitsFor === 'target' ? 'target' : 'orders'}`];
  return [`${state} ${progress.checked}/${progress.total}`, ...waits, ...told].join('  ');
}

const COLOURS: Partial<Record<FindingState, (text: string) => string>> = {
  same: colours.green,
  differs: colours.yellow,
  missing: colours.red,
  foreign: colours.magenta,
};

const nameOf = ({ subscriber }: Finding): string =>
  subscriber === null ? '(the customer)' : `${subscriber.username}@${subscriber.domain}`;

export function findingsText(findings: readonly Finding[]): string {
  const rows = findings.map((one) => [
    one.customer,
    nameOf(one),
    one.state,
    [one.members.join(', '), one.why, one.order && `order ${one.order}`].filter(Boolean).join('  '),
  ]);
  const lines = tableLines(rows);
  return findings.map(({ state }, at) => (COLOURS[state] ?? colours.dim)(lines[at] ?? '')).join('\n');
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export function auditText(audit: AuditView): string {
  const { id, target, customers, repair, by, orders, error } = audit;
  const whom = customers === null ? 'all customers' : countOf(customers.length, 'customer');
  return [
    `${colours.bold(`audit ${id}`)}  ${progressText(audit)}`,
    `${target}, ${whom}${repair ? ', repairing' : ''}, for ${by}${orders > 0 ? `; ${countOf(orders, 'order')} placed` : ''}`,
    ...(error ? [colours.red(error.detail ?? error.title)] : []),
  ].join('\n');
}

export function auditListText(audits: readonly AuditView[], next: string | null): string {
  if (audits.length === 0) return 'no audits';
  const rows = audits.map((audit) => [audit.id, audit.target, audit.createdAt, audit.by, progressText(audit)]);
  const more = next === null ? [] : ['', `more: --cursor ${next}`];
  return [...tableLines([['AUDIT', 'TARGET', 'CREATED', 'BY', 'STATE'], ...rows]), ...more].join('\n');
}

/** Whether the target has all that it should, and nothing else. */
export const isClean = ({ state, counts }: AuditView): boolean =>
  state === 'completed' && FINDING_STATES.every((one) => one === 'same' || counts[one] === 0);
