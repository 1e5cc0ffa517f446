import { isIP } from 'node:net';
import { definitionOf, type PreferenceDefinition } from '../definitions/index.ts';
import { invalid, type JsonValue } from '../refusal.ts';
import type { PreferenceScalar, PreferenceValue } from '../rows.ts';
import { characters } from '../text.ts';
import type { SipwiseState } from '../state.ts';

/** sipwise-ngcp.md §8.7. */
const MAX_LENGTH = 128;
const INTEGER = /^[+-]?\d+$/;

type References = SipwiseState['references'];

/** Values that are names of other things, and how the server calls those. */
function refuseUnknownReference(name: string, value: string, references: References): void {
  const unknown = (kind: string): Error => invalid(`Unknown ${kind} '${value}'`);
  switch (name) {
    case 'rewrite_rule_set':
      if (!references.rewriteRuleSets.has(value)) throw unknown('rewrite_rule_set');
      return;
    case 'ncos':
    case 'adm_ncos':
    case 'adm_cf_ncos':
      if (!references.ncosLevels.has(value)) throw unknown('ncos_level');
      return;
    case 'sound_set':
    case 'contract_sound_set':
      if (!references.soundSets.has(value)) throw unknown(name);
      return;
    case 'header_rule_set':
    case 'emergency_mapping_container':
    case 'ncos_set':
    case 'adm_ncos_set':
      throw unknown(name);
    default:
  }
}

function refuseBadNetwork(name: string, entry: string): void {
  const [address = '', net] = entry.split('/', 2);
  const version = isIP(address);
  if (version === 0) {
    throw invalid(
      `Invalid IPv4 or IPv6 address in ${name} entry '${entry}', must be valid address with optional /net suffix`,
    );
  }
  const bits = version === 4 ? 32 : 128;
  if (net !== undefined && !(/^\d+$/.test(net) && Number(net) <= bits)) {
    throw invalid(`Invalid IPv${version} network portion in ${name} entry '${entry}', must be 0 <= net <= ${bits}`);
  }
}

function typeOf(value: JsonValue): string {
  if (Array.isArray(value)) return 'ARRAY';
  return typeof value === 'object' && value !== null ? 'HASH' : '';
}

const BOOLEANS: Record<string, boolean> = { true: true, false: false, '1': true, '0': false };

function scalar(definition: PreferenceDefinition, value: JsonValue): PreferenceScalar {
  const { name, dataType } = definition;
  if (typeof value === 'object') {
    throw invalid(`Invalid data structure as value for element in preference '${name}', expected plain value`);
  }
  const text = typeof value === 'boolean' && dataType !== 'boolean' ? (value ? '1' : '0') : String(value);
  if (characters(text) > MAX_LENGTH) throw invalid(`Preference '${name}' exceeds maximum length of 128 characters`);
  const wrongType = (): Error =>
    invalid(`Invalid data type for element in preference '${name}', expected '${dataType}'`);
  switch (dataType) {
    case 'int':
      if (!INTEGER.test(text)) throw wrongType();
      return Number(text);
    case 'boolean': {
      const flag = BOOLEANS[text];
      if (flag === undefined) throw wrongType();
      return flag;
    }
    case 'enum':
      if (!definition.values.some((one) => one.value === text)) {
        throw invalid(`Invalid enum value in preference '${name}'`);
      }
      return text;
    default:
      return text;
  }
}

/**
 * Checks one preference and gives the value as it is stored; null for a name the platform does not know, which is
 * ignored in silence.
 * @throws Refusal 422 with the server's text (§8.7).
 */
export function checkPreference(name: string, value: JsonValue, references: References): PreferenceValue | null {
  // Gone from the definitions, yet not ignored: no value of it is any good.
  if (name === 'prepaid_library') throw invalid("Invalid enum value in preference 'prepaid_library'");
  const definition = definitionOf(name);
  if (!definition) return null;
  const type = typeOf(value);
  if (!definition.list) {
    if (type !== '') throw invalid(`Invalid data type '${type}' for preference '${name}', expected flat value`);
    const stored = scalar(definition, value);
    refuseUnknownReference(name, String(stored), references);
    return stored;
  }
  if (!Array.isArray(value)) throw invalid(`Invalid data type '${type}' for preference '${name}', expected ARRAY`);
  const stored = value.map((element) => scalar(definition, element));
  if (name === 'allowed_ips' || name === 'man_allowed_ips') {
    for (const entry of stored) refuseBadNetwork(name, String(entry));
  }
  if (name === 'allowed_clis') {
    const twice = stored.find((cli, at) => stored.indexOf(cli) !== at);
    if (twice !== undefined) throw invalid(`Duplicate allowed_clis value: ${String(twice)}`);
  }
  return stored;
}
