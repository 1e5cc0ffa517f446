import { z } from 'zod';

/* When something is done by itself: at times like those of crontab, or at a fixed pace. */

/** Least and most of each field, as crontab(5) has them; 7 is Sunday too. */
const FIELDS = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of the month', 1, 31],
  ['month', 1, 12],
  ['day of the week', 0, 7],
] as const;

const PART = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/;

function isPart(part: string, least: number, most: number): boolean {
  const [matched, from = '', to = from, every = '1'] = PART.exec(part) ?? [];
  if (matched === undefined || Number(every) < 1) return false;
  return from === '' || (Number(from) >= least && Number(from) <= Number(to) && Number(to) <= most);
}

/** What is wrong with the times of a schedule, or null. */
function cronFault(text: string): string | null {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) return 'must have five fields, e.g. "30 2 * * *" for half past two each night';
  for (const [at, [name, least, most]] of FIELDS.entries()) {
    const isGood = fields[at]!.split(',').every((part) => isPart(part, least, most));
    if (!isGood) return `has no good ${name}: numbers from ${least} to ${most}, "*", lists, ranges and steps`;
  }
  return null;
}

const cron = z.string().superRefine((text, ctx) => {
  const fault = cronFault(text);
  if (fault !== null) ctx.addIssue({ code: 'custom', message: fault });
});

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `30m`, `12h`, `1d` in ms. */
export function paceMs(text: string): number {
  return Number(text.slice(0, -1)) * UNIT_MS[text.at(-1) as keyof typeof UNIT_MS];
}

/** Settings of a schedule; `checkWhen` goes with them. */
export const scheduleShape = {
  cron: cron.optional().describe('When, in five fields like those of crontab; or else `every`.'),
  timezone: z
    .string()
    .refine(isTimezone, { error: 'must be the name of a time zone, e.g. Europe/Vienna' })
    .default('UTC')
    .describe('Time zone of `cron`.'),
  every: z
    .string()
    .regex(/^[1-9]\d{0,3}[mhd]$/, { error: 'must be a number of minutes, hours or days: 30m, 12h, 1d' })
    .optional()
    .describe('A fixed pace instead of `cron`: `30m`, `12h`, `1d`.'),
};

/** A schedule has times or a pace, not both. */
export function checkWhen(
  { cron: at, every }: { readonly cron?: string | undefined; readonly every?: string | undefined },
  ctx: z.RefinementCtx,
): void {
  if ((at === undefined) === (every === undefined)) {
    ctx.addIssue({ code: 'custom', message: 'must have either "cron" or "every"' });
  }
}
