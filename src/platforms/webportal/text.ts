/** A value as text: objects, which no field of a portal should hold, by their JSON. */
export const plainText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
