import type { Control } from '../../control.ts';
import type { Dialect } from './dialect.ts';
import { DOMAIN, type PortalHand, type State } from './hand.ts';
import type { Leftover, Leftovers } from './left.ts';

/*
 * What is on the portal before the first order, made by somebody else. `strangers` are in the way of orders and must never
 * change; `regulars` are customers of the CRM already, whom orders adopt; on `wards` and their lines only operations work.
 */

const AREAS = { stranger: 31, regular: 32, ward: 33 } as const;

interface Tools {
  readonly hand: PortalHand;
  readonly control: Control;
  readonly dialect: Dialect;
}

async function make({ hand, control, dialect }: Tools, kind: keyof typeof AREAS, at: number): Promise<Leftover> {
  const customer = `${kind}-${at}`;
  const office = `Ufficio ${at}`;
  const number = `+3906${AREAS[kind]}00000${at}`;
  const isNamed = dialect.has('user', 'username');
  const username = isNamed ? `left.${kind}.${at}` : number.slice(1);
  const externalId = dialect.has('user', 'externalId') ? `${customer}-line` : null;
  const city = 'Torino';
  await hand.makeCompany({
    externalId: customer,
    name: `Left over ${at}`,
    email: 'left@example.com',
    city,
    country: 'IT',
  });
  const companyId = last((await control.state<State>()).companies);
  await hand.makeOffice(companyId, { name: office, street: 'Via Po', houseNumber: String(at), city });
  const officeId = last((await control.state<State>()).offices);
  const password = `Left-over-${kind}-${at}!x`;
  const aliases = [`${number}7`];
  await hand.makeUser(companyId, officeId, { number, aliases, username, domain: DOMAIN, externalId, password });
  const userId = last((await control.state<State>()).users);
  await hand.set(userId, 'services', { clir: true, barring: 'all', maxCalls: at });
  await hand.set(userId, 'callForwards', { unconditional: `+390655500${at}`, ringTimeout: 25 });
  return { customer, companyId, office, username, number, externalId };
}

const last = (all: readonly { readonly id: string }[]): string => all.at(-1)!.id;

export async function makeLeftovers(tools: Tools): Promise<Leftovers> {
  const several = async (kind: keyof typeof AREAS, count: number): Promise<Leftover[]> => {
    const made: Leftover[] = [];
    for (let at = 1; at <= count; at += 1) made.push(await make(tools, kind, at));
    return made;
  };
  const strangers = await several('stranger', 6);
  const regulars = await several('regular', 6);
  const wards = await several('ward', 3);
  for (const { number } of wards) await tools.hand.setLimits(number, { minutesPerDay: 30, international: true });
  const lines = async (area: number, count: number): Promise<string[]> => {
    const numbers = Array.from({ length: count }, (_, at) => `+3906${area}00000${at}`);
    const { companyId } = wards[0]!;
    for (const number of numbers)
      await tools.hand.makeLine({ number, companyId, kind: 'isdn', exchange: 'RM1', floor: 3 });
    return numbers;
  };
  const [keptLines, spareLines] = [await lines(34, 3), await lines(35, 9)];
  const { portedOut } = await tools.control.state<State>();
  return { strangers, regulars, wards, keptLines, spareLines, portedOut };
}
