export { canonicalContent } from './canonical.ts';
export { mergeFaults } from './faults.ts';
export type { Order, Subscriber } from './order.ts';
export { formatPath } from './paths.ts';
export { parseOrder, type ParseContext } from './parse.ts';
export { toPosted } from './posted.ts';
export {
  generateMissing,
  joinSecrets,
  keepSecrets,
  passwordPath,
  replaceSecrets,
  secretPath,
  splitSecrets,
} from './secrets.ts';
export { orderShape, type PostedOrder } from './shape.ts';
export { parseJsonStrict } from './strict-json.ts';
