import type { Format } from '../profile/model.ts';
import { readXml, writeXml } from './xml.ts';
import { plainText } from '../text.ts';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json; charset=utf-8',
  form: 'application/x-www-form-urlencoded; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
};

/** A document as it is sent. A form has members at its first level only; lists repeat their name. */
export function encode(document: unknown, format: Format): string {
  if (format === 'json') return JSON.stringify(document);
  if (format === 'xml') return writeXml(document);
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries((document ?? {}) as Record<string, unknown>)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      form.append(name, one === null || one === undefined ? '' : plainText(one));
    }
  }
  return form.toString();
}

/** What an answer holds: JSON or XML, by how it begins, since types of content are often wrong. Undefined: neither. */
export function decode(text: string): unknown {
  const start = text.trimStart().replace(/^\uFEFF/, '');
  if (start.startsWith('<')) return readXml(start);
  try {
    return JSON.parse(start) as unknown;
  } catch {
    return undefined;
  }
}
