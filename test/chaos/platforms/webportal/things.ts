import type { Row, Thing as Known } from '../../audit/things.ts';
import type { Dialect, Kind } from './dialect.ts';
import type { State, User } from './hand.ts';

/** The names that things are known by; those of orders get the same ones. */
export const KEYS = {
  company: (customer: string): string => `company ${customer}`,
  /** The portal does not tell capital letters apart. */
  office: (customer: string, name: string): string => `office ${customer}/${name.toLowerCase()}`,
  user: (number: string): string => `user ${number}`,
  line: (number: string): string => `line ${number}`,
  limits: (number: string): string => `limits of ${number}`,
};

export const GROUPS = ['services', 'callForwards', 'voicemail'] as const satisfies readonly Kind[];

export const inGroup = (group: string, cells: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(cells).map(([name, value]) => [`${group}.${name}`, value]));

/** Whose things hang together: numbers of customers by ids of companies and offices. */
export function ownersIn({ companies, offices }: State, { cells }: Dialect) {
  const customers = new Map(companies.map(({ id, document }) => [id, cells('company', document)['externalId']!]));
  const byOffice = new Map(offices.map(({ id, parent }) => [id, customers.get(parent ?? '') ?? 'nobody']));
  const names = new Map(offices.map(({ id, document }) => [id, cells('office', document)['name']!]));
  return {
    ofCompany: (id: string | null): string => customers.get(id ?? '') ?? 'nobody',
    ofOffice: (id: string | null): string => byOffice.get(id ?? '') ?? 'nobody',
    officeName: (id: string | null): string => names.get(id ?? '') ?? 'none',
  };
}

/** Everything that is there. */
export function thingsOf(state: State, dialect: Dialect): Known[] {
  const { cells } = dialect;
  const owners = ownersIn(state, dialect);
  const userRow = (user: User): Row => ({
    ...cells('user', user.document),
    id: user.id,
    status: user.status,
    customer: owners.ofOffice(user.parent),
    office: owners.officeName(user.parent).toLowerCase(),
    ...Object.assign({}, ...GROUPS.map((group) => inGroup(group, cells(group, user[group])))),
  });
  return [
    ...state.companies.map((one) => ({
      key: KEYS.company(owners.ofCompany(one.id)),
      row: { ...cells('company', one.document), id: one.id, status: one.status },
    })),
    ...state.offices.map((one) => ({
      key: KEYS.office(owners.ofCompany(one.parent), owners.officeName(one.id)),
      row: { ...cells('office', one.document), id: one.id },
    })),
    ...state.users.map((one) => ({ key: KEYS.user(one.numbers[0] ?? 'none'), row: userRow(one) })),
    ...state.lines.map(({ id, number, document }) => ({
      key: KEYS.line(number),
      // Where the portal tells no id, a line is called by its number.
      row: { ...cells('wlr', document), id: dialect.tellsIds('wlr') ? id : number },
    })),
    ...Object.entries(state.limits).map(([number, document]) => ({
      key: KEYS.limits(number),
      row: cells('antifraud', document),
    })),
  ];
}
