import type { SimulatedRequest } from '../harness/platform.ts';
import { isObject } from './patch.ts';
import { masked, Refusal, type JsonObject, type JsonValue } from './refusal.ts';
import { MalformedJson, readStrictJson } from './strict-json.ts';

/** Reads a body of one media type; checks what the server checks before it looks at the JSON (sipwise-ngcp.md §2). */
export type BodyReader = (mediaType: string) => JsonValue;

const notWellFormed = (mediaType: string, why: string): Refusal =>
  new Refusal(400, `The entity is not a well-formed '${mediaType}' document. ${why}`);

export function bodyReader(request: SimulatedRequest, method: string): BodyReader {
  const { headers, body } = request;
  return (mediaType) => {
    if (headers['link'] !== undefined) {
      if (method === 'POST') throw notWellFormed(mediaType, 'Missing or empty input');
      throw new Refusal(
        400,
        "The request must not contain 'Link' headers. Instead assert relationships in the entity body.",
      );
    }
    const sent = headers['content-type'];
    if (!sent?.startsWith(mediaType)) {
      throw new Refusal(415, `Unsupported media type '${sent || 'undefined'}', accepting ${mediaType} only.`);
    }
    if (body.length === 0 && method !== 'POST') throw new Refusal(400, 'This request is missing a message body.');
    try {
      return readStrictJson(body);
    } catch (error) {
      if (error instanceof MalformedJson) throw notWellFormed(mediaType, error.message);
      throw error;
    }
  };
}

/** A list where an object is due is an uncaught failure (§2). */
function objectOf(value: JsonValue): JsonObject {
  if (isObject(value)) return value;
  throw masked();
}

export const objectBody = (read: BodyReader) => (): JsonObject => objectOf(read('application/json'));
export const patchBody = (read: BodyReader) => (): JsonValue => read('application/json-patch+json');
