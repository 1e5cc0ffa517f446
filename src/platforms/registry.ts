import type { Platform } from './port.ts';

/** The only list of platforms. */
export const PLATFORMS: readonly Platform[] = [];

export function findPlatform(name: string): Platform | undefined {
  return PLATFORMS.find((platform) => platform.name === name);
}
