import type { OrderContent } from '../../port.ts';
import { checkCallable, checkNamedCompany, checkNamedUser } from './named.ts';
import type { About } from './needs.ts';

/** Orders that suspend or resume. */
export function checkStatusChange(order: OrderContent, about: About): void {
  const verb = order.action === 'suspend' ? 'suspend' : 'resume';
  checkNamedCompany(order, about);
  if (order.subscribers.length === 0) about.needs.operation(`company.${verb}`, ['customer']);
  for (const [index, subscriber] of order.subscribers.entries()) {
    const path = ['subscribers', index];
    checkNamedUser(subscriber, path, about);
    checkCallable(`user.${verb}`, path, about);
  }
}

export function checkTermination(order: OrderContent, about: About): void {
  const { needs, profile } = about;
  checkNamedCompany(order, about);
  for (const [index, subscriber] of order.subscribers.entries()) {
    const path = ['subscribers', index];
    checkNamedUser(subscriber, path, about);
    checkCallable('user.remove', path, about);
  }
  if (order.subscribers.length > 0) return;
  const path = ['customer'];
  needs.operation('company.remove', path);
  if (profile.operations.get('company.remove')?.children === 'taken-along') return;
  for (const name of ['user.list', 'user.remove', 'office.list', 'office.remove'] as const) needs.operation(name, path);
}
