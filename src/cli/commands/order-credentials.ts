import { openApi, orderPath, type ApiOptions } from '../api-client.ts';
import { EXIT_OK } from '../report.ts';

/** Always as JSON: it is meant for a program or a file, and it is there only for ten minutes. */
export async function run(input: ApiOptions & { id: string }): Promise<number> {
  const api = await openApi(input);
  const credentials = await api.call<unknown>({ method: 'GET', path: orderPath(input.id, 'credentials') });
  console.log(JSON.stringify(credentials, null, 2));
  return EXIT_OK;
}
