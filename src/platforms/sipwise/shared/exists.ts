import { isGone } from '../refusal.ts';
import type { SipwiseClient } from '../types.ts';

/** Whether there is an object at a path of the platform. */
export async function exists(client: SipwiseClient, path: string): Promise<boolean> {
  try {
    await client.get(path);
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
