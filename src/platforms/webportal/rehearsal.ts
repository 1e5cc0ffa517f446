import type { Stage, TargetSettings } from '../port.ts';
import { companyKey } from './order/company.ts';
import { numberOf } from './order/user.ts';
import type { OperationName } from './profile/operations.ts';
import { keyFieldOf } from './profile/rules.ts';
import type { WebportalSettings } from './settings.ts';
import type { Item, WebportalClient } from './types.ts';
import { bodyOf } from './wire/bodies.ts';
import { buildCall } from './wire/request.ts';
import { writeFields, type Values } from './wire/values.ts';

/** Records writes instead of sending them; see `Stage` for who answers reads. */
export function rehearse({ native }: TargetSettings<WebportalSettings>, stage: Stage<WebportalClient>): WebportalClient {
  const { profile, office } = native;
  const { target, order, numberFor } = stage;
  /** What is there, by the operation that finds it. */
  const world = new Map<string, Item[]>();

  const isThere = order.action !== 'provision';
  if (isThere || order.customer.contact === undefined) {
    const key = companyKey(order, profile);
    put('company.find', String(numberFor('companyId')), { [profile.keys.company]: key, status: 'active' });
  }
  if (isThere) {
    for (const one of order.subscribers) {
      const names = { number: numberOf(one, profile), username: one.username, domain: one.domain, status: 'active' };
      put('user.find', String(numberFor(`${one.id}.userId`)), names);
    }
  }

  function put(operation: OperationName, id: string, values: Values): void {
    const [owner] = operation.split('.') as ['company' | 'office' | 'user'];
    const document = writeFields(profile.fields[owner], values);
    world.set(operation, [...(world.get(operation) ?? []), { id, document }]);
  }

  function record(name: OperationName, names: Values, document: unknown): void {
    const operation = profile.operations.get(name);
    if (!operation) return;
    const { method, path, document: body } = buildCall(profile, operation, names, document);
    stage.record({ method, path, ...(body !== undefined && { body }) });
  }

  function recall(name: OperationName, names: Values): readonly Item[] {
    const [owner, verb] = name.split('.');
    // Of what hangs on a user nothing is set.
    if (verb === 'get') return [{ id: '', document: {} }];
    if (owner !== 'company' && owner !== 'office' && owner !== 'user') return [];
    if (verb !== 'find') return [];
    const key = { company: names['companyKey'], office: names['officeName'], user: names['userKey'] }[owner];
    const field = profile.fields[owner].get(keyFieldOf(profile, owner));
    const wanted = field && key !== undefined ? JSON.stringify(writeFields(new Map([[field.name, field]]), { [field.name]: key })) : null;
    return (world.get(name) ?? []).filter(({ document }) => {
      if (!field || wanted === null) return true;
      const own = writeFields(new Map(), {}, document);
      return JSON.stringify(own).includes(wanted.slice(1, -1).replace(/^.*\{/, ''));
    });
  }

  return {
    profile,
    office,
    has: (name) => profile.operations.has(name),
    pause: () => Promise.resolve(),
    find: (name, names) => (target ? target.find(name, names) : Promise.resolve(recall(name, names))),
    async create(name, names, fields) {
      const operation = profile.operations.get(name);
      if (!operation) return { kind: 'made', id: null };
      const document = bodyOf(operation, profile, { fields });
      record(name, names, document);
      const [owner = ''] = name.split('.');
      const id = operation.id === null ? keyOf(owner, names) : String(numberFor(`${owner}Id`));
      put(`${owner}.find` as OperationName, id, { ...fields, status: 'active' });
      return { kind: 'made', id };
    },
    async change(name, names, change = {}) {
      const operation = profile.operations.get(name);
      if (operation) record(name, names, bodyOf(operation, profile, change));
      return 'done';
    },
  };
}

function keyOf(owner: string, names: Values): string {
  const key = { company: names['companyKey'], office: names['officeName'], user: names['userKey'] }[owner];
  return typeof key === 'string' ? key : '';
}
