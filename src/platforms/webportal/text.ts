/** A value as text: objects, which no field of a portal should hold, by their JSON. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' || value === undefined ? (JSON.stringify(value) ?? '') : String(value);
}
