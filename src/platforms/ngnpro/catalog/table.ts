import { ACCOUNT_READS } from './accounts.ts';
import { LISTS } from './lists.ts';
import { OTHER_READS } from './others.ts';
import type { ReadSpec } from './spec.ts';

/** By the name in the path. */
export const READS: Readonly<Record<string, ReadSpec>> = { ...LISTS, ...ACCOUNT_READS, ...OTHER_READS };
