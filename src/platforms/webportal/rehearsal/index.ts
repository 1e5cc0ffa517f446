import { TurnupError } from '../../../errors/index.ts';
import type { Json, Stage, TargetSettings } from '../../port.ts';
import { companyKey } from '../order/company.ts';
import { userKey, type GroupName } from '../order/user.ts';
import type { Operation } from '../profile/model.ts';
import { infoOf, type OperationName } from '../profile/operations.ts';
import { keyFieldOf } from '../profile/rules.ts';
import type { WebportalSettings } from '../settings.ts';
import type { Owner } from '../steps/common.ts';
import type { Change, Item, WebportalClient } from '../types.ts';
import { bodyOf } from '../wire/bodies.ts';
import { buildCall } from '../wire/request.ts';
import { writeFields, type Values } from '../wire/values.ts';
import { createImagination, ID_NAMES, isKept, type Entry, type Kept } from './imagined.ts';
import { plainText } from '../text.ts';

/** Records writes instead of sending them; see `Stage` for who answers reads. */
export function rehearse(
  { native }: TargetSettings<WebportalSettings>,
  stage: Stage<WebportalClient>,
): WebportalClient {
  const { profile, office, domain = '' } = native;
  const { target, order, numberFor } = stage;
  const world: Record<Kept, Entry[]> = { company: [], office: [], user: [], wlr: [], antifraud: [] };

  const isThere = order.action !== 'provision';
  const imagination = createImagination(stage, profile);
  if (!target && order.operations.length > 0) imagineOperations();
  else if (!target && (isThere || order.customer.contact === undefined)) imagine();

  /** An operation may be about what one before it makes or changes. */
  function imagineOperations(): void {
    const made = order.operations.filter(({ operation }) => operation === 'create').map(({ args }) => args['number']);
    for (const one of order.operations) {
      for (const [kept, entry] of imagination.ofOperation(one)) {
        const isKnown =
          world[kept].some(({ key }) => key === entry.key) || (kept === 'wlr' && made.includes(entry.key));
        if (!isKnown) world[kept].push(entry);
      }
    }
  }

  function imagine(): void {
    const company = imagination.company();
    world.company.push({ item: company, key: companyKey(order, profile), groups: {} });
    for (const one of isThere ? order.subscribers : []) {
      const { groups, ...item } = imagination.user(one, company.id);
      world.user.push({ item, key: userKey(one, profile), username: one.username, groups });
    }
  }

  function record(operation: Operation, names: Values, document: unknown): void {
    const { method, path, document: body } = buildCall(profile, operation, names, document);
    stage.record({ method, path, ...(body !== undefined && { body }) });
  }

  function recall(name: OperationName, names: Values): readonly Item[] {
    const { object, nature } = infoOf(name);
    if (nature === 'read') {
      const user = world.user.find(({ item }) => item.id === names['userId']);
      return [{ id: '', document: user?.groups[object as GroupName] ?? {} }];
    }
    if (object === null || !isKept(object)) return [];
    const isListed = (entry: Entry): boolean => {
      if (name.endsWith('.list')) return true;
      return name === 'user.named' ? entry.username === names['username'] : entry.key === keyIn(object, names);
    };
    return world[object].filter(isListed).map(({ item }) => item);
  }

  /** Of what the target shows, an undo would send secrets back. */
  function withoutSecrets({ info }: Operation, raw: NonNullable<Change['raw']>): Record<string, unknown> {
    const fields = info.object === null ? null : profile.fields[info.object];
    return Object.fromEntries(
      Object.entries(raw).map(([name, value]) => {
        const isHidden = fields?.get(name)?.isSecret === true && value !== null;
        return [name, isHidden ? stage.secret() : value];
      }),
    );
  }

  /** What a change means for looks that come after it. */
  function remember(name: OperationName, names: Values): void {
    const [owner = '', verb = ''] = name.split('.');
    if (!isKept(owner)) return;
    const isMeant = ({ item }: Entry): boolean => item.id === names[ID_NAMES[owner]];
    if (verb === 'remove') world[owner] = world[owner].filter((entry) => !isMeant(entry));
    const status = { suspend: 'suspended', resume: 'active' }[verb];
    if (status === undefined) return;
    world[owner] = world[owner].map((entry) => {
      if (!isMeant(entry)) return entry;
      const document = writeFields(profile.fields[owner], { status }, structuredClone(entry.item.document));
      return { ...entry, item: { ...entry.item, document } };
    });
  }

  const operationNamed = (name: OperationName): Operation => {
    const operation = profile.operations.get(name);
    if (operation) return operation;
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
      class: 'rejected',
      detail: `the profile "${profile.title}" does not map ${name}`,
    });
  };

  return {
    profile,
    office,
    domain,
    has: (name) => profile.operations.has(name),
    pause: () => Promise.resolve(),
    find: (name, names) => (target ? target.find(name, names) : Promise.resolve(recall(name, names))),
    async create(name, names, fields) {
      const operation = operationNamed(name);
      record(operation, names, bodyOf(operation, profile, { fields }));
      const owner = name.split('.', 1)[0] as Owner | 'wlr';
      // Told by the answer, or by the look after it; where the portal has no ids, the key is one.
      const hasId = operation.id !== null || (profile.operations.get(`${owner}.find`)?.id ?? null) !== null;
      const id = hasId ? plainText(numberFor(ID_NAMES[owner])) : plainText(keyIn(owner, names) ?? '');
      const document = writeFields(profile.fields[owner], { ...fields, status: 'active' });
      world[owner].push({
        item: { id, document },
        key: (owner === 'wlr' ? undefined : fields[keyFieldOf(profile, owner)]) ?? keyIn(owner, names),
        username: fields['username'],
        groups: {},
      });
      return { kind: 'made', id };
    },
    async change(name, names, change = {}) {
      const operation = operationNamed(name);
      const raw = change.raw && withoutSecrets(operation, change.raw);
      record(operation, names, bodyOf(operation, profile, { ...change, ...(raw && { raw }) }));
      remember(name, names);
      return 'done';
    },
  };
}

const KEY_NAMES: Readonly<Record<Kept, string>> = {
  company: 'companyKey',
  office: 'officeName',
  user: 'userKey',
  wlr: 'number',
  antifraud: 'number',
};

const keyIn = (kept: Kept, names: Values): Json | undefined => names[KEY_NAMES[kept]];
