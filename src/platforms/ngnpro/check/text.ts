/** What is wrong with a text that is sent as an XML element and stored in a column of so many characters, or null. */
export function textFault(value: string, most: number): string | null {
  if (value.length > most) return `must have at most ${most} characters`;
  // Spaces around a text are lost in XML answers, so that it could not be told from what is there.
  return value === value.trim() ? null : 'must not begin or end with a space';
}
