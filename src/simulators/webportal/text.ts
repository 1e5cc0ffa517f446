/** A value as text: objects by their JSON. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' || value === undefined ? (JSON.stringify(value) ?? '') : String(value);
}
