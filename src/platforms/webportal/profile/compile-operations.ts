import type { Path } from '../../check-faults.ts';
import {
  compileCall,
  compileConditions,
  compileFound,
  compilePointer,
  type CallShape,
  type Compiler,
} from './compile-calls.ts';
import type { Jobs, Operation, Paging } from './model.ts';
import { infoOf, OPERATION_NAMES, type OperationName } from './operations.ts';
import type { ConditionShape, FoundShape, PagingShape, ProfileShape } from './schema.ts';

/** Members that operations of some nature have. */
interface OperationShape extends CallShape {
  readonly body?: string | undefined;
  readonly send?: 'changed' | 'whole';
  readonly found?: FoundShape | readonly FoundShape[];
  readonly done?: ConditionShape | readonly ConditionShape[];
  readonly absent?: ConditionShape | readonly ConditionShape[] | undefined;
  readonly exists?: ConditionShape | readonly ConditionShape[] | undefined;
  readonly id?: string | undefined;
  readonly ticket?: string | undefined;
  readonly paging?: PagingShape | undefined;
  readonly repeat?: 'unsafe' | 'idempotent';
  readonly children?: 'refused' | 'taken-along' | undefined;
  readonly show?: Readonly<Record<string, string>> | undefined;
}

export function compileOperations(
  compiler: Compiler,
  shapes: ProfileShape['operations'],
): Map<OperationName, Operation> {
  const operations = new Map<OperationName, Operation>();
  for (const name of OPERATION_NAMES) {
    const shape = shapes[name] as OperationShape | undefined;
    if (shape !== undefined) operations.set(name, compileOperation(compiler, name, shape));
  }
  return operations;
}

function compileOperation(compiler: Compiler, name: OperationName, shape: OperationShape): Operation {
  const { faults } = compiler;
  const path = ['operations', name];
  const info = infoOf(name);
  if (shape.body !== undefined && shape.body !== info.object) {
    faults.add([...path, 'body'], `must be ${info.object}: it sends its own fields`);
  }
  if (shape.body !== undefined && shape.method === 'GET') faults.add([...path, 'body'], 'has no place in a GET');
  if (shape.send === 'whole' && shape.body === undefined) faults.add([...path, 'send'], 'needs "body"');
  const conditions = (member: 'done' | 'absent' | 'exists') =>
    compileConditions(compiler, shape[member], [...path, member], member === 'done');
  return {
    ...compileCall(compiler, shape, path, info.names),
    name,
    info,
    sendsFields: shape.body !== undefined,
    send: shape.send ?? 'changed',
    found: shape.found === undefined ? [] : compileFound(compiler, shape.found, [...path, 'found']),
    done: conditions('done'),
    absent: conditions('absent'),
    exists: conditions('exists'),
    id: compileId(compiler, shape.id, name, [...path, 'id']),
    ticket: shape.ticket === undefined ? null : compilePointer(compiler, shape.ticket, [...path, 'ticket']),
    paging: compilePaging(compiler, shape.paging, [...path, 'paging']),
    repeat: shape.repeat ?? 'unsafe',
    children: shape.children ?? null,
    show: Object.entries(shape.show ?? {}).map(
      ([member, pointer]) => [member, compilePointer(compiler, pointer, [...path, 'show', member])] as const,
    ),
  };
}

function compileId(compiler: Compiler, id: string | undefined, name: OperationName, path: Path): Operation['id'] {
  if (id === undefined) return null;
  if (id !== 'header:location') return compilePointer(compiler, id, path);
  if (infoOf(name).nature !== 'create') compiler.faults.add(path, 'can be header:location of a create only');
  return 'location';
}

function compilePaging(compiler: Compiler, paging: OperationShape['paging'], path: Path): Paging | null {
  if (paging === undefined) return null;
  if (paging.kind === 'cursor') return { ...paging, next: compilePointer(compiler, paging.next, [...path, 'next']) };
  return { ...paging, sizeParam: paging.sizeParam ?? null };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(duration: string): number {
  const [, count = '', unit = ''] = /^(\d+)(\w+)$/.exec(duration) ?? [];
  return Number(count) * (UNITS[unit] ?? 0);
}

export function compileJobs(compiler: Compiler, jobs: ProfileShape['jobs']): Jobs | null {
  if (jobs === undefined) return null;
  const { poll } = jobs;
  const path = ['jobs', 'poll'];
  const conditions = (member: 'pending' | 'done' | 'failed') =>
    compileConditions(compiler, poll[member], [...path, member], member !== 'failed');
  const everyMs = milliseconds(jobs.every);
  const forMs = milliseconds(jobs.for);
  if (forMs < everyMs) compiler.faults.add(['jobs', 'for'], 'must not be shorter than "every"');
  return {
    poll: compileCall(compiler, poll, path, ['ticket']),
    pending: conditions('pending'),
    done: conditions('done'),
    failed: conditions('failed'),
    result: compilePointer(compiler, poll.result, [...path, 'result']),
    text: poll.text === undefined ? null : compilePointer(compiler, poll.text, [...path, 'text']),
    everyMs,
    forMs,
  };
}
