import { TurnupError } from '../../errors/index.ts';
import type { Json, Stage, TargetSettings } from '../port.ts';
import { companyKey } from './order/company.ts';
import { numberOf, userFields } from './order/user.ts';
import type { Operation } from './profile/model.ts';
import type { OperationName } from './profile/operations.ts';
import { keyFieldOf } from './profile/rules.ts';
import type { WebportalSettings } from './settings.ts';
import type { Owner } from './steps/common.ts';
import type { Item, WebportalClient } from './types.ts';
import { bodyOf } from './wire/bodies.ts';
import { buildCall } from './wire/request.ts';
import { writeFields, type Values } from './wire/values.ts';

/** Records writes instead of sending them; see `Stage` for who answers reads. */
export function rehearse(
  { native }: TargetSettings<WebportalSettings>,
  stage: Stage<WebportalClient>,
): WebportalClient {
  const { profile, office } = native;
  const { target, order, numberFor } = stage;
  /** What is there, by the operation that finds it. */
  const world = new Map<string, { item: Item; key: Json | undefined }[]>();

  const isThere = order.action !== 'provision';
  if (isThere || order.customer.contact === undefined) {
    put('company', String(numberFor('companyId')), {
      [profile.keys.company]: companyKey(order, profile),
      status: 'active',
    });
  }
  for (const one of isThere ? order.subscribers : []) {
    const names = { ...userFields(one), number: numberOf(one, profile), status: 'active' };
    put('user', String(numberFor(`${one.id}.userId`)), names);
  }

  function put(owner: Owner, id: string, values: Values): void {
    const document = writeFields(profile.fields[owner], values);
    const entry = { item: { id, document }, key: values[keyFieldOf(profile, owner)] };
    world.set(owner, [...(world.get(owner) ?? []), entry]);
  }

  function record(operation: Operation, names: Values, document: unknown): void {
    const { method, path, document: body } = buildCall(profile, operation, names, document);
    stage.record({ method, path, ...(body !== undefined && { body }) });
  }

  function recall(name: OperationName, names: Values): readonly Item[] {
    const [owner = '', verb] = name.split('.');
    // Of what hangs on a user nothing is set.
    if (verb === 'get') return [{ id: '', document: {} }];
    if (verb !== 'find' || !isOwner(owner)) return [];
    return (world.get(owner) ?? []).filter(({ key }) => key === keyIn(owner, names)).map(({ item }) => item);
  }

  const operationNamed = (name: OperationName): Operation => {
    const operation = profile.operations.get(name);
    if (operation) return operation;
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
      detail: `the profile "${profile.title}" does not map ${name}`,
    });
  };

  return {
    profile,
    office,
    has: (name) => profile.operations.has(name),
    pause: () => Promise.resolve(),
    find: (name, names) => (target ? target.find(name, names) : Promise.resolve(recall(name, names))),
    async create(name, names, fields) {
      const operation = operationNamed(name);
      record(operation, names, bodyOf(operation, profile, { fields }));
      const owner = name.split('.', 1)[0] as Owner;
      // Told by the answer, or by the look after it; where the portal has no ids, the key is one.
      const hasId = operation.id !== null || (profile.operations.get(`${owner}.find`)?.id ?? null) !== null;
      const id = hasId ? String(numberFor(`${owner}Id`)) : String(keyIn(owner, names) ?? '');
      put(owner, id, { ...fields, status: 'active' });
      return { kind: 'made', id };
    },
    async change(name, names, change = {}) {
      const operation = operationNamed(name);
      record(operation, names, bodyOf(operation, profile, change));
      return 'done';
    },
  };
}

const isOwner = (name: string): name is Owner => name === 'company' || name === 'office' || name === 'user';

const keyIn = (owner: Owner, names: Values): Json | undefined =>
  ({ company: names['companyKey'], office: names['officeName'], user: names['userKey'] })[owner];
