import type { Plain } from '../types.ts';
import type { Contract } from './contract.ts';

type Tree = { readonly [name: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The one place where what npm `soap` reads becomes what our types say: without XML attributes, lists as lists whatever
 * their members are called, leaves as numbers and booleans where our WSDL has them so (ngnpro.md, "npm soap" 6). What our
 * WSDL does not know stays a text.
 * @param answer the answer's wrapper, whose single part may have any name
 */
export function decodeAnswer(contract: Contract, type: string | null, answer: unknown): Plain {
  if (type === null || answer === null || answer === undefined) return null;
  if (!isTree(answer)) return decode(contract, type, answer);
  const parts = Object.entries(answer).filter(([name]) => name !== 'attributes');
  if (parts.length === 0) return decode(contract, type, answer);
  const [, part] = parts.find(([name]) => name === 'return') ?? parts[0] ?? [];
  return decode(contract, type, part);
}

function decode(contract: Contract, type: string, raw: unknown): Plain {
  const element = contract.listOf(type);
  // npm soap reads an empty element as null, and leaves out one that is nil.
  if (raw === null || raw === undefined || isNil(raw)) {
    if (element !== null) return [];
    return type === 'string' && raw === null ? '' : null;
  }
  if (element !== null || isArrayByItself(raw)) {
    return elementsOf(raw).map((one) => decode(contract, element ?? '', one));
  }
  const value = isTree(raw) && Object.hasOwn(raw, '$value') ? raw['$value'] : raw;
  if (value === null || value === undefined) return null;
  if (isTree(value)) return decodeMembers(contract, type, value);
  return Array.isArray(value) ? value.map((one) => decode(contract, type, one)) : leaf(type, value);
}

function decodeMembers(contract: Contract, type: string, value: Tree): Plain {
  const members = contract.struct(type);
  const typeOf = new Map(members?.map(({ name, type: own }) => [name, own]));
  const entries = Object.entries(value).filter(([name]) => name !== 'attributes');
  // An element without content is a struct without members, or the empty text.
  if (entries.length === 0 && members === null) return leaf(type, '');
  return Object.fromEntries(entries.map(([name, member]) => [name, decode(contract, typeOf.get(name) ?? '', member)]));
}

function isNil(raw: unknown): boolean {
  const attributes = isTree(raw) && isTree(raw['attributes']) ? raw['attributes'] : {};
  return Object.entries(attributes).some(([name, value]) => name.endsWith('nil') && String(value) !== 'false');
}

/** A list of a type that our WSDL does not know says so itself. */
function isArrayByItself(raw: unknown): boolean {
  const attributes = isTree(raw) && isTree(raw['attributes']) ? raw['attributes'] : {};
  return Object.keys(attributes).some((name) => name.endsWith('arrayType'));
}

/** By position, not by name. */
function elementsOf(raw: unknown): unknown[] {
  if (Array.isArray(raw)) return raw;
  if (!isTree(raw)) return raw === '' ? [] : [raw];
  return Object.entries(raw)
    .filter(([name]) => name !== 'attributes')
    .flatMap(([, member]) => member);
}

const NUMBERS = new Set(['int', 'integer', 'nonNegativeInteger', 'double']);

function leaf(type: string, value: unknown): Plain {
  if (NUMBERS.has(type)) {
    const text = String(value).trim();
    const number = Number(text);
    return text === '' || !Number.isFinite(number) ? null : number;
  }
  if (type === 'boolean') {
    const text = String(value).trim().toLowerCase();
    return text === '' ? null : text === 'true' || text === '1';
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
