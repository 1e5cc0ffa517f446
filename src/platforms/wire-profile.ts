import type { Fault } from '../errors/index.ts';

/* A part of the port, which names it `WireProfile`. */

/** A call as a profile tells it, with made-up values. */
export interface ExampleCall {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

export interface ReadWireProfile<Settings> {
  readonly title: string;
  /** What a person should know of it, no fault each. */
  readonly notes: readonly string[];
  /** Operations of the platform that it does not map. */
  readonly unmapped: readonly string[];
  readonly calls: readonly ExampleCall[];
  /** An order as a CRM would post it, with all that the profile has a place for; and settings to rehearse it with. */
  readonly sample: { readonly order: object; readonly settings: Settings };
}

/** Of a platform whose calls an operator tells by a file. */
export interface WireProfileFor<Settings> {
  /** @param text of the file. `profile` is null where there are faults. */
  check(text: string): { readonly faults: readonly Fault[]; readonly profile: ReadWireProfile<Settings> | null };
  /** JSON Schema of the file, for editors. */
  jsonSchema(): object;
}
