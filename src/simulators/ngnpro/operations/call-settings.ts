import { invalid } from '../fault.ts';
import { accountIn, type Operations } from '../operation.ts';
import { number, struct, structs, text, texts, type Struct } from '../values.ts';

const CONDITIONS = ['FUNC', 'FNOL', 'FBUS', 'FNOA', 'FUNV'];
const MAILBOX = '<voice-mailbox>';
const SIP_URI = /^sips?:[^\s@<>]+@[^\s@<>]+$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const EVERY_DAY = 127;

function divertedTo(diversions: Struct, condition: string): string {
  const destination = text(diversions, condition);
  if (destination !== MAILBOX && !SIP_URI.test(destination)) throw invalid(`${condition} ${destination}`);
  return destination;
}

function persistentRule(given: Struct): Struct {
  const start = text(given, 'start');
  const stop = text(given, 'stop');
  const days = number(given, 'days');
  if (!TIME.test(start) || !TIME.test(stop)) throw invalid(`rule ${start} to ${stop}`);
  if (days < 0 || days > EVERY_DAY) throw invalid(`days ${days}`);
  return { start, stop, groups: texts(given, 'groups'), days };
}

export const callSettingOperations: Operations = {
  /**
   * Replaces all; `nocondition` is what makes a struct without a condition one that clears (ngnpro.md,
   * "setCallDiversions").
   */
  setCallDiversions(args, context) {
    const row = accountIn(args, context);
    const given = struct(args, 'diversions');
    if (Object.values(given).every((value) => value === undefined)) {
      if (context.settings.emptyDiversions === 'fault') throw invalid('diversions is empty');
      if (context.settings.emptyDiversions === 'ignored') return;
    }
    const set = CONDITIONS.filter((condition) => given[condition] !== undefined);
    row.diversions = Object.fromEntries(set.map((condition) => [condition, divertedTo(given, condition)]));
  },

  getCallDiversions: (args, context) => accountIn(args, context).diversions,

  setAcceptRules(args, context) {
    const row = accountIn(args, context);
    const rules = struct(args, 'rules');
    const temporary = struct(rules, 'temporary');
    if (number(temporary, 'duration') < 0) throw invalid('temporary.duration');
    row.acceptRules = {
      persistent: structs(rules, 'persistent').map(persistentRule),
      temporary: rules['temporary'] && {
        groups: texts(temporary, 'groups'),
        duration: number(temporary, 'duration'),
      },
    };
  },

  /** A temporary rule does not run out here: no time passes that an order could wait for. */
  getAcceptRules(args, context) {
    const { acceptRules, phonebook } = accountIn(args, context);
    const groups = [...phonebook.values()].map((entry) => text(entry, 'group')).filter((group) => group !== '');
    return {
      rules: { persistent: structs(acceptRules, 'persistent'), temporary: acceptRules['temporary'] },
      nonEmptyGroups: [...new Set(groups)].toSorted(),
    };
  },

  setRejectMembers(args, context) {
    const row = accountIn(args, context);
    const members = texts(args, 'members');
    const wrong = members.find((member) => !member.startsWith('sip:'));
    if (wrong !== undefined) throw invalid(`members ${wrong}`);
    row.rejectMembers = [...new Set(members)];
  },

  getRejectMembers: (args, context) => accountIn(args, context).rejectMembers,

  setBarringPrefixes(args, context) {
    const row = accountIn(args, context);
    const prefixes = texts(args, 'prefixes');
    const wrong = prefixes.find((prefix) => !/^\+[1-9]\d*$/.test(prefix));
    if (wrong !== undefined) throw invalid(`prefixes ${wrong}`);
    row.barringPrefixes = [...new Set(prefixes)];
  },

  getBarringPrefixes: (args, context) => accountIn(args, context).barringPrefixes,
};
