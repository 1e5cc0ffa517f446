export {
  classOfRow,
  describePattern,
  findAnswer,
  matchesAnswer,
  type Answer,
  type AnswerRow,
  type FaultRule,
} from './answers.ts';
export { CATALOGUE, ERROR_CLASSES, type CatalogueEntry, type ErrorClass, type ErrorCode } from './catalogue.ts';
export { evidenceOf, withEvidence, type Evidence, type Exchanged, type Excerpt } from './evidence.ts';
export { TurnupError, type Fault } from './turnup-error.ts';
export { withoutSecrets } from './without-secrets.ts';
