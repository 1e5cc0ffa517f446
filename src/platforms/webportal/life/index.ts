import type { Platform } from '../../port.ts';
import type { WebportalClient } from '../types.ts';
import { modifyCompanyStep } from './modify-company.ts';
import { modifyUserStep, passwordsStep } from './modify-user.ts';
import { resumeCompanyStep, resumeUserStep, suspendCompanyStep, suspendUserStep } from './status.ts';
import { ownershipStep, terminateCompanyStep, terminateUserStep } from './terminate.ts';

/** What a step means in orders that change what is there. */
export const stepsOf: NonNullable<Platform<WebportalClient>['stepsOf']> = {
  modify: { company: modifyCompanyStep, subscriber: modifyUserStep, passwords: passwordsStep },
  suspend: { company: suspendCompanyStep, subscriber: suspendUserStep },
  resume: { company: resumeCompanyStep, subscriber: resumeUserStep },
  terminate: { company: terminateCompanyStep, ownership: ownershipStep, subscriber: terminateUserStep },
};
