import type { Secrets, SubscriberBody } from '../orders.ts';
import type { Random } from '../random.ts';
import type { Believed, Life } from './life.ts';
import type { Palette } from './palette.ts';

interface Tools {
  readonly random: Random;
  readonly secrets: Secrets;
  readonly palette: Palette;
}

/** Numbers of a life that nobody is believed to have. */
export function freeNumbers(life: Life, lives: readonly Life[]): string[] {
  const had = new Set(lives.flatMap(({ lines }) => [...lines.values()].flatMap(numbersOf)));
  return life.numbers.filter((number) => !had.has(number));
}

export const numbersOf = ({ number, aliases }: Believed): string[] => [...(number ? [number] : []), ...aliases];

const isEmpty = (members: object): boolean => Object.keys(members).length === 0;

/** A new subscriber, and what is believed of it then; null: no number is left. @param free what it takes is taken from them */
export function bornLine({ random, secrets, palette }: Tools, username: string, free: string[]) {
  const { numbering, voicemail } = palette;
  const isNamed = numbering === 'named';
  const number = isNamed ? `+${username}` : numbering === 'needed' || random.chance(0.85) ? free.shift() : undefined;
  if (number === undefined && numbering) return null;
  const aliases = isNamed ? [] : free.splice(0, random.int(0, 2));
  const [callForwards, preferences] = [palette.forwards(), palette.preferences()];
  const body: SubscriberBody = {
    username,
    domain: palette.domain,
    ...(random.chance(0.6) && { password: secrets.password('life') }),
    ...palette.besides(username),
    ...(number !== undefined && { number }),
    ...(aliases.length > 0 && { aliases }),
    ...(random.chance(0.5) && { callForwards }),
    ...(random.chance(0.5) && { preferences }),
    ...(voicemail && random.chance(0.3) && { voicemail: voicemail() }),
  };
  const believed: Believed = {
    username,
    number: number ?? null,
    aliases,
    forwards: Object.keys(body.callForwards ?? {}),
    preferences: Object.keys(body.preferences ?? {}),
  };
  return { body, believed };
}

/** Some changes of a subscriber. @param renumbers whether its numbers may change; what it takes is taken from `free` */
export function changedLine(tools: Tools, now: Believed, free: string[], renumbers: boolean) {
  const { random, secrets, palette } = tools;
  const { numbering, voicemailChange } = palette;
  const body: Record<string, unknown> = {};
  let believed = now;

  function changeNumber(): void {
    const promoted = random.chance(0.2) ? now.aliases[0] : undefined;
    const number = numbering !== 'needed' && random.chance(0.15) ? null : (promoted ?? free.shift());
    if (number === undefined) return;
    body['number'] = number;
    believed = { ...believed, number, aliases: believed.aliases.filter((alias) => alias !== number) };
  }

  function changeAliases(): void {
    const kept = now.aliases.filter((alias) => alias !== believed.number && random.chance(0.5));
    const aliases = random.chance(0.2) ? [] : [...kept, ...free.splice(0, random.int(0, 2))];
    body['aliases'] = aliases.length === 0 && random.chance(0.5) ? null : aliases;
    believed = { ...believed, aliases };
  }

  function changeForwards(): void {
    if (random.chance(0.1)) {
      body['callForwards'] = null;
      believed = { ...believed, forwards: [] };
      return;
    }
    const set = palette.forwards();
    const cleared = now.forwards.filter((type) => !(type in set) && random.chance(0.5));
    const all = { ...set, ...Object.fromEntries(cleared.map((type) => [type, null])) };
    if (isEmpty(all)) return;
    body['callForwards'] = all;
    const kept = now.forwards.filter((type) => !cleared.includes(type));
    believed = { ...believed, forwards: [...new Set([...kept, ...Object.keys(set)])] };
  }

  function changePreferences(): void {
    const set = palette.preferences();
    const cleared = now.preferences.filter(
      (name) => palette.clearable.includes(name) && !(name in set) && random.chance(0.5),
    );
    const all = { ...set, ...Object.fromEntries(cleared.map((name) => [name, null])) };
    if (isEmpty(all)) return;
    body['preferences'] = all;
    const kept = now.preferences.filter((name) => !cleared.includes(name));
    believed = { ...believed, preferences: [...new Set([...kept, ...Object.keys(set)])] };
  }

  const changes: readonly (() => void)[] = [
    ...(renumbers && numbering !== 'named' ? [changeNumber, changeAliases] : []),
    changeForwards,
    changePreferences,
    ...(voicemailChange ? [() => (body['voicemail'] = voicemailChange())] : []),
    () => (body['password'] = secrets.password('change')),
  ];
  for (const change of changes) if (random.chance(0.35)) change();
  if (isEmpty(body)) body['password'] = secrets.password('change');
  const named: SubscriberBody = { username: now.username, domain: palette.domain, ...body };
  return { body: named, believed };
}
