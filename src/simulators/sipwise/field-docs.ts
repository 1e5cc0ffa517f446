import type { Field } from './form.ts';
import type { FieldDoc } from './resource.ts';

const TYPES: Record<Field['kind'], string> = {
  text: 'String',
  integer: 'Number',
  number: 'Number',
  boolean: 'Boolean',
  choice: 'String',
};

/** A form's fields as the service document lists them. */
export function fieldDocs(fields: readonly Field[]): FieldDoc[] {
  return fields.map((field) => ({
    name: field.name,
    description: field.description ?? field.label ?? field.name,
    types: [
      ...(field.required ? [] : ['null']),
      field.options ? field.options.map((option) => `'${option}'`).join('|') : TYPES[field.kind],
    ],
  }));
}

export const objectDoc = (name: string, type: 'Array' | 'Object', description: string): FieldDoc => ({
  name,
  description,
  types: ['null', type],
});
