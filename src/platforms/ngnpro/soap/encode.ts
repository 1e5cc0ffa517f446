import type { Args } from '../types.ts';
import type { Contract, Member } from './contract.ts';

const XSD_TYPES = new Set(['string', 'int', 'integer', 'nonNegativeInteger', 'double', 'boolean']);

export interface EncodeOptions {
  /** Prefix of the port's own types in its WSDL. */
  readonly prefix: string;
  /** Whether every value says its type, as the vendor's client does. */
  readonly xsiTypes: boolean;
}

/**
 * A call's arguments as npm `soap` writes them in rpc/encoded form: lists wrapped, nothing that is `null`, members of
 * one type in the order of the WSDL. What our WSDL does not know, since a newer platform told it, goes back as it came.
 * @returns `null` for a call without arguments (ngnpro.md, "npm soap" 3 and 5)
 */
export function encodeArgs(
  contract: Contract,
  parts: readonly Member[],
  args: Args,
  options: EncodeOptions,
): Args | null {
  const members = encodeMembers(contract, parts, args, options);
  return Object.keys(members).length === 0 ? null : members;
}

function encodeMembers(contract: Contract, known: readonly Member[], value: Args, options: EncodeOptions): Args {
  const names = new Set(known.map(({ name }) => name));
  const others = Object.keys(value)
    .filter((name) => !names.has(name))
    .map((name) => ({ name, type: '' }));
  return Object.fromEntries(
    [...known, ...others]
      .map(({ name, type }) => [name, encode(contract, type, value[name], options)] as const)
      .filter(([, member]) => member !== undefined),
  );
}

function encode(contract: Contract, type: string, value: unknown, options: EncodeOptions): unknown {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const element = contract.listOf(type) ?? 'string';
    const items = value.map((one) => encode(contract, element, one, options)).filter((one) => one !== undefined);
    return soapArray(qualified(element, options), items);
  }
  if (typeof value === 'object') {
    const members = encodeMembers(contract, contract.struct(type) ?? [], value as Args, options);
    return options.xsiTypes && type !== '' ? { ...typed(type, options), ...members } : members;
  }
  const text = typeof value === 'boolean' ? (value ? '1' : '0') : value;
  return options.xsiTypes && type !== '' ? { ...typed(type, options), $value: text } : text;
}

/** ngnpro.md, "npm soap" 5. */
function soapArray(type: string, items: readonly unknown[]): Args {
  return {
    attributes: { 'xsi:type': 'SOAP-ENC:Array', 'SOAP-ENC:arrayType': `${type}[${items.length}]` },
    ...(items.length > 0 && { item: items }),
  };
}

const qualified = (type: string, { prefix }: EncodeOptions): string =>
  `${XSD_TYPES.has(type) ? 'xsd' : prefix}:${type}`;

const typed = (type: string, options: EncodeOptions): Args => ({
  attributes: { 'xsi:type': qualified(type, options) },
});
