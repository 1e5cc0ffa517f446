import { ngnpro } from './ngnpro/index.ts';
import type { Platform } from './port.ts';
import { sippulse } from './sippulse/index.ts';
import { sipwise } from './sipwise/index.ts';
import { webportal } from './webportal/index.ts';

/** The only list of platforms. */
export const PLATFORMS: readonly Platform[] = [sipwise, sippulse, ngnpro, webportal];

export function findPlatform(name: string): Platform | undefined {
  return PLATFORMS.find((platform) => platform.name === name);
}
