/** What the reconciler repairs: the label of its metric, and what the journal says. */
export const REPAIRS = {
  mailboxNotPassed: 'the mailbox was not passed on',
  orderJobMissing: 'the order had no jobs',
  orderJobFailed: 'the job of the order had failed',
  orderJobEnded: 'the job of the order had ended early',
  orderJobStuck: 'the job of the order waited for nothing',
  stepJobMissing: 'the job of an open step was missing',
  stepJobFailed: 'the job of an open step had failed',
  stepJobEnded: 'the job of an open step had ended',
  stepJobStuck: 'the job of a step waited for steps that are done',
  undoNotStarted: 'the undo had not begun',
  leaseOrphaned: 'a step was held by an attempt that is gone',
  leftoverRemoved: 'an attempt that had vanished came back and made something twice',
  laneOrphaned: 'a step that is over was in the way of others',
  queueNotParked: 'the breaker was open and the queue of the target ran',
  queueParkedForNothing: 'the queue of the target was parked and its breaker closed',
} as const;

export type Repair = keyof typeof REPAIRS;
