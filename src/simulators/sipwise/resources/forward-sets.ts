import type {
  Destination,
  DestinationSetRow,
  ForwardType,
  MappingRow,
  NumberSetRow,
  Period,
  SubscriberRow,
  TimeSetRow,
} from '../rows.ts';
import type { SipwiseState } from '../state.ts';

/** Making and dropping the sets and mappings that call forwards consist of. */

export function addDestinationSet(
  state: SipwiseState,
  owner: SubscriberRow,
  name: string,
  destinations: Destination[],
): DestinationSetRow {
  const set: DestinationSetRow = { id: state.nextId('cfdestinationsets'), owner, name, destinations };
  state.destinationSets.set(set.id, set);
  owner.forwards.destinationSets.push(set);
  return set;
}

export function addTimeSet(state: SipwiseState, owner: SubscriberRow, name: string, times: Period[]): TimeSetRow {
  const set: TimeSetRow = { id: state.nextId('cftimesets'), owner, name, times };
  state.timeSets.set(set.id, set);
  owner.forwards.timeSets.push(set);
  return set;
}

export function addNumberSet(
  state: SipwiseState,
  kind: 'sourceSets' | 'bnumberSets',
  owner: SubscriberRow,
  set: Pick<NumberSetRow, 'name' | 'mode' | 'is_regex' | 'values'>,
): NumberSetRow {
  const row: NumberSetRow = { id: state.nextId(kind), owner, ...set };
  owner.forwards[kind].push(row);
  return row;
}

export function addMapping(
  state: SipwiseState,
  type: ForwardType,
  parts: Pick<MappingRow, 'destinationSet'> & Partial<Omit<MappingRow, 'id' | 'type'>>,
): MappingRow {
  return {
    id: state.nextId('cfmappings'),
    type,
    timeSet: null,
    sourceSet: null,
    bnumberSet: null,
    enabled: true,
    use_redirection: false,
    ...parts,
  };
}

export const mappingsOf = (owner: SubscriberRow, type: ForwardType): MappingRow[] =>
  owner.forwards.mappings.filter((mapping) => mapping.type === type);

/** A set in use goes without a question, and every mapping that uses it goes with it (sipwise-ngcp.md §8.6). */
export function dropDestinationSet(state: SipwiseState, set: DestinationSetRow): void {
  const { forwards } = set.owner;
  state.destinationSets.delete(set.id);
  forwards.destinationSets = forwards.destinationSets.filter((one) => one !== set);
  forwards.mappings = forwards.mappings.filter((mapping) => mapping.destinationSet !== set);
}

export function dropTimeSet(state: SipwiseState, set: TimeSetRow): void {
  const { forwards } = set.owner;
  state.timeSets.delete(set.id);
  forwards.timeSets = forwards.timeSets.filter((one) => one !== set);
  forwards.mappings = forwards.mappings.filter((mapping) => mapping.timeSet !== set);
}

const isQuick = (set: { readonly name: string } | null): boolean => set?.name.startsWith('quickset_') ?? false;

/**
 * Takes a type's forward away, with the sets made behind the scenes for it. A destination set of the user's own goes
 * too, as with the real server; time, source and dialled-number sets of the user's own stay.
 */
export function clearType(state: SipwiseState, owner: SubscriberRow, type: ForwardType): void {
  const { forwards } = owner;
  for (const mapping of mappingsOf(owner, type)) {
    forwards.mappings = forwards.mappings.filter((one) => one !== mapping);
    const { destinationSet, timeSet, sourceSet, bnumberSet } = mapping;
    const used = (set: object): boolean =>
      forwards.mappings.some((one) =>
        [one.destinationSet, one.timeSet, one.sourceSet, one.bnumberSet].includes(set as never),
      );
    if (!used(destinationSet)) dropDestinationSet(state, destinationSet);
    if (timeSet && isQuick(timeSet) && !used(timeSet)) dropTimeSet(state, timeSet);
    if (sourceSet && isQuick(sourceSet)) forwards.sourceSets = forwards.sourceSets.filter((one) => one !== sourceSet);
    if (bnumberSet && isQuick(bnumberSet)) {
      forwards.bnumberSets = forwards.bnumberSets.filter((one) => one !== bnumberSet);
    }
  }
}
