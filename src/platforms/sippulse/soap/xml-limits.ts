/** Deeper than any answer of these services: an envelope, a response, a list, its members. */
const MOST_LEVELS = 32;

/**
 * What makes an answer one that is not to be parsed, in words without its content; null when nothing does. Neither these
 * services nor SOAP 1.1 (§3) have document types, so one is an attack or another server. Size is limited where the
 * answer is read.
 */
export function xmlFault(text: string): string | null {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return 'the answer has a document type';
  // npm soap parses XML in a CDATA section like an answer of its own, as deep as it goes.
  if (/<!\[CDATA\[[^\]]*<\?xml/i.test(text)) return 'the answer has XML in a text';
  let depth = 0;
  for (const [tag] of text.matchAll(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[^>]*>/g)) {
    if (tag.startsWith('<!') || tag.startsWith('<?') || tag.endsWith('/>')) continue;
    depth += tag.startsWith('</') ? -1 : 1;
    if (depth > MOST_LEVELS) return `the answer is nested more than ${MOST_LEVELS} deep`;
  }
  return null;
}

/** Whether a text is a SOAP envelope rather than a page of a server in front. */
export const isEnvelope = (text: string): boolean => /<(?:[\w.-]+:)?Envelope[\s>]/.test(text.slice(0, 2000));
