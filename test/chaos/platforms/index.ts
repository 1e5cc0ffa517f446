import type { ChaosPlatform } from './platform.ts';
import { ngnpro } from './ngnpro/index.ts';
import { sippulse } from './sippulse/index.ts';
import { sipwise } from './sipwise/index.ts';
import { webportal } from './webportal/index.ts';

export const CHAOS_PLATFORMS: readonly ChaosPlatform[] = [sipwise, sippulse, ngnpro, webportal];
