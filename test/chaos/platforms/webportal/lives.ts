import type { Palette } from '../../lives/palette.ts';
import type { SeenLine, SeenLives, Stray } from '../../lives/words.ts';
import type { Cells } from '../../lives/world.ts';
import type { Secrets } from '../../orders.ts';
import type { Random } from '../../random.ts';
import type { Dialect } from './dialect.ts';
import { DOMAIN, MAIN_OFFICE, type State, type User } from './hand.ts';
import { LIFE_OFFICES, officeCell } from './life-words.ts';
import { createLines } from './lines.ts';
import { GROUPS, inGroup, ownersIn } from './things.ts';

export function createPalette(random: Random, secrets: Secrets, dialect: Dialect): Palette {
  const { forwards, preferences, voicemail, mail, device } = createLines(random, secrets, dialect);
  const hasNames = dialect.has('user', 'username');
  const some = <T extends object>(all: T): Partial<T> =>
    Object.fromEntries(Object.entries(all).filter(() => random.chance(0.4))) as Partial<T>;
  const orNone = <T>(value: T): T | null => (random.chance(0.3) ? null : value);
  const phone = (): string => `+39068${random.int(1_000_000, 9_999_999)}`;
  const tax = (): string => `IT${random.int(20_000_000_000, 29_999_999_999)}`;
  return {
    domain: DOMAIN,
    hasCustomers: true,
    hasMoves: false,
    numbering: hasNames ? 'needed' : 'named',
    ...(!hasNames && { username: (life: number, at: number) => `390651${String(life * 10 + at).padStart(6, '0')}` }),
    profiles: ['retail', 'company'],
    number: (at) => `+390650${String(at).padStart(6, '0')}`,
    contact: (customer) => ({
      company: `Vita ${customer}`,
      email: mail(),
      city: 'Napoli',
      country: 'IT',
      taxId: tax(),
    }),
    contactChange: () => ({
      ...(random.chance(0.5) ? { company: `Vita ${random.int(1, 9_999)}` } : { email: mail() }),
      ...some({
        phone: orNone(phone()),
        city: orNone(`Città ${random.int(1, 99)}`),
        street: orNone(`Via ${random.int(1, 99)}`),
        postcode: String(random.int(10_000, 99_999)),
        taxId: tax(),
      }),
    }),
    forwards,
    preferences,
    clearable: ['clir', 'callWaiting', 'barring', 'maxCalls', 'hotline', 'pinCode'],
    besides(username) {
      const office = random.pick(LIFE_OFFICES);
      return {
        ...(dialect.has('user', 'externalId') && random.chance(0.3) && { externalId: `S-${username}` }),
        native: { ...(office !== MAIN_OFFICE && { office }), ...device() },
      };
    },
    ...(dialect.has('voicemail', 'pin') && {
      voicemail,
      voicemailChange: () => random.pick([() => voicemail(), () => ({ email: mail() }), () => ({ email: null })])(),
    }),
  };
}

const isLife = (customer: string): boolean => customer.startsWith('L-');

/** What goes on besides, and is nobody's order. */
export const OTHERS = 'other-';

/** What is not of lives. */
export function withoutLives(state: State, dialect: Dialect): State {
  const owners = ownersIn(state, dialect);
  const isOrdered = (customer: string): boolean => !isLife(customer) && !customer.startsWith(OTHERS);
  return {
    companies: state.companies.filter(({ id }) => isOrdered(owners.ofCompany(id))),
    offices: state.offices.filter(({ parent }) => isOrdered(owners.ofCompany(parent))),
    users: state.users.filter(({ parent }) => isOrdered(owners.ofOffice(parent))),
    lines: state.lines,
    limits: state.limits,
    portedOut: state.portedOut,
  };
}

export function seenLives(state: State, dialect: Dialect): SeenLives {
  const owners = ownersIn(state, dialect);
  const strays: Stray[] = [];
  const customers = new Map<string, Cells>();
  for (const { id, document, status } of state.companies) {
    const name = owners.ofCompany(id);
    if (!isLife(name)) continue;
    if (customers.has(name)) strays.push({ what: `company ${name} is there twice`, of: null });
    customers.set(name, { ...dialect.cells('company', document), status, ...officeCells(state, id, dialect) });
  }
  for (const { id, parent } of state.offices) {
    const [customer, name] = [owners.ofCompany(parent), owners.officeName(id)];
    if (isLife(customer) && !(LIFE_OFFICES as readonly string[]).includes(name))
      strays.push({ what: `office ${name} of ${customer}`, of: customer });
  }
  const lines = new Map<string, SeenLine>();
  for (const user of state.users) {
    const customer = owners.ofOffice(user.parent);
    if (!isLife(customer)) continue;
    const { name, line } = seenLine(user, owners.officeName(user.parent), dialect);
    if (lines.has(name)) strays.push({ what: `${name} is there twice`, of: name });
    lines.set(name, { customer, ...line });
  }
  return { customers, lines, strays };
}

function officeCells({ offices }: State, companyId: string, { cells }: Dialect): Cells {
  const names = offices
    .filter(({ parent }) => parent === companyId)
    .map(({ document }) => cells('office', document)['name']);
  return Object.fromEntries(
    LIFE_OFFICES.map((name) => [officeCell(name), String(names.filter((one) => one === name).length)]),
  );
}

function seenLine(user: User, office: string, dialect: Dialect): { name: string; line: Omit<SeenLine, 'customer'> } {
  const cells = dialect.cells('user', user.document);
  const digits = user.numbers.map((number) => number.slice(1));
  const [number = null, ...aliases] = digits;
  const groups = GROUPS.map((group) => inGroup(group, dialect.cells(group, user[group])));
  return {
    name: `${cells['username'] ?? number}@${DOMAIN}`,
    line: {
      // The portal does not mind that a number is named twice.
      numbers: { number, aliases: aliases.filter((alias) => alias !== number) },
      cells: { ...cells, ...(Object.assign({}, ...groups) as Cells), office, status: user.status },
    },
  };
}
