import { fieldText, groupOf, kept, lacking, numbersIn, shown } from './documents.ts';
import { createNumberMenus } from './numbers.ts';
import { absent, conflict, done, rejected, type Outcome } from './outcome.ts';
import { listOf, type PortalProfile } from './profile.ts';
import type { Matched } from './routes.ts';
import type { PortalState, Row, UserRow } from './state.ts';

type Work = (matched: Matched) => Outcome;

const sameText = (one: string | null | undefined, other: string | undefined): boolean =>
  one !== null && one !== undefined && other !== undefined && one.toLowerCase() === other.toLowerCase();

/**
 * The portal's own rules: a number is there once; what something hangs on cannot go; but who makes a company or an
 * office twice has two.
 */
export function createPortal(profile: PortalProfile, state: () => PortalState) {
  /** Some portals empty a company that goes. */
  const takesAlong = profile.operations.get('company.remove')?.children === 'taken-along';

  const keyOf = (row: Row): string | null => fieldText(profile, 'company', profile.companyKey, row.document);

  const companyNamed = ({ companyId, companyKey }: Matched['names']): Row | undefined =>
    companyId === undefined
      ? [...state().companies.values()].find((row) => sameText(keyOf(row), companyKey))
      : state().companies.get(companyId);

  const officesOf = (company: Row): Row[] =>
    [...state().offices.values()].filter(({ parent }) => parent === company.id);
  const usersOf = (office: Row): UserRow[] => [...state().users.values()].filter(({ parent }) => parent === office.id);
  const withNumber = (number: string | undefined): UserRow | undefined =>
    [...state().users.values()].find(({ numbers }) => number !== undefined && numbers.includes(number));

  const showCompany = (row: Row): unknown => shown(profile, 'company', row, {});
  const showOffice = (row: Row): unknown => shown(profile, 'office', row, { companyId: row.parent ?? undefined });
  const showUser = (row: UserRow): unknown => {
    const officeId = row.parent ?? undefined;
    return shown(profile, 'user', row, {
      officeId,
      companyId: state().offices.get(officeId ?? '')?.parent ?? undefined,
    });
  };
  const found = (items: readonly unknown[], isList: boolean): Outcome =>
    items.length === 0 && !isList ? absent : { kind: 'found', items };
  const readsList = (operation: string): boolean =>
    listOf(profile.operations.get(operation)?.found).some(({ many }) => many === true);

  function findUsers({ names, operation }: Matched): Outcome {
    const users = [...state().users.values()].filter((row) =>
      profile.userKey === 'number'
        ? row.numbers.includes(names['number'] ?? names['userKey'] ?? '')
        : sameText(fieldText(profile, 'user', 'username', row.document), names['username'] ?? names['userKey']),
    );
    return found(users.map(showUser), readsList(operation));
  }

  function makeCompany({ body }: Matched): Outcome {
    const document = kept(profile, 'company', body);
    const missing = lacking(profile, 'company', document);
    if (missing !== null) return rejected(`${missing} is missing`);
    const id = state().nextId('company');
    state().companies.set(id, { id, parent: null, document, status: 'active' });
    return { kind: 'done', id };
  }

  function makeOffice({ names, body }: Matched): Outcome {
    const document = kept(profile, 'office', body);
    const missing = lacking(profile, 'office', document);
    if (missing !== null) return rejected(`${missing} is missing`);
    const told = fieldText(profile, 'office', 'companyId', document) ?? undefined;
    const company = companyNamed({ ...names, ...(told !== undefined && { companyId: told }) });
    if (!company) return rejected('there is no such company');
    const id = state().nextId('office');
    state().offices.set(id, { id, parent: company.id, document, status: 'active' });
    return { kind: 'done', id };
  }

  function makeUser({ names, body }: Matched): Outcome {
    const document = kept(profile, 'user', body);
    const missing = lacking(profile, 'user', document);
    if (missing !== null) return rejected(`${missing} is missing`);
    const office = state().offices.get(names['officeId'] ?? fieldText(profile, 'user', 'officeId', document) ?? '');
    if (!office) return rejected('there is no such office');
    const numbers = numbersIn(profile, document, names['number']);
    const gone = numbers.find((number) => state().portedOut.has(number));
    if (gone !== undefined) return rejected(`${gone} was ported out`);
    const taken = numbers.find((number) => withNumber(number) !== undefined);
    if (taken !== undefined) return { kind: 'exists', message: `number ${taken} is in use` };
    const id = state().nextId('user');
    const blank = { services: {}, callForwards: {}, voicemail: {} };
    state().users.set(id, { id, parent: office.id, document, status: 'active', numbers, ...blank });
    return { kind: 'done', id };
  }

  function removeCompany({ names }: Matched): Outcome {
    const company = companyNamed(names);
    if (!company) return absent;
    const offices = officesOf(company);
    if (offices.length > 0 && !takesAlong) return conflict('the company has offices');
    for (const office of offices) {
      for (const user of usersOf(office)) state().users.delete(user.id);
      state().offices.delete(office.id);
    }
    state().companies.delete(company.id);
    return done;
  }

  function removeOffice({ names }: Matched): Outcome {
    const office = state().offices.get(names['officeId'] ?? '');
    if (!office) return absent;
    if (usersOf(office).length > 0) return conflict('the office has users');
    state().offices.delete(office.id);
    return done;
  }

  const ofCompany =
    (change: (row: Row, matched: Matched) => Outcome): Work =>
    (matched) => {
      const company = companyNamed(matched.names);
      return company ? change(company, matched) : absent;
    };

  const ofUser =
    (change: (row: UserRow, matched: Matched) => Outcome): Work =>
    (matched) => {
      const { userId, number } = matched.names;
      const user = userId === undefined ? withNumber(number) : state().users.get(userId);
      return user ? change(user, matched) : absent;
    };

  const setStatus =
    (status: Row['status']) =>
    (row: Row): Outcome => {
      row.status = status;
      return done;
    };

  function updateUser(row: UserRow, { body }: Matched): Outcome {
    const document = kept(profile, 'user', body, row.document);
    const numbers = numbersIn(profile, document, undefined);
    const taken = numbers.find((number) => (withNumber(number) ?? row) !== row);
    if (taken !== undefined) return conflict(`number ${taken} is in use`);
    Object.assign(row, { document, numbers: numbers.length > 0 ? numbers : row.numbers });
    return done;
  }

  const readGroup = (object: string): Work => ofUser((user) => ({ kind: 'found', items: [groupOf(user, object)] }));
  const writeGroup = (object: string): Work =>
    ofUser((user, { body }) => {
      Object.assign(user, { [object]: kept(profile, object, body, groupOf(user, object)) });
      return done;
    });

  const portedOut = (numbers: readonly string[]): Outcome => ({
    kind: 'found',
    items: numbers.map((number) => ({ number })),
  });

  const works: Readonly<Record<string, Work>> = {
    'company.find': ({ names, operation }) => {
      const rows = [...state().companies.values()].filter((row) => sameText(keyOf(row), names['companyKey']));
      return found(rows.map(showCompany), readsList(operation));
    },
    'company.create': makeCompany,
    'company.update': ofCompany((row, { body }) => {
      row.document = kept(profile, 'company', body, row.document);
      return done;
    }),
    'company.remove': removeCompany,
    'company.suspend': ofCompany(setStatus('suspended')),
    'company.resume': ofCompany(setStatus('active')),
    'office.find': ofCompany((company, { names, operation }) => {
      const named = officesOf(company).filter((row) =>
        sameText(fieldText(profile, 'office', 'name', row.document), names['officeName']),
      );
      return found(named.map(showOffice), readsList(operation));
    }),
    'office.list': ofCompany((company) => found(officesOf(company).map(showOffice), true)),
    'office.create': makeOffice,
    'office.update': ({ names, body }) => {
      const office = state().offices.get(names['officeId'] ?? '');
      if (!office) return absent;
      office.document = kept(profile, 'office', body, office.document);
      return done;
    },
    'office.remove': removeOffice,
    'user.find': findUsers,
    'user.named': ({ names, operation }) => {
      const rows = [...state().users.values()].filter(({ document }) =>
        (['username', 'domain'] as const).every((name) => {
          const there = fieldText(profile, 'user', name, document);
          return there === null || names[name] === undefined || sameText(there, names[name]);
        }),
      );
      return found(rows.map(showUser), readsList(operation));
    },
    'user.list': ofCompany((company) => found(officesOf(company).flatMap(usersOf).map(showUser), true)),
    'user.create': makeUser,
    'user.update': ofUser(updateUser),
    'user.remove': ofUser((user) => {
      state().users.delete(user.id);
      return done;
    }),
    'user.suspend': ofUser(setStatus('suspended')),
    'user.resume': ofUser(setStatus('active')),
    'services.get': readGroup('services'),
    'services.set': writeGroup('services'),
    'callForwards.get': readGroup('callForwards'),
    'callForwards.set': writeGroup('callForwards'),
    'voicemail.get': readGroup('voicemail'),
    'voicemail.set': writeGroup('voicemail'),
    'portedOut.find': ({ names, operation }) => {
      const numbers = [...state().portedOut].filter((number) => number === names['number']);
      return numbers.length === 0 && !readsList(operation) ? absent : portedOut(numbers);
    },
    'portedOut.list': () => portedOut([...state().portedOut]),
    'numbers.list': () => ({
      kind: 'found',
      items: [...state().users.values()].flatMap(({ numbers }) => numbers).map((number) => ({ number })),
    }),
    ...createNumberMenus(profile, state, companyNamed, (number) => withNumber(number) !== undefined),
    'dashboard.get': () => {
      const { companies, offices, users } = state();
      return { kind: 'found', items: [{ companies: companies.size, offices: offices.size, users: users.size }] };
    },
  };

  return {
    perform(matched: Matched): Outcome {
      const work = works[matched.operation];
      return work ? work(matched) : rejected(`there is no menu ${matched.operation}`);
    },
  };
}
