import type { Action, Content, CustomerBody, Draft, MoveBody, Secrets, SubscriberBody } from '../orders.ts';
import type { Random } from '../random.ts';
import { bornLine, changedLine, freeNumbers, numbersOf } from './lines.ts';
import type { Palette } from './palette.ts';
import type { Believed, Life } from './life.ts';

interface Tools {
  readonly random: Random;
  readonly secrets: Secrets;
  readonly palette: Palette;
  lives(): readonly Life[];
}

/** Each draws an order of a life and changes what is believed; null where the life has not what it needs. */
export function createActs(tools: Tools) {
  const { random, palette, lives } = tools;

  const free = (life: Life): string[] => freeNumbers(life, lives());
  const lineIn = (life: Life): Believed => random.pick([...life.lines.values()]);
  const nameOf = ({ username }: Believed) => ({ username, domain: palette.domain });
  const believe = (life: Life, line: Believed): unknown => life.lines.set(line.username, line);
  const someLines = (life: Life): Believed[] => {
    const drawn = [...life.lines.values()].filter(() => random.chance(0.5));
    return drawn.length > 0 ? drawn : [lineIn(life)];
  };
  const other = (life: Life): Life | undefined =>
    lives().find((one) => one !== life && one.lines.size > 0 && random.chance(0.6)) ??
    lives().find((one) => one !== life && one.lines.size > 0);

  function provision(life: Life): Draft | null {
    const names = life.names.filter((name) => !life.lines.has(name));
    if (names.length === 0) return null;
    const numbers = free(life);
    const born = names.slice(0, random.int(1, 3)).flatMap((name) => bornLine(tools, name, numbers) ?? []);
    if (born.length === 0) return null;
    const customer: CustomerBody = {
      externalId: life.customer,
      contact: palette.contact(life.customer),
      ...(random.chance(0.5) && { billingProfile: random.pick(palette.profiles) }),
    };
    const subscribers = born.map(({ body }) => body);
    const [foreign] = random.chance(0.08) ? theirNumbers(life) : [];
    if (foreign !== undefined) {
      const faulty = subscribers.map((one, at) => (at === 0 ? { ...one, number: foreign } : one));
      return { customer, subscribers: faulty, amendment: { when: 'held', content: { customer, subscribers } } };
    }
    for (const { believed } of born) believe(life, believed);
    const fewer = { customer, subscribers: subscribers.slice(0, -1) };
    return {
      customer,
      subscribers,
      ...(subscribers.length > 1 && random.chance(0.15) && { amendment: { when: 'waiting', content: fewer } as const }),
    };
  }

  /** None where they are names. */
  const theirNumbers = (life: Life): string[] =>
    palette.numbering === 'named' ? [] : [...(other(life)?.lines.values() ?? [])].flatMap(numbersOf);

  function changedCustomer(life: Life): CustomerBody {
    return {
      externalId: life.customer,
      ...(random.chance(0.3) && { contact: palette.contactChange() }),
      ...(random.chance(0.25) && { billingProfile: random.pick(palette.profiles) }),
    };
  }

  function modify(life: Life): Draft {
    if (palette.hasCustomers && random.chance(0.1)) {
      return { action: 'modify', customer: { ...changedCustomer(life), contact: palette.contactChange() } };
    }
    const numbers = free(life);
    const lines = someLines(life).slice(0, 2);
    const changed = lines.map((line) => changedLine(tools, line, numbers, true));
    const customer = changedCustomer(life);
    const content = { customer, subscribers: changed.map(({ body }) => body) };
    for (const { believed } of changed) believe(life, believed);
    return { action: 'modify', ...content, ...(random.chance(0.3) && { amendment: variation(content) }) };
  }

  /** As good as the first, so that it does not matter whether it comes in time. */
  function variation({ customer, subscribers }: { customer: CustomerBody; subscribers: readonly SubscriberBody[] }) {
    const [first, ...more] = subscribers;
    const callForwards = { ...first!.callForwards, ...palette.forwards() };
    const content: Content = { customer, subscribers: [{ ...first!, callForwards }, ...more] };
    return { when: 'waiting', content } as const;
  }

  const named = (action: Action, life: Life, lines: readonly Believed[] | null): Draft => ({
    action,
    customer: { externalId: life.customer },
    ...(lines && { subscribers: lines.map(nameOf) }),
  });

  const isWhole = (): boolean => palette.hasCustomers && random.chance(0.35);
  const suspend = (life: Life): Draft => named('suspend', life, isWhole() ? null : someLines(life));
  const resume = (life: Life): Draft => named('resume', life, isWhole() ? null : someLines(life));

  function terminate(life: Life): Draft {
    const lines = isWhole() ? null : someLines(life);
    for (const { username } of lines ?? life.lines.values()) life.lines.delete(username);
    return named('terminate', life, lines);
  }

  const moveOf = (number: string, giver: Life, from: Believed, to: Believed): MoveBody => ({
    number,
    from: { customer: { externalId: giver.customer }, ...nameOf(from) },
    to: nameOf(to),
  });

  function move(life: Life, giver: Life): Draft | null {
    if (palette.hasMoves === false) return null;
    const to = lineIn(life);
    const givers = [...giver.lines.values()].filter((line) => line !== to && numbersOf(line).length > 0);
    if (givers.length === 0) return null;
    const from = random.pick(givers);
    const number = random.pick(numbersOf(from));
    const rest = from.aliases.filter((alias) => alias !== number);
    believe(giver, { ...from, number: from.number === number ? null : from.number, aliases: rest });
    believe(life, { ...to, aliases: [...to.aliases, number] });
    const changed = random.chance(0.3) ? changedLine(tools, life.lines.get(to.username)!, [], false) : null;
    if (changed) believe(life, changed.believed);
    return {
      action: 'modify',
      customer: { externalId: life.customer },
      ...(changed && { subscribers: [changed.body] }),
      moves: [moveOf(number, giver, from, to)],
    };
  }

  function moveBetween(life: Life): Draft | null {
    const giver = other(life);
    return giver ? move(life, giver) : null;
  }

  /* Those below cannot be done as they are; nothing is believed of them. */

  /** Changes of other subscribers, to be taken back when the order fails, or done anew when it is amended. */
  function beside(life: Life, not: readonly Believed[], renumbers: boolean): SubscriberBody[] {
    const numbers = free(life);
    const others = [...life.lines.values()].filter((line) => !not.includes(line)).slice(0, 2);
    return others.map((line, at) => ({
      ...changedLine(tools, line, numbers, renumbers).body,
      id: `s${at + 2}`,
    }));
  }

  const varied = (all: readonly SubscriberBody[]): SubscriberBody[] =>
    all.map((one) =>
      random.chance(0.6) ? { ...one, callForwards: { ...one.callForwards, ...palette.forwards() } } : one,
    );

  /** A subscriber that never was, beside others that are. */
  function modifyMissing(life: Life): Draft {
    const username = life.nobody;
    const password = tools.secrets.password('none');
    const sound = beside(life, [], true);
    const customer = changedCustomer(life);
    return {
      action: 'modify',
      customer,
      subscribers: [{ id: 's1', username, domain: palette.domain, password }, ...sound],
      amendment: { when: 'held', content: { customer, subscribers: varied(sound) } },
    };
  }

  function takeNumber(life: Life): Draft | null {
    const [number] = theirNumbers(life);
    const [own] = free(life).toReversed();
    if (number === undefined) return null;
    const line = lineIn(life);
    const sound = beside(life, [line], false);
    const customer = changedCustomer(life);
    const faulty = { ...nameOf(line), id: 's1' };
    return {
      action: 'modify',
      customer,
      subscribers: [{ ...faulty, number }, ...sound],
      ...(own !== undefined && {
        amendment: { when: 'held', content: { customer, subscribers: [{ ...faulty, number: own }, ...varied(sound)] } },
      }),
    };
  }

  /** A number of one that is said to be another's, after one that can be moved. */
  function moveForeign(life: Life): Draft | null {
    if (palette.hasMoves === false) return null;
    const giver = other(life);
    const owner = [...(giver?.lines.values() ?? [])].find((line) => numbersOf(line).length > 0);
    if (!giver || !owner) return null;
    const [number, ...more] = numbersOf(owner);
    const said = [...giver.lines.values()].find((line) => line !== owner) ?? {
      ...owner,
      username: giver.names.at(-1)!,
    };
    if (said.username === owner.username) return null;
    const to = lineIn(life);
    const sound = more.slice(0, 1).map((one) => moveOf(one, giver, owner, to));
    const moves = (from: Believed): MoveBody[] => [...sound, moveOf(number!, giver, from, to)];
    const subscribers = beside(life, [to], false);
    const customer = subscribers.length > 0 ? changedCustomer(life) : { externalId: life.customer };
    return {
      action: 'modify',
      customer,
      ...(subscribers.length > 0 && { subscribers }),
      moves: moves(said),
      amendment: {
        when: 'held',
        content: { customer, ...(subscribers.length > 0 && { subscribers: varied(subscribers) }), moves: moves(owner) },
      },
    };
  }

  /** Nothing of it may be touched, not even what is the customer's own. */
  function terminateForeign(life: Life): Draft | null {
    const their = other(life);
    if (!their) return null;
    const own = nameOf(lineIn(life));
    const foreign = nameOf(lineIn(their));
    const customer = { externalId: life.customer };
    return {
      action: 'terminate',
      customer,
      subscribers: [own, foreign],
      amendment: { when: 'held', content: { customer, subscribers: [own] } },
    };
  }

  return {
    provision,
    modify,
    suspend,
    resume,
    terminate,
    moveWithin: (life: Life) => move(life, life),
    moveBetween,
    modifyMissing,
    takeNumber,
    moveForeign,
    terminateForeign,
  };
}
