import { rehearseOrder } from '../../../flows/rehearsal/rehearse.ts';
import type { PlannedCall, PlannedStepView } from '../../../flows/rehearsal/view.ts';
import { callText } from '../../../src/api/plan/text.ts';
import { withDomains } from '../../../src/intake/domains.ts';
import { parseOrder } from '../../../src/orders/model/index.ts';
import type { Platform, TargetSettings } from '../../../src/platforms/port.ts';
import { STAGES, type Chapter } from './stories.ts';

const introduction = ({ name, title }: Platform): string => `# A subscriber's life on ${title}

<!-- Generated from ops/docs/life-cycle and the steps of src/platforms/${name} by "npm run docs". Do not edit. -->

One worked example per action: the order as a CRM posts it, and its plan as \`turnup order plan FILE\` tells it. \`***\`
stands for a secret, \`{name}\` for what only the target knows.
${STAGES[name] === undefined ? '' : `\n${STAGES[name].text}`}`;

/** Settings with everything at its default that has one: a rehearsal calls nobody. */
function settingsOf(platform: Platform, name: string): TargetSettings {
  return {
    name,
    url: 'https://platform.example.com',
    auth: { username: 'turnup', password: '-' },
    tls: { verify: true },
    concurrency: 1,
    timeouts: { connectMs: 1, readMs: 1, writeMs: 1 },
    areaCodes: [],
    native: platform.settings.parse(STAGES[platform.name]?.native ?? {}),
  };
}

const body = ({ body: sent }: PlannedCall): string[] => (sent === undefined ? [] : [`  ${JSON.stringify(sent)}`]);

function stepText({ id, class: stepClass, calls, undo, note }: PlannedStepView): string[] {
  return [
    `${id}${stepClass === 'pivot' ? '   <- no way back from here' : ''}`,
    ...calls.flatMap((call) => [`  ${callText(call)}`, ...body(call).map((line) => `  ${line}`)]),
    ...undo.map((call) => `  undo: ${callText(call)}`),
    ...(note === undefined ? [] : [`  note: ${note}`]),
  ];
}

/** @throws {Error} for an example that the platform would refuse */
async function chapterText(platform: Platform, { title, text, order }: Chapter): Promise<string[]> {
  const settings = settingsOf(platform, order.target);
  const parsed = parseOrder(order, { now: new Date(0), areaCodes: () => [], maxSubscribers: 10 });
  const faults = parsed.ok ? platform.check(parsed.order, settings, null) : parsed.faults;
  if (!parsed.ok || faults.length > 0)
    throw new Error(`example ${title} of ${platform.name}: ${JSON.stringify(faults)}`);
  const { steps } = await rehearseOrder({ platform, settings, order: withDomains(parsed.order) });
  return [
    `## ${title}`,
    '',
    text,
    '',
    '```json',
    JSON.stringify(order, null, 2),
    '```',
    '',
    '```text',
    ...steps.flatMap(stepText),
    '```',
    '',
  ];
}

/** The page `docs/life-cycle/<platform>.md`. */
export async function renderLifeCycle(platform: Platform, chapters: readonly Chapter[]): Promise<string> {
  const offered = chapters.filter(({ order }) => platform.actions.includes(order.action ?? 'provision'));
  const texts = await Promise.all(offered.map((chapter) => chapterText(platform, chapter)));
  return `${[introduction(platform), ...texts.flat()].join('\n').trimEnd()}\n`;
}
