import { createFaults, type Faults } from '../../check-faults.ts';
import type { Fault } from '../../../errors/index.ts';
import { compileAuth } from './compile-auth.ts';
import { compileConditions, compilePointer, headerFault, type Compiler } from './compile-calls.ts';
import { compileFields } from './compile-fields.ts';
import { compileJobs, compileOperations } from './compile-operations.ts';
import { datePatternFault } from './dates.ts';
import type { ErrorRule, Profile } from './model.ts';
import { readAt } from './pointer.ts';
import { checkRules } from './rules.ts';
import { withoutFaulty } from './prune.ts';
import { profileShape, type ProfileShape } from './schema.ts';
import { isEscape } from './template.ts';

export interface Compiled {
  /** Null where there are faults. */
  readonly profile: Profile | null;
  readonly faults: readonly Fault[];
}

/** A profile from what a file holds, with every fault of it: what cannot be read hides nothing of the rest. */
export function compileProfile(value: unknown): Compiled {
  const faults = createFaults();
  const parsed = profileShape.safeParse(value);
  addShapeFaults(faults, parsed.error?.issues ?? [], value);
  const shape = parsed.data ?? profileShape.safeParse(withoutFaulty(value, pathsOf(faults))).data;
  if (!shape) return { profile: null, faults: faults.list };
  const parts = createFaults();
  const profile = compile(shape, parts);
  const whole = createFaults();
  if (!isPruned(faults)) checkRules(profile, whole);
  // What follows from a part that cannot be read says nothing new.
  const unread = new Set(pathsOf(parts).map((path) => path.slice(0, 2).join('.')));
  const more = whole.list.filter(({ path }) => !unread.has(path.slice(0, 2).join('.')));
  const all = [...faults.list, ...parts.list, ...more];
  return { profile: all.length === 0 ? profile : null, faults: all };
}

const pathsOf = ({ list }: Faults) => list.map(({ path }) => path);

/** Whether something was left out that others count on. */
const isPruned = (faults: Faults): boolean =>
  pathsOf(faults).some(
    ([section]) => section === undefined || ['operations', 'fields', 'jobs', 'keys', 'auth'].includes(String(section)),
  );

function compile(shape: ProfileShape, faults: Faults): Profile {
  const { defaults, keys } = shape;
  const context = { dates: defaults.dates, countryCode: defaults.countryCode, values: shape.values };
  const compiler: Compiler = { faults, context, converters: new Map(), format: defaults.format };
  faults.add(['defaults', 'dates'], datePatternFault(defaults.dates));
  for (const name of Object.keys(defaults.headers)) faults.add(['defaults', 'headers', name], headerFault(name));
  faults.add(['basePath'], basePathFault(shape.basePath ?? ''));
  return {
    title: shape.title,
    verifiedAgainst: shape.verifiedAgainst,
    basePath: shape.basePath ?? '',
    accept: defaults.accept,
    countryCode: defaults.countryCode,
    headers: defaults.headers,
    keys,
    auth: compileAuth(compiler, shape.auth),
    operations: compileOperations(compiler, shape.operations),
    jobs: compileJobs(compiler, shape.jobs),
    fields: compileFields(compiler, shape),
    values: shape.values,
    secrets: shape.secret,
    errors: shape.errors.map((error, index) => compileError(compiler, error, index)),
    converters: compiler.converters,
  };
}

function basePathFault(path: string): string | null {
  if (path === '') return null;
  if (!/^(?:\/[A-Za-z0-9._~-]+)+$/.test(path)) return 'must be a path such as /api, without a slash at its end';
  return isEscape(path) ? 'must not have "." or ".." as a part' : null;
}

function compileError(compiler: Compiler, shape: ProfileShape['errors'][number], index: number): ErrorRule {
  const { class: errorClass, on = null, text, hint = null, ...condition } = shape;
  const path = ['errors', index];
  const [compiled] = compileConditions(compiler, condition, path, false);
  return {
    ...compiled!,
    class: errorClass,
    on,
    text: text === undefined ? null : compilePointer(compiler, text, [...path, 'text']),
    hint,
  };
}

/** Unknown members one by one, each by its own path; of alternatives what is wrong with the one that was meant. */
function addShapeFaults(
  faults: Faults,
  issues: readonly Issue[],
  root: unknown,
  before: readonly (string | number)[] = [],
): void {
  for (const issue of issues) {
    const path = [...before, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys ?? []) faults.add([...path, key], 'is not known here');
    } else if (issue.code === 'invalid_union' && issue.errors?.length) {
      addShapeFaults(faults, meant(issue.errors), root, path);
    } else if (issue.code === 'invalid_key' && issue.issues?.length) {
      for (const { message } of issue.issues) faults.add(path, `the name ${message}`);
    } else {
      faults.add(path, readAt(root, path.map(String)) === undefined ? 'is required' : issue.message);
    }
  }
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
  readonly issues?: readonly Issue[];
}

/** Of several forms that a value may have, the one that it comes nearest to: what fits deeper was meant. */
function meant(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (issues: readonly Issue[]): number => {
    const isOther = issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
    return isOther ? -1 : Math.max(...issues.map(({ path }) => path.length));
  };
  return alternatives.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
}
