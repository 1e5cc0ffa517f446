import type { Fault } from '../../../errors/index.ts';
import { readYaml } from '../../../yaml/read-yaml.ts';
import { compileProfile, type Compiled } from './compile.ts';

/** A profile from the text of its file, YAML or JSON; faults tell the line they are in. */
export function readProfile(text: string): Compiled {
  const { value, faults, lineOf } = readYaml(text);
  if (faults.length > 0) return { profile: null, faults };
  const compiled = compileProfile(value);
  const located = compiled.faults.map(({ path, message }): Fault => {
    const line = lineOf(path);
    return { path, message: line === null ? message : `${message} (line ${line} of the profile)` };
  });
  return { profile: compiled.profile, faults: located };
}
