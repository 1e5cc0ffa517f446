import { TurnupError } from '../../../errors/index.ts';
import type { Json } from '../../port.ts';
import type { CallSpec, Profile } from '../profile/model.ts';
import { writeAt } from '../profile/pointer.ts';
import { isEscape, type Template } from '../profile/template.ts';
import { CONTENT_TYPES, encode } from './codec.ts';
import type { Values } from './values.ts';
import { plainText } from '../text.ts';

/** A call as it is sent, without the login. */
export interface WireCall {
  readonly method: string;
  /** Beneath the URL of the target, with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: none. */
  readonly document: unknown;
  readonly body: string | undefined;
}

/** What fills placeholders: by name. */
type Lookup = (name: string) => Json | undefined;

function expand(profile: Profile, template: Template, lookUp: Lookup, encodeValue: (text: string) => string): string {
  return template
    .map((part) => {
      if (typeof part === 'string') return part;
      const value = lookUp(part.name);
      if (value === undefined || value === null) {
        throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
          class: 'rejected',
          detail: `the profile "${profile.title}" needs {${part.name}} for this call, which this order does not tell`,
          hint: 'Add it to the order, or mend the profile so that the call does without it.',
        });
      }
      const converter = part.as === null ? undefined : profile.converters.get(part.as);
      const fault = converter?.fault(value) ?? null;
      if (fault !== null) throw new TurnupError('TURNUP_TARGET_REJECTED', { detail: `${part.name} ${fault}` });
      return encodeValue(plainText(converter ? converter.out(value) : value));
    })
    .join('');
}

/** CR, LF and NUL would end the header. */
function headerText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  if (!/[\u0000-\u001F\u007F]/.test(text)) return Buffer.from(text, 'utf8').toString('latin1');
  throw new TurnupError('TURNUP_TARGET_REJECTED', {
    detail: 'a value that is sent in a header holds control characters',
  });
}

const same = (text: string): string => text;

/** @param document what the fields of a thing say; undefined: none is sent */
export function buildCall(profile: Profile, spec: CallSpec, values: Values, document?: unknown): WireCall {
  const lookUp: Lookup = (name) => values[name];
  const path = `${profile.basePath}${expand(profile, spec.path, lookUp, encodeURIComponent)}`;
  if (isEscape(path)) {
    throw new TurnupError('TURNUP_TARGET_REJECTED', { detail: 'a value that is sent in a path is "." or ".."' });
  }
  const query = spec.query.map(
    ([name, value]) => `${encodeURIComponent(name)}=${expand(profile, value, lookUp, encodeURIComponent)}`,
  );
  let whole = document;
  for (const [at, value] of spec.set) {
    whole = writeAt(whole ?? {}, at, 'is' in value ? value.is : expand(profile, value, lookUp, same));
  }
  const headers = Object.entries(profile.headers).map(([name, value]) => [name.toLowerCase(), headerText(value)]);
  for (const [name, value] of spec.headers) {
    headers.push([name.toLowerCase(), headerText(expand(profile, value, lookUp, same))]);
  }
  return {
    method: spec.method,
    path: query.length === 0 ? path : `${path}?${query.join('&')}`,
    headers: {
      accept: profile.accept,
      ...Object.fromEntries(headers),
      ...(whole !== undefined && { 'content-type': CONTENT_TYPES[spec.format] }),
    },
    document: whole,
    body: whole === undefined ? undefined : encode(whole, spec.format),
  };
}

/** With something more in the query, e.g. which page. */
export function withQuery(call: WireCall, params: Readonly<Record<string, string>>): WireCall {
  const more = new URLSearchParams(params).toString();
  if (more === '') return call;
  return { ...call, path: `${call.path}${call.path.includes('?') ? '&' : '?'}${more}` };
}
