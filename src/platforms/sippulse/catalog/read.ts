import { plain as plainWithout } from '../../plain.ts';
import type { Json } from '../../port.ts';

/** Passwords and PINs: `password`, `voiceMailPassword`, `pinCode`. */
const SECRET = /pass(?!erted)|pin(?:code)?$/i;

/** An answer as plain data: without secrets, without the marks of the SOAP reader. */
export const plain = (value: unknown): Json => plainWithout(value, SECRET);
