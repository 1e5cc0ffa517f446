export {
  classOfRow,
  describePattern,
  findAnswer,
  matchesAnswer,
  type Answer,
  type AnswerPattern,
  type AnswerRow,
} from './answers.ts';
export { CATALOGUE, type CatalogueEntry, type ErrorClass, type ErrorCode } from './catalogue.ts';
export { TurnupError, type Fault } from './turnup-error.ts';
