import { fieldText, kept, lacking } from './documents.ts';
import { placeAt } from './document.ts';
import { fieldsOf, listOf, type PortalProfile } from './profile.ts';
import { absent, conflict, done, rejected, type Outcome } from './outcome.ts';
import { asKnown, type Matched } from './routes.ts';
import type { LineRow, PortalState } from './state.ts';

/*
 * What the portal knows of telephone numbers beside its users: lines rented from the network's owner, and antifraud
 * limits. A line is there once; limits are those of a number that the portal knows, and nobody else's.
 */

type Work = (matched: Matched) => Outcome;

/**
 * @param companyOf the company that a call names; undefined where there is none of it
 * @param isUsers whether a number is a user's
 */
export function createNumberMenus(
  profile: PortalProfile,
  state: () => PortalState,
  companyOf: (names: Matched['names']) => { readonly id: string } | undefined,
  isUsers: (number: string) => boolean,
): Readonly<Record<string, Work>> {
  const numberField = fieldsOf(profile, 'wlr').get('number');

  const numberIn = (document: unknown, names: Matched['names']): string | undefined => {
    const text = fieldText(profile, 'wlr', 'number', document);
    return text === null ? names['number'] : asKnown(text, numberField?.as, profile.countryCode);
  };

  const lineNamed = ({ lineId, number }: Matched['names']): LineRow | undefined =>
    lineId === undefined ? [...state().lines.values()].find((row) => row.number === number) : state().lines.get(lineId);

  function showLine(row: LineRow): unknown {
    const id = profile.operations.get('wlr.find')?.id;
    const document = structuredClone(row.document);
    return id?.startsWith('/') ? placeAt(document, id, row.id) : document;
  }

  const isOfAnother = ({ companyId, companyKey }: Matched['names'], row: LineRow): boolean =>
    (companyId !== undefined || companyKey !== undefined) &&
    companyOf({ ...(companyId && { companyId }), ...(companyKey && { companyKey }) })?.id !== row.company;

  function find(matched: Matched): Outcome {
    const rows = [...state().lines.values()].filter(
      (row) => row.number === matched.names['number'] && !isOfAnother(matched.names, row),
    );
    const isList = listOf(profile.operations.get(matched.operation)?.found).some(({ many }) => many === true);
    return rows.length === 0 && !isList ? absent : { kind: 'found', items: rows.map(showLine) };
  }

  function make({ names, body }: Matched): Outcome {
    const document = kept(profile, 'wlr', body);
    const missing = lacking(profile, 'wlr', document);
    if (missing !== null) return rejected(`${missing} is missing`);
    const number = numberIn(document, names);
    if (number === undefined) return rejected('a line has a number');
    const told = fieldText(profile, 'wlr', 'companyId', document) ?? names['companyId'];
    const owner = told ?? names['companyKey'];
    const company = owner === undefined ? null : companyOf(told === undefined ? names : { companyId: told });
    if (company === undefined) return rejected('there is no such company');
    if (lineNamed({ number })) return { kind: 'exists', message: `line ${number} is known` };
    const id = state().nextId('line');
    state().lines.set(id, { id, number, company: company?.id ?? null, document });
    return { kind: 'done', id };
  }

  const ofLine =
    (change: (row: LineRow, matched: Matched) => Outcome): Work =>
    (matched) => {
      const row = lineNamed(matched.names);
      return row ? change(row, matched) : absent;
    };

  const ofNumber =
    (work: (number: string, matched: Matched) => Outcome): Work =>
    (matched) => {
      const number = matched.names['number'] ?? '';
      return isUsers(number) || lineNamed({ number }) ? work(number, matched) : absent;
    };

  return {
    'wlr.find': find,
    'wlr.list': () => ({ kind: 'found', items: [...state().lines.values()].map(showLine) }),
    'wlr.create': make,
    'wlr.update': ofLine((row, { body }) => {
      const document = kept(profile, 'wlr', body, row.document);
      if (numberIn(document, { number: row.number }) !== row.number) return conflict('a line keeps its number');
      row.document = document;
      return done;
    }),
    'wlr.remove': ofLine((row) => {
      state().lines.delete(row.id);
      return done;
    }),
    'antifraud.get': ofNumber((number) => ({ kind: 'found', items: [state().limits.get(number) ?? {}] })),
    'antifraud.set': ofNumber((number, { body }) => {
      state().limits.set(number, kept(profile, 'antifraud', body, state().limits.get(number)));
      return done;
    }),
  };
}
