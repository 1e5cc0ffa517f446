import type { StepChange } from '../../../flows/amendment.ts';
import type { PlannedStepView, PlanView } from '../../../flows/rehearsal/view.ts';
import type { OrderView } from '../../orders/record.ts';
import { openApi, orderPath, type ApiOptions } from '../api-client.ts';
import { orderText } from '../order-text.ts';
import { planText } from '../plan-text.ts';
import { readJsonText } from '../read-json.ts';
import { EXIT_OK } from '../report.ts';
import { parseSeconds } from '../watch-order.ts';
import { waitAndTell } from './order-wait.ts';

export interface AmendOptions extends ApiOptions {
  dryRun?: boolean;
  wait?: boolean;
  timeout: string;
}

type AmendedPlan = Omit<PlanView, 'steps'> & {
  steps: (PlannedStepView & { change: StepChange })[];
  undo: readonly { id: string; title: string }[];
};

const CHANGE_TEXT: Record<StepChange, string> = {
  keep: 'stays as it is',
  redo: 'taken back, and done anew',
  undo: 'taken back',
  add: 'added',
  do: 'not done yet',
};

function differenceText({ steps, undo }: AmendedPlan): string {
  const lines = [
    ...undo.map(({ id, title }) => `  ${id} (${title}): ${CHANGE_TEXT.undo}`),
    ...steps.map(({ id, change }) => `  ${id}: ${CHANGE_TEXT[change]}`),
  ];
  return lines.join('\n');
}

export async function run({ id, file, ...input }: AmendOptions & { id: string; file: string }): Promise<number> {
  const seconds = parseSeconds(input.timeout);
  const body = await readJsonText(file);
  const api = await openApi(input);
  const path = orderPath(id, 'amend');
  if (input.dryRun) {
    const plan = await api.call<AmendedPlan>({ method: 'POST', path: `${path}?dryRun=true`, body });
    console.log(input.json ? JSON.stringify(plan, null, 2) : `${differenceText(plan)}\n${planText(plan)}`);
    return EXIT_OK;
  }
  const order = await api.call<OrderView>({ method: 'POST', path, body });
  if (input.wait) return waitAndTell(api, order.id, { seconds, json: input.json === true });
  console.log(input.json ? JSON.stringify(order, null, 2) : orderText(order));
  return EXIT_OK;
}
