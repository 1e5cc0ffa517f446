import { namesOf, pathsOf } from '../soap/names.ts';
import { RELOAD_AFTER, reloadAfterStep } from './reloads.ts';
import type { Kind } from './spec.ts';
import { OPERATION_TABLE, specOf } from './table.ts';

export { checkOperations } from './check.ts';
export { planOperations } from './plan.ts';

/** By `<service>.<operation>`, under the name of the live service and the one of the vendor's page. */
export const OPERATIONS: { readonly [name: string]: { readonly title: string } } = Object.fromEntries(
  OPERATION_TABLE.flatMap(({ service, operation, title }) =>
    pathsOf(service).flatMap((path) => namesOf(operation).map((name) => [`${path}.${name}`, { title }])),
  ),
);

/** Members of the arguments that hold secrets. */
export const OPERATION_SECRETS: readonly string[] = [
  'operations.*.args.actualPassword',
  'operations.*.args.newPassword',
  'operations.*.args.confirmNewPassword',
  'operations.*.args.password',
  'operations.*.args.voicemailPassword',
  'operations.*.args.reseller.password',
  'operations.*.args.subscriber.password',
  'operations.*.args.subscriber.passwordPortal',
  'operations.*.args.subscriber.voiceMailPassword',
  'operations.*.args.subscriber.pinCode',
];

export const operationSteps: { readonly [kind: string]: Kind } = {
  ...Object.fromEntries(OPERATION_TABLE.map(({ operation, step }) => [operation, step])),
  [RELOAD_AFTER]: reloadAfterStep(specOf),
};
