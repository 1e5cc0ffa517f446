import { isDeepStrictEqual } from 'node:util';
import { planOrder } from '../../../flows/plan.ts';
import { TurnupError, type Fault } from '../../errors/index.ts';
import { keepSecrets, mergeFaults, parseOrder, splitSecrets, toPosted, type Order } from '../../orders/model/index.ts';
import type { StoredStep } from '../../orders/plan.ts';
import { peersOf } from '../../orders/accept.ts';
import { secretPaths, stepKind } from '../../platforms/port.ts';
import { madeUpFor } from '../../intake/made-up.ts';
import { platformFaults } from '../../intake/platform-faults.ts';
import { faultsOfDraft, type CheckDeps } from '../intake-check.ts';
import { changesBetween, faultPath, usesChange, type Change, type OrderParts } from './changes.ts';
import type { Doubts } from './doubt.ts';
import { mergeOrderPatch } from './merge-patch.ts';
import type { Current } from './stored-order.ts';

export interface MendedOrder {
  readonly parts: OrderParts;
  /** Keys of the secrets that Turnup made up. */
  readonly generated: readonly string[];
  readonly changes: readonly Change[];
  readonly plan: readonly StoredStep[];
}

type Posted = Record<string, unknown>;

const isObject = (value: unknown): value is Posted =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NOT_TO_BE_CHANGED = 'cannot be changed any more; cancel the order and place another one';

/** Members that say which order it is, and one whose time is over. */
const FIXED = ['target', 'action', 'externalId', 'notBefore'] as const;

/** Refuses changes of what is fixed and puts it back, so that everything else is checked as if nothing was wrong. */
function restoreFixed(patched: Posted, posted: Posted, faults: Fault[]): void {
  for (const name of FIXED) {
    if (isDeepStrictEqual(patched[name], posted[name])) continue;
    faults.push({ path: [name], message: NOT_TO_BE_CHANGED });
    if (posted[name] === undefined) delete patched[name];
    else patched[name] = posted[name];
  }
  const customer = posted['customer'];
  const given = patched['customer'];
  if (!isObject(customer)) {
    // An order of operations alone: whom it is for is what says in which line it stands.
    if (given !== undefined) faults.push({ path: ['customer'], message: NOT_TO_BE_CHANGED });
    delete patched['customer'];
    return;
  }
  if (isObject(given) && given['externalId'] === customer['externalId']) return;
  faults.push({ path: ['customer', 'externalId'], message: NOT_TO_BE_CHANGED });
  patched['customer'] = isObject(given) ? { ...given, externalId: customer['externalId'] } : customer;
}

const ITEM_LISTS = ['subscribers', 'operations', 'moves'] as const;

const idsOf = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);

/** Elements of a list that is given whole get the ids they would have got when the order was posted. */
function nameElements(patched: Posted, name: (typeof ITEM_LISTS)[number], ids: readonly string[]): void {
  const list = patched[name];
  if (!Array.isArray(list)) return;
  patched[name] = list.map((element: unknown, at) =>
    isObject(element) && element['id'] === undefined && ids[at] !== undefined ? { ...element, id: ids[at] } : element,
  );
}

/** The order as it would have to be posted anew. Secrets that are not spoken of stay: nobody can read and repeat them. */
function applyPatch({ order, parts }: Current, patch: Posted, faults: Fault[]): Posted {
  const posted = toPosted(order) as unknown as Posted;
  const patched = mergeOrderPatch(posted, patch);
  restoreFixed(patched, posted, faults);
  for (const name of ITEM_LISTS) nameElements(patched, name, idsOf(order[name] ?? []));
  const given = Object.keys(patch).filter((name) => Array.isArray(patch[name]));
  const unspoken = Object.entries(parts.secrets).filter(([key]) => given.includes(key.split('.', 1)[0]!));
  return keepSecrets(patched, Object.fromEntries(unspoken));
}

function setFaults(before: Order, after: Order): Fault[] {
  return ITEM_LISTS.flatMap((list): Fault[] => {
    const [was, is] = [idsOf(before[list] ?? []).toSorted(), idsOf(after[list] ?? []).toSorted()];
    if (!isDeepStrictEqual(was, is))
      return [{ path: [list], message: `must stay the same ones: ${was.join(', ') || 'none'}` }];
    // In whose line an order stands is settled when it is placed.
    if (list === 'moves' && !isDeepStrictEqual(peersOf(before), peersOf(after)))
      return [{ path: [list], message: 'must stay moves from the same customers' }];
    return [];
  });
}

/** Changes of what is done already, or may be. */
function stepFaults(current: Current, after: Order, changes: readonly Change[], doubts: Doubts): Fault[] {
  const { content, target } = current;
  return changes.flatMap((change) =>
    content.plan
      .filter((step) => usesChange(step, stepKind(target.platform, after.action, step.kind), change))
      .flatMap((step): Fault[] => {
        const path = faultPath(change.path, after);
        const state = content.steps[step.id]?.state;
        if (state === 'done' || state === 'skipped') {
          return [{ path, message: `belongs to step ${step.id}, which is ${state}` }];
        }
        // What was there before a change is known of its first write only.
        const doubtful =
          stepKind(target.platform, after.action, step.kind)?.nature === 'create' ? doubts.now : doubts.ever;
        if (!doubtful.has(step.id)) return [];
        const message = `belongs to step ${step.id}, and it is not known what an attempt of it did: retry the order, or undo it`;
        return [{ path, message }];
      }),
  );
}

/** What jobs and record know of a step, its title apart. */
const bones = ({ title: _title, ...step }: StoredStep): unknown => step;

/** A held order keeps its steps: their jobs wait in line already. */
function planFaults(before: readonly StoredStep[], after: readonly StoredStep[], order: Order): Fault[] {
  const fault = (step: StoredStep, message: string): Fault => {
    const list = order.operations.some(({ id }) => id === step.item) ? 'operations' : 'subscribers';
    return { path: faultPath(step.item === null ? ['customer'] : [list, step.item], order), message };
  };
  const known = new Map(before.map((step) => [step.id, step]));
  const left = new Map(after.map((step) => [step.id, step]));
  const added = after.filter(({ id }) => !known.has(id));
  const lost = before.filter(({ id }) => !left.has(id));
  const others = after.filter(
    (step) => known.has(step.id) && !isDeepStrictEqual(bones(step), bones(known.get(step.id)!)),
  );
  return [
    ...added.map((step) => fault(step, `would need the further step ${step.id}; place another order for it`)),
    ...lost.map((step) => fault(step, `would no longer need the step ${step.id}; leave it and skip the step`)),
    ...(added.length + lost.length > 0 ? [] : others.map((step) => fault(step, `would need another step ${step.id}`))),
  ];
}

/** Secrets nobody gave stay known as such, so that the client may still fetch them. */
function stillGenerated(current: Current, secrets: OrderParts['secrets'], fresh: readonly string[]): string[] {
  const kept = current.content.generated.filter((key) => secrets[key] === current.parts.secrets[key]);
  return [...new Set([...kept, ...fresh])];
}

/**
 * The held order with the patch in it, checked whole by the rules of intake and those of mending; every fault at once.
 *
 * @param doubts about steps that are not done
 * @throws TurnupError `TURNUP_INVALID_ORDER`
 */
export async function checkMend(
  deps: CheckDeps,
  current: Current,
  patch: Posted,
  doubts: Doubts,
): Promise<MendedOrder> {
  const { target, order: before } = current;
  const { platform } = target;
  const own: Fault[] = [];
  const patched = applyPatch(current, patch, own);
  const parsed = parseOrder(patched, {
    // A deadline that nobody speaks of may have passed: the order is held for that very reason.
    now: patched['deadline'] === before.deadline ? new Date(0) : new Date(),
    areaCodes: () => target.settings.areaCodes,
    maxSubscribers: deps.config.limits.subscribersPerOrder,
  });
  if (!parsed.ok) own.push(...parsed.faults);
  const order = parsed.ok ? parsed.order : parsed.draft;
  if (!order) throw new TurnupError('TURNUP_INVALID_ORDER', { faults: own });

  const { body, secrets: given } = splitSecrets(order, secretPaths(platform, target.settings));
  const fresh = madeUpFor(target, order);
  const parts = { body, secrets: { ...given, ...fresh } };
  const changes = changesBetween(current.parts, parts);
  const further = [
    ...setFaults(before, order),
    ...stepFaults(current, order, changes, doubts),
    ...(parsed.ok ? await platformFaults(target, order) : await faultsOfDraft(target, order, deps.log)),
  ];
  let faults = mergeFaults(own, further);
  const plan = faults.length > 0 ? [] : planOrder(platform, order);
  if (faults.length === 0) faults = planFaults(current.content.plan, plan, order);
  if (faults.length > 0) throw new TurnupError('TURNUP_INVALID_ORDER', { faults });
  return { parts, generated: stillGenerated(current, parts.secrets, Object.keys(fresh)), changes, plan };
}
