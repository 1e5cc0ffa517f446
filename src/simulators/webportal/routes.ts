import type { SimulatedRequest } from '../harness/platform.ts';
import { valueAt } from './document.ts';
import type { PortalProfile, Route } from './profile.ts';
import { plainText } from './text.ts';

/** What a request says, by the names that the profile has for it. */
export interface Matched {
  readonly operation: string;
  readonly names: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Compiled {
  readonly operation: string;
  readonly route: Route;
  readonly path: Reader;
  /** How much it asks of a request: of two that fit, the more exact is meant. */
  readonly weight: number;
}

/** Reads the values out of a text that was made from a template; null where it was not. */
type Reader = (text: string) => Record<string, string> | null;

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9]*)(?:\|([^{}]+))?\}/g;

function readerOf(template: string, countryCode: string, part: string): Reader {
  const names: { name: string; as: string | undefined }[] = [];
  const source = template
    .split(PLACEHOLDER)
    .map((piece, at) => {
      if (at % 3 === 2) return '';
      if (at % 3 === 0) return piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
      names.push({ name: piece, as: template.split(PLACEHOLDER)[at + 1] });
      return part;
    })
    .join('');
  const pattern = new RegExp(`^${source}$`, 's');
  return (text) => {
    const values = pattern.exec(text)?.slice(1);
    if (!values) return null;
    return Object.fromEntries(names.map(({ name, as }, at) => [name, asKnown(values[at] ?? '', as, countryCode)]));
  };
}

/** Telephone numbers in one form, whichever a call has them in. */
export function asKnown(text: string, as: string | undefined, countryCode: string): string {
  if (as === 'national') return `+${countryCode}${text}`;
  return as === 'digits' ? `+${text}` : text;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function createRoutes(profile: PortalProfile) {
  const { basePath, countryCode, operations } = profile;
  const compile = ([operation, route]: [string, Route]): Compiled => ({
    operation,
    route,
    path: readerOf(basePath + route.path, countryCode, '([^/]+)'),
    weight:
      Object.keys(route.query ?? {}).length +
      Object.keys(route.set ?? {}).length -
      (route.path.match(PLACEHOLDER)?.length ?? 0) / 100,
  });
  const routes = [...operations].map(compile).toSorted((a, b) => b.weight - a.weight);
  const poll = profile.jobs ? compile(['jobs.poll', profile.jobs.poll]) : null;

  function namesOf({ route, path }: Compiled, request: SimulatedRequest, body: unknown): Record<string, string> | null {
    if (route.method !== request.method) return null;
    const names = path(request.path);
    if (!names) return null;
    const query = new URLSearchParams(request.query);
    const all: Record<string, string> = Object.fromEntries(
      Object.entries(names).map(([name, text]) => [name, decoded(text)]),
    );
    const parts: [unknown, string | null][] = [
      ...Object.entries(route.query ?? {}).map(([name, template]): [unknown, string | null] => [
        template,
        query.get(name),
      ]),
      ...Object.entries(route.set ?? {}).map(([at, template]): [unknown, string | null] => {
        const value = valueAt(body, at);
        return [template, value === undefined ? null : plainText(value)];
      }),
    ];
    for (const [template, value] of parts) {
      if (value === null) return null;
      const read = readerOf(String(template), countryCode, '(.+)')(value);
      if (!read) return null;
      Object.assign(all, read);
    }
    return all;
  }

  return {
    /** Null: there is nothing of the kind at this portal. */
    match(request: SimulatedRequest, body: unknown): Matched | null {
      for (const compiled of poll ? [poll, ...routes] : routes) {
        const names = namesOf(compiled, request, body);
        if (names) return { operation: compiled.operation, names, body };
      }
      return null;
    },
  };
}
