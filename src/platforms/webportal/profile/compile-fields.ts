import type { Path } from '../../check-faults.ts';
import { compileConverter, compilePointer, type Compiler } from './compile-calls.ts';
import { FIELDS, FREE_OBJECTS, NUMBER_FIELDS, SECRET_FIELDS, STATUSES, WITH_NATIVE } from './fields.ts';
import type { Field, Fields, Profile } from './model.ts';
import { OBJECTS, type ObjectName } from './operations.ts';
import { pointerText } from './pointer.ts';
import type { FieldShape, ProfileShape } from './schema.ts';

function typeOf(object: ObjectName, name: string): string | undefined {
  if (object === 'services') return undefined;
  return object === 'wlr' || object === 'antifraud' ? NUMBER_FIELDS[name] : FIELDS[object][name];
}

function compileField(
  compiler: Compiler,
  object: ObjectName,
  name: string,
  shape: FieldShape,
  path: Path,
  secret: boolean,
): Field {
  const {
    at,
    as = 'text',
    list,
    empty = null,
    required = false,
    max,
  } = typeof shape === 'string' ? { at: shape } : shape;
  const type = typeOf(object, name);
  if (type === 'telephones' && list === undefined) compiler.faults.add(path, 'needs "list": there may be several');
  if (type !== 'telephones' && type !== undefined && list !== undefined) compiler.faults.add(path, 'is no list');
  const isNumber = type === 'telephone' || type === 'telephones';
  if (isNumber && !['e164', 'digits', 'national'].includes(as)) {
    compiler.faults.add(path, 'is a telephone number: as must be e164, digits or national');
  }
  if (['profile', 'status'].includes(name) && type !== undefined && !as.startsWith('enum:')) {
    compiler.faults.add(path, "needs as: enum:<list>, since the portal's words are not ours");
  }
  if (at === '') compiler.faults.add(path, 'must not be the whole document');
  return {
    name,
    at: compilePointer(compiler, at, typeof shape === 'string' ? path : [...path, 'at']),
    converter: compileConverter(compiler, as, typeof shape === 'string' ? path : [...path, 'as']),
    list: list ?? null,
    empty,
    required,
    max: max ?? null,
    isSecret: secret,
  };
}

export function compileFields(compiler: Compiler, shape: ProfileShape): Profile['fields'] {
  const entries = OBJECTS.map((object): [ObjectName, Fields] => {
    const fields = new Map<string, Field>();
    const add = (name: string, given: FieldShape, path: Path, label: string): void => {
      const isSecret = SECRET_FIELDS.includes(label) || shape.secret.includes(label);
      const field = compileField(compiler, object, name, given, path, isSecret);
      const same = [...fields.values()].find((other) => pointerText(other.at) === pointerText(field.at));
      if (same) compiler.faults.add(path, `is at ${pointerText(field.at)}, where ${same.name} is`);
      fields.set(name, field);
    };
    for (const [name, field] of Object.entries(shape.fields[object] ?? {})) {
      if (field !== undefined) add(name, field, ['fields', object, name], `${object}.${name}`);
    }
    for (const owner of WITH_NATIVE) {
      if (owner !== object) continue;
      for (const [name, field] of Object.entries(shape.native[owner] ?? {})) {
        if (name === 'office') compiler.faults.add(['native', owner, name], 'is taken: it names the office');
        add(`native.${name}`, field, ['native', owner, name], `native.${owner}.${name}`);
      }
    }
    return [object, fields];
  });
  checkStatusWords(compiler, shape);
  checkSecrets(compiler, shape);
  return Object.fromEntries(entries) as Profile['fields'];
}

function checkStatusWords({ faults }: Compiler, { values }: ProfileShape): void {
  for (const word of Object.keys(values['status'] ?? {})) {
    const known: readonly string[] = STATUSES;
    if (!known.includes(word)) faults.add(['values', 'status', word], `must be one of ${known.join(', ')}`);
  }
}

function checkSecrets({ faults }: Compiler, { secret, fields, native }: ProfileShape): void {
  for (const [at, label] of secret.entries()) {
    const [first = '', second = '', ...rest] = label.split('.');
    const isOwn = first === 'native' && Object.hasOwn(native[second as 'user'] ?? {}, rest.join('.'));
    const free = FREE_OBJECTS.find((object) => object === first);
    const isFree = free !== undefined && Object.hasOwn(fields[free] ?? {}, [second, ...rest].join('.'));
    if (isOwn || isFree || SECRET_FIELDS.includes(label)) continue;
    faults.add(
      ['secret', at],
      'is no field of this profile that can be a secret: native.<thing>.<name>, services.<name>, wlr.<name> or antifraud.<name>',
    );
  }
}
