import { writeFile } from 'node:fs/promises';
import type { PlanView } from '../../../flows/rehearsal/view.ts';
import { planMermaid } from '../../api/plan/mermaid.ts';
import { planSvg } from '../../api/plan/svg.ts';
import { openApi, type ApiOptions } from '../api-client.ts';
import { isStopped, planText } from '../plan-text.ts';
import { readJsonText } from '../read-json.ts';
import { EXIT_FAILED, EXIT_OK, usage } from '../report.ts';

export interface PlanInput extends ApiOptions {
  file: string;
  check?: boolean;
  mermaid?: boolean;
  /** Where to write the drawing. */
  svg?: string;
}

async function writeDrawing(file: string, drawing: string): Promise<void> {
  try {
    await writeFile(file, drawing);
  } catch (error) {
    throw usage(`cannot write ${file} (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

export async function run({ file, check, mermaid, svg, ...options }: PlanInput): Promise<number> {
  if (mermaid && options.json) throw usage('--mermaid or --json, not both');
  const body = await readJsonText(file);
  const api = await openApi(options);
  const path = `/v1/orders?dryRun=true${check ? '&check=target' : ''}`;
  const plan = await api.call<PlanView>({ method: 'POST', path, body });
  if (svg !== undefined) await writeDrawing(svg, planSvg(plan));
  if (options.json) console.log(JSON.stringify(plan, null, 2));
  else if (mermaid) console.log(planMermaid(plan));
  else console.log(planText(plan));
  return isStopped(plan) ? EXIT_FAILED : EXIT_OK;
}
