import type { EvidenceView } from '../../api/orders/evidence.ts';
import { openApi, orderPath, type ApiOptions } from '../api-client.ts';
import { evidenceText } from '../evidence-text.ts';
import { EXIT_OK } from '../report.ts';

export async function run(input: ApiOptions & { id: string }): Promise<number> {
  const api = await openApi(input);
  const path = orderPath(input.id, 'evidence');
  const { items } = await api.call<{ items: EvidenceView[] }>({ method: 'GET', path });
  console.log(input.json ? JSON.stringify(items, null, 2) : evidenceText(items));
  return EXIT_OK;
}
