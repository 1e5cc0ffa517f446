import type { Faults, Path } from '../../check-faults.ts';
import type { Json } from '../../port.ts';
import { converterNamed, type Converter, type ConverterContext } from './converters.ts';
import type { CallSpec, Condition, Format, FoundRule, Member, Test } from './model.ts';
import { parsePointer, pointerFault, type Pointer } from './pointer.ts';
import type { ConditionShape, FoundShape } from './schema.ts';
import { parseTemplate, pathFault, placeholdersOf, type Template } from './template.ts';

/* The parts of which calls and their answers are told. Each names what is wrong with it and goes on. */

export interface Compiler {
  readonly faults: Faults;
  readonly context: ConverterContext;
  readonly converters: Map<string, Converter>;
  readonly format: Format;
}

export function compilePointer({ faults }: Compiler, text: string, path: Path): Pointer {
  const fault = pointerFault(text);
  faults.add(path, fault);
  return fault === null ? parsePointer(text) : [];
}

export function compileConverter({ faults, context, converters }: Compiler, name: string, path: Path): Converter {
  const converter = converterNamed(name, context);
  if (typeof converter !== 'string') {
    converters.set(name, converter);
    return converter;
  }
  faults.add(path, converter);
  return converterNamed('text', context) as Converter;
}

/** @param names what the text may name */
export function compileTemplate(compiler: Compiler, text: string, path: Path, names: readonly string[]): Template {
  const template = parseTemplate(text);
  if (typeof template === 'string') {
    compiler.faults.add(path, template);
    return [];
  }
  for (const { name, as } of placeholdersOf(template)) {
    if (!names.includes(name)) {
      compiler.faults.add(path, `names {${name}}, which is not known here; known are ${names.join(', ')}`);
    }
    if (as !== null) compileConverter(compiler, as, path);
  }
  return template;
}

/** Headers that are the client's business, or would carry a login past the profile's `auth`. */
const OWN_HEADERS =
  /^(?:host|content-length|content-type|transfer-encoding|connection|te|upgrade|expect|authorization|cookie|proxy-.*)$/i;

/** A token of RFC 9110 §5.6.2, so that no header can be put into another. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

export function headerFault(name: string): string | null {
  if (!HEADER_NAME.test(name)) return 'is no name of a header';
  return OWN_HEADERS.test(name) ? 'is set by Turnup itself' : null;
}

export interface CallShape {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly set?: Readonly<Record<string, Json>> | undefined;
  readonly format?: Format | undefined;
}

export function compileCall(compiler: Compiler, call: CallShape, path: Path, names: readonly string[]): CallSpec {
  const { faults } = compiler;
  const at = compileTemplate(compiler, call.path, [...path, 'path'], names);
  faults.add([...path, 'path'], at.length === 0 ? null : pathFault(at));
  const pairs = (member: 'query' | 'headers') =>
    Object.entries(call[member] ?? {}).map(
      ([name, text]) => [name, compileTemplate(compiler, text, [...path, member, name], names)] as const,
    );
  for (const name of Object.keys(call.headers ?? {})) faults.add([...path, 'headers', name], headerFault(name));
  const set = Object.entries(call.set ?? {}).map(([pointer, value]): Member => {
    const place = [...path, 'set', pointer];
    const to = compilePointer(compiler, pointer, place);
    return [to, typeof value === 'string' ? compileTemplate(compiler, value, place, names) : { is: value }];
  });
  if (call.method === 'GET' && set.length > 0) faults.add([...path, 'set'], 'has no place in a GET, which has no body');
  return {
    method: call.method,
    path: at,
    query: pairs('query'),
    headers: pairs('headers'),
    set,
    format: call.format ?? compiler.format,
  };
}

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

const TESTS = ['equals', 'not', 'in', 'present', 'empty'] as const;

type TestShape = Omit<ConditionShape, 'status'>;

function testOf({ equals, not, in: values, present }: TestShape): Test {
  if (equals !== undefined) return { kind: 'equals', value: equals };
  if (not !== undefined) return { kind: 'not', value: not };
  if (values !== undefined) return { kind: 'in', values };
  return present === undefined ? { kind: 'empty' } : { kind: 'present', is: present };
}

function compileTest(compiler: Compiler, shape: TestShape, path: Path): Condition['test'] {
  const given = TESTS.filter((test) => shape[test] !== undefined);
  if (shape.at === undefined) {
    if (given.length > 0) compiler.faults.add([...path, given[0]!], 'needs "at": what it looks at');
    return null;
  }
  if (given.length !== 1) {
    compiler.faults.add(
      [...path, 'at'],
      `needs one of ${TESTS.join(', ')}, not ${given.length === 0 ? 'none' : given.join(' and ')}`,
    );
  }
  return { at: compilePointer(compiler, shape.at, [...path, 'at']), is: testOf(shape) };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;
const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/**
 * @param success whether the conditions tell a success: then each names its statuses, and these are 2xx
 */
export function compileConditions(
  compiler: Compiler,
  shapes: ConditionShape | readonly ConditionShape[] | undefined,
  path: Path,
  success: boolean,
): Condition[] {
  const many = Array.isArray(shapes);
  return listOf<ConditionShape>(shapes).map((shape, at) => {
    const place = many ? [...path, at] : path;
    const statuses = shape.status === undefined ? null : listOf(shape.status);
    const test = compileTest(compiler, shape, place);
    if (statuses === null && shape.at === undefined) compiler.faults.add(place, 'needs a status or "at"');
    checkStatuses(compiler, statuses, place, success);
    return { statuses, test };
  });
}

function checkStatuses({ faults }: Compiler, statuses: readonly number[] | null, path: Path, success: boolean): void {
  const place = [...path, 'status'];
  if (success && statuses === null) faults.add(place, 'is required: a success is told by its status');
  if (success && statuses?.some((status) => !isSuccess(status))) faults.add(place, 'must be 200 to 299 for a success');
  if (!success && statuses?.some(isRedirect)) faults.add(place, 'must not be a redirect: none is followed');
}

export function compileFound(compiler: Compiler, shapes: FoundShape | readonly FoundShape[], path: Path): FoundRule[] {
  const many = Array.isArray(shapes);
  return listOf<FoundShape>(shapes).map((shape, at) => {
    const place = many ? [...path, at] : path;
    const statuses = listOf(shape.status);
    checkStatuses(compiler, statuses, place, true);
    return {
      statuses,
      test: shape.when === undefined ? null : compileTest(compiler, shape.when, [...place, 'when']),
      item: compilePointer(compiler, shape.at, [...place, 'at']),
      many: shape.many,
    };
  });
}
