import { RequestFault } from './fault.ts';
import type { Member, Types } from './wsdl-text.ts';

export type Scalar = string | number | boolean;
/** The simple members of a DTO; a member that was not sent is undefined. */
export interface Fields {
  readonly [member: string]: Scalar | undefined;
}
export interface Arguments {
  readonly [name: string]: Scalar | Fields | readonly (Scalar | Fields)[] | undefined;
}

const SIMPLE = new Set(['string', 'int', 'long', 'double', 'boolean']);
const INT_MAX = 2 ** 31 - 1;

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** The text of an element that also bears attributes. */
const plain = (value: unknown): unknown => own(value, '$value') ?? value;

/** A Java primitive that is not sent keeps its zero; an object stays null (sippulse.md, subscriberDTO). */
function missing({ type, optional }: Member): Scalar | undefined {
  if (optional || type === 'string') return undefined;
  return type === 'boolean' ? false : 0;
}

function scalar(member: Member, raw: unknown): Scalar {
  const value = plain(raw);
  const wanted = member.type === 'string' || member.type === 'boolean' ? member.type : 'number';
  // `xsi:nil` and an empty number both come as null: neither is allowed by these types.
  if (typeof value !== wanted || Number.isNaN(value)) {
    throw new RequestFault(`Unmarshalling Error: not a valid value of ${member.type} for element ${member.name}`);
  }
  if (member.type === 'int' && Math.abs(value as number) > INT_MAX) {
    throw new RequestFault(`Unmarshalling Error: value out of range for element ${member.name}`);
  }
  return value as Scalar;
}

function one(types: Types, member: Member, raw: unknown): Scalar | Fields {
  return SIMPLE.has(member.type) ? scalar(member, raw) : (unmarshal(types, member.type, raw) as Fields);
}

/**
 * What the server's classes hold of what npm `soap` has read: unknown members ignored, members that were not sent as
 * Java leaves them.
 * @throws RequestFault for a value that its type does not allow
 */
export function unmarshal(types: Types, type: string, raw: unknown): Arguments {
  const result: Record<string, Arguments[string]> = {};
  for (const member of types.get(type) ?? []) {
    const value = own(raw, member.name);
    if (member.many) {
      const items = value === undefined ? [] : Array.isArray(value) ? value : [value];
      result[member.name] = items.map((item: unknown) => one(types, member, item));
    } else if (value === undefined) {
      result[member.name] = SIMPLE.has(member.type) ? missing(member) : undefined;
    } else {
      result[member.name] = one(types, member, Array.isArray(value) ? value.at(-1) : value);
    }
  }
  return result;
}

/** For npm `soap`'s server, which sends members in the order it is given them: the order of the type, nothing empty. */
export function marshal(types: Types, type: string, value: object): object {
  const members = types.get(type) ?? [];
  const known = new Set(members.map(({ name }) => name));
  const stranger = Object.keys(value).find((name) => !known.has(name));
  if (stranger !== undefined) throw new Error(`${type} has no member ${stranger}`);
  const result: Record<string, unknown> = {};
  for (const { name, type: memberType, many } of members) {
    const given = own(value, name);
    if (given === undefined) continue;
    const convert = (item: unknown): unknown =>
      SIMPLE.has(memberType) ? item : marshal(types, memberType, item as object);
    if (!many) result[name] = convert(given);
    else if ((given as unknown[]).length > 0) result[name] = (given as unknown[]).map(convert);
  }
  return result;
}
