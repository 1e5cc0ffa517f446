import type { PlannedStep } from '../../src/platforms/port.ts';

/** A call that changes the target. `{name}` stands for what only the target gives, `***` for a secret. */
export interface PlannedCall {
  method?: string;
  path?: string;
  service?: string;
  operation?: string;
  body?: unknown;
}

/** What a look at the target found of a step. */
export interface Found {
  /**
   * `absent`: will be made · `adopted`: there, and left alone · `unchanged`: as wanted · `different`: will be changed ·
   * `conflict`: somebody else's · `rejected`: cannot be done · `unknown`: hangs on a step before it that cannot be done
   */
  state: 'absent' | 'adopted' | 'unchanged' | 'different' | 'conflict' | 'rejected' | 'unknown';
  /** Ids of what is there, as a step leaves them. */
  result?: unknown;
  /** Members of the order that the target has otherwise: left alone where it is adopted, changed where it is different. */
  differs?: readonly string[];
  error?: { code: string; title: string; detail: string | null; hint: string };
}

export interface PlannedStepView {
  id: string;
  kind: string;
  needs: readonly string[];
  class: PlannedStep['class'];
  calls: PlannedCall[];
  undo: PlannedCall[];
  /** What cannot be told, or needs a person. */
  note?: string;
  found?: Found;
}

export interface PlanView {
  steps: PlannedStepView[];
  /** The first step after which there is no way back. */
  pivot: string | null;
}
