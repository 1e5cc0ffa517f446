import type { StepContext, StepKind } from '../../port.ts';
import type { SippulseClient } from '../types.ts';

export { byHand } from '../../operations/spec.ts';

export type Context = StepContext<SippulseClient>;
export type Kind = StepKind<SippulseClient>;
