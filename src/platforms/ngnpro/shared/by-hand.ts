import { z } from 'zod';

/** Ids as the platform makes them, in what a person tells who did a step by hand. */
export const customerId = z.int().min(1).max(2_147_483_647);
