export { CATALOGUE, type CatalogueEntry, type ErrorClass, type ErrorCode } from './catalogue.ts';
export { TurnupError, type Fault, type TurnupErrorOptions } from './turnup-error.ts';
