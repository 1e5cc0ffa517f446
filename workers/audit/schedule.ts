import type { Queue } from 'bullmq';

/** When an audit of a whole target begins by itself. */
export interface AuditSchedule {
  readonly target: string;
  readonly repair: boolean;
  /** Of five fields, in `timezone`; or else a fixed pace. */
  readonly when: { readonly cron: string; readonly timezone: string } | { readonly everyMs: number };
}

export interface ScheduledData {
  readonly target: string;
  readonly repair: boolean;
}

/** Name of the jobs that begin an audit. */
export const SCHEDULED = 'begin an audit';
/** Of those that are over, to be looked at on the dashboard. */
const KEPT = 20;

const keyOf = ({ target, when, repair }: AuditSchedule): string => {
  const pace = 'cron' in when ? `${when.cron} ${when.timezone}` : `every ${when.everyMs}`;
  return `${target} ${pace}${repair ? ' repair' : ''}`.replaceAll(':', '.');
};

/** Keeps BullMQ's schedulers as the configuration of this process has them. */
export function createSchedule({ queue, schedules }: { queue: Queue; schedules: readonly AuditSchedule[] }) {
  const wanted = new Map(schedules.map((one) => [keyOf(one), one]));

  async function install(): Promise<void> {
    const there = new Set((await queue.getJobSchedulers()).map(({ key }) => key));
    for (const key of there) if (!wanted.has(key)) await queue.removeJobScheduler(key);
    for (const [key, { target, repair, when }] of wanted) {
      // One that is there keeps its time: a restart must not put off what comes at a fixed pace.
      if (there.has(key)) continue;
      const pace = 'cron' in when ? { pattern: when.cron, tz: when.timezone } : { every: when.everyMs };
      const opts = { removeOnComplete: { count: KEPT }, removeOnFail: { count: KEPT } };
      await queue.upsertJobScheduler(key, pace, { name: SCHEDULED, data: { target, repair }, opts });
    }
  }

  return {
    install,
    /** A Redis that lost its data has lost the schedule too. */
    async watch(): Promise<void> {
      if ((await queue.getJobSchedulersCount()) !== wanted.size) await install();
    },
  };
}
