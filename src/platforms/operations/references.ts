import { z } from 'zod';
import { TurnupError, type Fault } from '../../errors/index.ts';
import type { Path } from '../check-faults.ts';
import type { JsonObject, OperationOrder, StepContext, StepKind } from '../port.ts';
import type { OperationSpec } from './spec.ts';

/*
 * An id that the platform makes is not known when an order is written. Where an argument is such an id, an order may name
 * an earlier operation of its own instead, `{ "from": "<id of the operation>" }`; the step puts in what that one made.
 */

/** An argument in whose place an operation is named. */
interface Reference {
  readonly path: Path;
  /** Id of the operation. */
  readonly from: string;
  /** Member of that operation's result. */
  readonly made: string;
}

const REFERENCES = z.registry<Pick<Reference, 'made'>>();

/**
 * An id, or the name of an earlier operation that makes it.
 * @param made member of that operation's result
 */
export const madeBefore = (made: string, id: z.ZodType): z.ZodType =>
  z
    .union([id, z.strictObject({ from: z.string() })], {
      error: 'must be an id, or { "from": … } with the id of an earlier operation of this order',
    })
    .register(REFERENCES, { made });

/** The value with every reference in it replaced; as it is where there is none. */
function replaced(schema: z.ZodType, value: unknown, by: (reference: Reference) => unknown, path: Path = []): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return replaced(schema.unwrap() as z.ZodType, value, by, path);
  }
  const reference = REFERENCES.get(schema);
  if (reference) {
    const from: unknown = isObject(value) ? value['from'] : undefined;
    return typeof from === 'string' ? by({ path, from, ...reference }) : value;
  }
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((one, index) => replaced(schema.element as z.ZodType, one, by, [...path, index]));
  }
  if (!(schema instanceof z.ZodObject) || !isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    const shape: unknown = (schema.shape as z.ZodRawShape)[name];
    return [name, shape ? replaced(shape as z.ZodType, member, by, [...path, name]) : member];
  });
  return Object.fromEntries(members);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** All references in the arguments of an operation. */
function referencesIn(schema: z.ZodType, args: JsonObject): Reference[] {
  const found: Reference[] = [];
  replaced(schema, args, (reference) => found.push(reference));
  return found;
}

type SpecOf = (service: string, operation: string) => Pick<OperationSpec<never>, 'args' | 'makes'> | undefined;

/** What is wrong with the references of an order's operations: each names one before it that makes such an id. */
export function referenceFaults(operations: readonly OperationOrder[], specOf: SpecOf): Fault[] {
  return operations.flatMap(({ service, operation, args }, index): Fault[] => {
    const spec = specOf(service, operation);
    if (!spec) return [];
    return referencesIn(spec.args, args).flatMap(({ path, from, made }): Fault[] => {
      const fault = (message: string): Fault[] => [{ path: ['operations', index, 'args', ...path, 'from'], message }];
      const named = operations.slice(0, index).find(({ id }) => id === from);
      if (!named) return fault('must be the id of an operation before this one');
      const known = specOf(named.service, named.operation);
      return known && known.makes !== made ? fault(`names an operation whose result has no ${made}`) : [];
    });
  });
}

/** Ids of operations without whose objects there is none of this one. */
export const operationsAround = ({ args: schema, liesIn = [] }: OperationSpec<never>, args: JsonObject): string[] => [
  ...new Set(
    referencesIn(schema, args)
      .filter(({ path }) => liesIn.includes(String(path.at(-1))))
      .map(({ from }) => from),
  ),
];

/** The step of an operation that sees ids in the place of references. */
export function resolving<Client>({ args: schema, step }: OperationSpec<Client>): StepKind<Client> {
  type Context = StepContext<Client>;
  const resolved = <T extends Context>(ctx: T, idOf: (ctx: Context, reference: Reference) => unknown): T => {
    if (!ctx.operation) return ctx;
    const args = replaced(schema, ctx.operation.args, (reference) => idOf(ctx, reference)) as JsonObject;
    return { ...ctx, operation: { ...ctx.operation, args } };
  };
  const { discard, tidy } = step;
  return {
    ...step,
    find: (ctx) => step.find(resolved(ctx, neededId)),
    do: (ctx, finding) => step.do(resolved(ctx, neededId), finding),
    undo: (ctx) => step.undo(resolved(ctx, neededId)),
    ...(discard && {
      discard: (ctx: Context, made, recorded) => discard(resolved(ctx, neededId), made, recorded),
    }),
    // Of an order that was undone nothing is known of what the others made; nor is it asked for then.
    ...(tidy && { tidy: (ctx: Context, recorded) => tidy(resolved(ctx, idIfNeeded), recorded) }),
  };
}

function idIfNeeded({ needs }: Pick<StepContext, 'needs'>, { from, made }: Reference): unknown {
  const results = Object.entries(needs).filter(([id]) => id.startsWith(`${from}.`));
  return results.map(([, { result }]) => result[made]).find((value) => value !== undefined);
}

function neededId(ctx: Pick<StepContext, 'needs'>, reference: Reference): unknown {
  const id = idIfNeeded(ctx, reference);
  if (id !== undefined) return id;
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
    detail: `the step lacks the ${reference.made} of operation ${reference.from}`,
  });
}
