import { z } from 'zod';

const FAULTS = ['dropReply', 'dropRequest', 'status', 'stall', 'reset', 'slow'] as const;

/** A timer of Node holds no more. */
const MAX_MS = 2 ** 31 - 1;

const matchSchema = z
  .strictObject({
    method: z.string().min(1).max(32).optional(),
    path: z.string().min(1).max(2048).optional(),
    operation: z.string().min(1).max(256).optional(),
  })
  .optional();

const ruleSchema = z
  .strictObject({
    match: matchSchema,
    fault: z.enum(FAULTS),
    status: z.int().min(200).max(599).optional(),
    ms: z.int().min(0).max(MAX_MS).optional(),
    probability: z.number().min(0).max(1).optional(),
    times: z.int().min(1).optional(),
  })
  .superRefine((rule, context) => {
    if (rule.fault === 'status' && rule.status === undefined) {
      context.addIssue({ code: 'custom', path: ['status'], message: "needed with the fault 'status'" });
    }
    if ((rule.fault === 'stall' || rule.fault === 'slow') && rule.ms === undefined) {
      context.addIssue({ code: 'custom', path: ['ms'], message: `needed with the fault '${rule.fault}'` });
    }
  });

const planSchema = z.strictObject({
  seed: z.int().optional(),
  rules: z.array(ruleSchema).max(1000),
});

/**
 * Which calls go wrong, and how. The first rule that matches a call, is not used up (`times`) and wins its draw
 * (`probability`, 1 when left out) decides; the draws come from one generator seeded with `seed` (0 when left out).
 *
 * `dropReply` does the work and closes the connection without an answer · `dropRequest` closes it without doing the
 * work · `status` answers `status` without doing the work · `stall` does nothing for `ms`, then closes the connection ·
 * `reset` sends a TCP RST without doing the work · `slow` waits `ms`, then does the work and answers.
 * `match.path` is compared with the path without its query; `*` stands for any run of characters.
 */
export type FaultPlan = z.infer<typeof planSchema>;
export type FaultRule = z.infer<typeof ruleSchema>;

/** One fault of a plan; `path` leads to the member. */
export interface FaultPlanIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A fault plan that is none; `issues` names every fault at once. */
export class FaultPlanError extends Error {
  readonly issues: readonly FaultPlanIssue[];

  constructor(issues: readonly FaultPlanIssue[]) {
    const listed = issues.map((issue) => `${issue.path.join('.') || 'plan'}: ${issue.message}`);
    super(`The fault plan is not valid: ${listed.join('; ')}`);
    this.name = 'FaultPlanError';
    this.issues = issues;
  }
}

/** @throws FaultPlanError */
export function parseFaultPlan(value: unknown): FaultPlan {
  const result = planSchema.safeParse(value);
  if (result.success) return result.data;
  throw new FaultPlanError(
    result.error.issues.map((issue) => ({
      path: issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
      message: issue.message,
    })),
  );
}
