import type { Kind } from '../shared/kinds.ts';
import { changeAliasesStep } from './change-aliases.ts';
import { changeBillingProfileStep } from './change-billing-profile.ts';
import { changeContactStep, changeCustomerStep } from './change-customer.ts';
import { changeEnumNumbersStep } from './change-enum-numbers.ts';
import { changeSubscriberStep } from './change-subscriber.ts';
import { mailboxRemovalStep } from './mailbox-removal.ts';
import { numberMoveStep } from './number-move.ts';
import { passwordStep } from './password.ts';
import { RESUME_STEPS, SUSPEND_STEPS } from './suspension.ts';
import { TERMINATE_STEPS } from './termination.ts';

/** What steps mean otherwise than in a provision order, by action. */
export const LIFE_STEPS = {
  modify: {
    customer: changeCustomerStep,
    contact: changeContactStep,
    billingProfile: changeBillingProfileStep,
    subscriber: changeSubscriberStep,
    aliases: changeAliasesStep,
    enumNumbers: changeEnumNumbersStep,
    password: passwordStep,
    mailboxRemoval: mailboxRemovalStep,
    numberMove: numberMoveStep,
  },
  suspend: SUSPEND_STEPS,
  resume: RESUME_STEPS,
  terminate: TERMINATE_STEPS,
} satisfies { readonly [action: string]: { readonly [kind: string]: Kind } };
