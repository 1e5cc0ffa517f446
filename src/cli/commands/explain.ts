import { policyOf } from '../../../workers/step/policy.ts';
import { loadConfig, type Config } from '../../config/index.ts';
import { CATALOGUE, describePattern, type Answer, type FaultRule } from '../../errors/index.ts';
import { stepKindNames, type Platform } from '../../platforms/port.ts';
import { findPlatform, PLATFORMS } from '../../platforms/registry.ts';
import { explainAnswer } from '../../targets/faults.ts';
import { explainedText, type Explained } from '../explain-text.ts';
import { EXIT_OK, usage } from '../report.ts';

export interface ExplainInput {
  readonly target: string;
  readonly status: string;
  readonly text: string;
  readonly config?: string;
  readonly step?: string;
  readonly read?: boolean;
  readonly json?: boolean;
}

const NO_TARGETS: Config['targets'] = new Map();

interface Asked {
  readonly platform: Platform;
  readonly rules: readonly FaultRule[];
}

/** A target is looked up in the configuration; a platform is there without one. */
async function findAsked({ target, config }: ExplainInput): Promise<Asked> {
  const platform = findPlatform(target);
  const read = loadConfig(config === undefined ? {} : { path: config });
  const { targets } = await (platform && config === undefined ? read.catch(() => ({ targets: NO_TARGETS })) : read);
  const found = targets.get(target);
  if (found) return { platform: found.platform, rules: found.faults };
  if (platform) return { platform, rules: [] };
  const known = [...targets.keys(), ...PLATFORMS.map(({ name }) => name)].join(', ');
  throw usage(`there is no target "${target}"; there are: ${known}`);
}

function readAnswer({ status, text, step, read }: ExplainInput, platform: Platform): Answer {
  if (!/^[1-5]\d\d$/.test(status)) throw usage(`"${status}" is no HTTP status; give 100 to 599`);
  const known = stepKindNames(platform);
  if (step !== undefined && !known.includes(step)) {
    throw usage(`${platform.name} has no step "${step}"; it has: ${known.join(', ')}`);
  }
  return { status: Number(status), text, write: !read, ...(step !== undefined && { step }) };
}

function explain(target: string, { platform, rules }: Asked, answer: Answer): Explained {
  const { rule, row, class: errorClass, hint } = explainAnswer(platform.answers, rules, answer);
  return {
    target,
    platform: platform.name,
    answer,
    row: { place: platform.answers.indexOf(row), pattern: describePattern(row) },
    rule: rule === null ? null : { place: rule, pattern: describePattern(rules[rule]!) },
    code: row.code,
    says: row.says,
    class: errorClass,
    hint: hint ?? CATALOGUE[row.code].hint,
    forward: policyOf(errorClass, 'f'),
    undo: policyOf(errorClass, 'u'),
  };
}

export async function run(input: ExplainInput): Promise<number> {
  const asked = await findAsked(input);
  const explained = explain(input.target, asked, readAnswer(input, asked.platform));
  console.log(input.json ? JSON.stringify(explained, null, 2) : explainedText(explained));
  return EXIT_OK;
}
