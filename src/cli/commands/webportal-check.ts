import colours from 'picocolors';
import { rehearseOrder } from '../../../flows/rehearsal/rehearse.ts';
import type { PlanView } from '../../../flows/rehearsal/view.ts';
import type { Fault } from '../../errors/index.ts';
import { parseOrder } from '../../orders/model/index.ts';
import type { Platform, ReadWireProfile, TargetSettings } from '../../platforms/port.ts';
import { findPlatform } from '../../platforms/registry.ts';
import { planText } from '../plan-text.ts';
import { readJsonText } from '../read-json.ts';
import { EXIT_FAILED, EXIT_OK } from '../report.ts';

export interface CheckInput {
  readonly file: string;
  readonly json?: boolean;
}

type Profile = ReadWireProfile<TargetSettings>;

/** What a sample order comes to: its plan, or why the door refuses it. */
type Sample = { readonly plan: PlanView } | { readonly refused: readonly Fault[] };

/** An order with everything that the profile has a place for. */
async function rehearse(platform: Platform, { sample }: Profile): Promise<Sample> {
  const parsed = parseOrder(sample.order, { now: new Date(), areaCodes: () => [], maxSubscribers: 1 });
  if (!parsed.ok) return { refused: parsed.faults };
  const refused = platform.check(parsed.order, sample.settings, null);
  if (refused.length > 0) return { refused };
  const order = { ...parsed.order, domains: parsed.order.subscribers.map(({ domain }) => domain) };
  return { plan: await rehearseOrder({ platform, settings: sample.settings, order }) };
}

const faultLine = ({ path, message }: Fault): string => `  ${colours.bold(path.join('.'))}: ${message}`;

function faultLines(file: string, faults: readonly Fault[]): string[] {
  const many = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return [
    `${colours.red(many)} in ${file}`,
    ...faults.map(({ path, message }) => `  ${colours.bold(path.join('.'))}: ${message}`),
  ];
}

function callLines({ calls }: Profile): string[] {
  return calls.flatMap(({ operation, method, path, body }) => [
    `  ${colours.bold(operation)}: ${method} ${path}`,
    ...(body === undefined ? [] : [colours.dim(`      ${JSON.stringify(body)}`)]),
  ]);
}

function profileLines(profile: Profile, sample: Sample): string[] {
  const { title, notes, unmapped } = profile;
  const lacks = `does not map ${unmapped.join(', ')}: orders that need one are refused`;
  return [
    `${colours.green('no faults')}: ${colours.bold(title)}`,
    ...notes.map((note) => `  ${note}`),
    unmapped.length === 0 ? '  maps every operation' : `  ${lacks}`,
    '',
    'An example of each call:',
    ...callLines(profile),
    '',
    ...('plan' in sample
      ? ['A sample order:', planText(sample.plan)]
      : ['A sample order would be refused:', ...sample.refused.map(faultLine)]),
  ];
}

/** Looks at a profile without calling anything. */
export async function run({ file, json = false }: CheckInput): Promise<number> {
  const platform = findPlatform('webportal');
  if (!platform?.wireProfile) throw new Error('no platform reads wire profiles');
  const { faults, profile } = platform.wireProfile.check(await readJsonText(file));
  const sample = profile && (await rehearse(platform, profile));
  if (json) {
    const { title, notes, unmapped, calls } = profile ?? {};
    const shown = profile && { title, notes, unmapped, calls, order: profile.sample.order, ...sample };
    console.log(JSON.stringify({ faults, profile: shown }, null, 2));
  } else if (!profile || !sample) console.log(faultLines(file, faults).join('\n'));
  else console.log(profileLines(profile, sample).join('\n'));
  return profile ? EXIT_OK : EXIT_FAILED;
}
