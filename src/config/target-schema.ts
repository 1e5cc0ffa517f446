import { z } from 'zod';
import { ERROR_CLASSES, type Fault, type FaultRule } from '../errors/index.ts';
import { stepKindNames, type Platform, type TargetSettings } from '../platforms/port.ts';
import { answerText } from './answer-text.ts';
import { faultsOf } from './faults.ts';
import { redacted } from './redact.ts';
import { impersonated, name as namePattern, webUrl } from './schema.ts';
import { pemText, readTexts, secretText, type Sources } from './sources.ts';

export interface Rate {
  /** Platform calls, logins included, over all workers. */
  readonly max: number;
  readonly perSeconds: number;
}

/** One configured target. */
export interface TargetConfig {
  readonly name: string;
  readonly platform: Platform;
  /** What the platform's `connect`, `check` and `probe` take. `tls.ca`, `cert` and `key` are PEM texts, not paths. */
  readonly settings: TargetSettings;
  /** `null`: no limit. */
  readonly rate: Rate | null;
  readonly faults: readonly FaultRule[];
}

const faultRule = z.strictObject({
  status: z.int().min(100).max(599).optional().describe('Status of the answer; left out: any.'),
  text: answerText.optional().describe('What the text of the answer holds; left out: any text.'),
  step: z.string().min(1).max(64).optional().describe('Kind of the step, e.g. `subscriber`; left out: any step.'),
  class: z.enum(ERROR_CLASSES).describe('What Turnup then does (docs/faults.md).'),
  hint: z.string().min(1).max(500).optional().describe("What an operator reads instead of the table's hint."),
});

export const NO_IMPERSONATION = ({ title }: Platform): string => `${title} knows no impersonation`;

const timeout = z.int().min(100).max(600_000);

/** Settings of every target, whatever its platform. */
export function commonTargetShape(sources: Sources, platforms: readonly Platform[]) {
  const names = platforms.map((platform) => platform.name);
  return {
    platform: z
      .string()
      .refine((name) => names.includes(name), { error: `must be one of ${names.join(', ')}` })
      .describe(`Kind of the target: ${names.map((name) => `\`${name}\``).join(', ')}.`),
    url: webUrl.describe("Where the platform's API is."),
    auth: z
      .strictObject({
        username: z.string().min(1).max(255).describe('Login on the platform.'),
        password: secretText(sources, z.string().min(1).max(1024)).describe('Its password.'),
        impersonate: impersonated
          .optional()
          .describe(
            "Id of the platform's customer or reseller on whose behalf the login acts, where the platform can; `clients[].impersonate` names another for a client.",
          ),
      })
      .describe('How Turnup logs in.'),
    tls: z
      .strictObject({
        ca: pemText(sources).optional().describe('Certificates to trust, instead of those of Node.'),
        cert: pemText(sources).optional().describe('Client certificate.'),
        key: pemText(sources).optional().describe('Key of the client certificate.'),
        verify: z.boolean().default(true).describe('`false` accepts any certificate: for laboratories only.'),
      })
      .prefault({})
      .describe('TLS towards the platform.'),
    areaCodes: z
      .array(z.string().regex(/^\+[1-9][0-9]{1,11}$/, { error: 'must be "+" and 2 to 12 digits' }))
      .max(10_000)
      .default([])
      .describe('Number prefixes that end in an area code: `+431` splits +4319876 into 43, 1, 9876.'),
    concurrency: z.int().min(1).max(1000).default(8).describe('Steps at once on this target, over all workers.'),
    rate: z
      .strictObject({
        max: z.int().min(1).max(100_000).describe('Calls in that time.'),
        perSeconds: z.int().min(1).max(3600).default(1).describe('The time, in seconds.'),
      })
      .optional()
      .describe('Most platform calls, logins included, over all workers. Left out: no limit.'),
    timeouts: z
      .strictObject({
        connectMs: timeout.default(10_000).describe('For a connection to be made.'),
        readMs: timeout.default(30_000).describe('For the answer of a call that reads.'),
        writeMs: timeout.default(60_000).describe('For the answer of a call that writes.'),
      })
      .prefault({})
      .describe('How long a call may take.'),
    faults: z
      .array(faultRule)
      .max(100)
      .default([])
      .describe("Answers to be taken otherwise than the platform's table has them; the first that matches counts."),
  };
}

/** The platform's own settings; refuses unknown ones even where the platform's schema would drop them. */
export function nativeSchema(platform: Platform): z.ZodType {
  return platform.settings instanceof z.ZodObject ? platform.settings.strict() : platform.settings;
}

function splitMembers(value: object, common: object): { shared: object; own: object } {
  const entries = Object.entries(value);
  return {
    shared: Object.fromEntries(entries.filter(([key]) => Object.hasOwn(common, key))),
    own: Object.fromEntries(entries.filter(([key]) => !Object.hasOwn(common, key))),
  };
}

/**
 * As issues of the surrounding schema. They are made custom ones, because zod goes on after an unknown key as if the
 * value were whole.
 */
function passOn(issues: readonly z.core.$ZodIssue[], ctx: z.RefinementCtx): void {
  for (const { path, message } of faultsOf(issues)) ctx.addIssue({ code: 'custom', path: [...path], message });
}

/** What could not be read is missing for no other reason. */
function unless(faults: readonly Fault[], issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const told = new Set(faults.map(({ path }) => path.join('.')));
  return issues.filter(({ path }) => !told.has(path.join('.')));
}

function unknownSteps(platform: Platform, rules: readonly { step?: string | undefined }[], ctx: z.RefinementCtx): void {
  for (const [at, { step }] of rules.entries()) {
    if (step === undefined || stepKindNames(platform).includes(step)) continue;
    const known = stepKindNames(platform).join(', ');
    ctx.addIssue({ code: 'custom', path: ['faults', at, 'step'], message: `must be one of ${known}` });
  }
}

/** `targets`: a name each, the common settings and, beside them, those of its platform. */
export function targetsSchema(sources: Sources, platforms: readonly Platform[]) {
  const shape = commonTargetShape(sources, platforms);
  const common = z.strictObject(shape);
  const target = z.record(z.string(), z.unknown()).transform((value, ctx) => {
    const { shared, own } = splitMembers(value, shape);
    const parsed = common.safeParse(shared);
    const platform = platforms.find((candidate) => candidate.name === value['platform']);
    const texts = readTexts(own, sources);
    const native = platform === undefined ? null : nativeSchema(platform).safeParse(texts.value);
    if (parsed.error) passOn(parsed.error.issues, ctx);
    for (const { path, message } of texts.faults) ctx.addIssue({ code: 'custom', path: [...path], message });
    if (native?.error) passOn(unless(texts.faults, native.error.issues), ctx);
    if (!parsed.data || !native?.success || !platform || texts.faults.length > 0) return z.NEVER;
    const { data } = parsed;
    const makesPair = (data.tls.cert === undefined) === (data.tls.key === undefined);
    if (!makesPair) ctx.addIssue({ code: 'custom', path: ['tls'], message: '"cert" and "key" belong together' });
    if (data.auth.impersonate !== undefined && !platform.impersonates) {
      ctx.addIssue({ code: 'custom', path: ['auth', 'impersonate'], message: NO_IMPERSONATION(platform) });
    }
    unknownSteps(platform, data.faults, ctx);
    const settings = { ...data, name: '', tls: defined(data.tls), native: native.data };
    for (const { path, message } of platform.settingsFaults?.(settings) ?? []) {
      ctx.addIssue({ code: 'custom', path: [...path], message });
    }
    return { platform, common: data, native: native.data };
  });
  return z
    .record(namePattern, target)
    .default({})
    .transform(
      (targets): ReadonlyMap<string, TargetConfig> =>
        new Map(
          Object.entries(targets).map(
            ([
              name,
              {
                platform,
                common: { auth, tls, rate, faults, ...more },
                native,
              },
            ]) => [
              name,
              {
                name,
                platform,
                // Of a platform's own settings only the platform knows which are secrets.
                settings: redacted(
                  {
                    name,
                    url: more.url,
                    auth: redacted(defined(auth), ['password']),
                    tls: redacted(defined(tls), ['key']),
                    concurrency: more.concurrency,
                    timeouts: more.timeouts,
                    areaCodes: more.areaCodes,
                    native,
                  },
                  ['native'],
                ),
                rate: rate ?? null,
                faults: faults.map((rule) => defined(rule) as FaultRule),
              },
            ],
          ),
        ),
    );
}

function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
