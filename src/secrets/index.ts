export { generatePassword, generatePin } from './generate.ts';
export { createKeyRing, type KeyRing, type RingKey } from './key-ring.ts';
export { sameSecret } from './same-secret.ts';
