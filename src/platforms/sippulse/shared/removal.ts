import { isFault } from '../fault.ts';

/** A removal whose fault may only mean that there is nothing to remove: the look decides. */
export async function removeAndLook(remove: () => Promise<unknown>, isThere: () => Promise<boolean>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!isFault(error) || (await isThere())) throw error;
  }
}
