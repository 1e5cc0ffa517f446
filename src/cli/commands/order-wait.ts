import { openApi, type ApiClient, type ApiOptions } from '../api-client.ts';
import { orderText } from '../order-text.ts';
import { EXIT_FAILED, EXIT_OK } from '../report.ts';
import { parseSeconds, watchOrder } from '../watch-order.ts';

export async function waitAndTell(
  api: ApiClient,
  id: string,
  options: { seconds: number; json: boolean },
): Promise<number> {
  const { order, ended } = await watchOrder(api, id, { seconds: options.seconds, quiet: options.json });
  console.log(options.json ? JSON.stringify(order, null, 2) : orderText(order));
  if (!ended) console.error(`The order goes on, but not within ${options.seconds} s: see "turnup order show ${id}".`);
  return order.state === 'completed' ? EXIT_OK : EXIT_FAILED;
}

export async function run(input: ApiOptions & { id: string; timeout: string }): Promise<number> {
  const seconds = parseSeconds(input.timeout);
  return waitAndTell(await openApi(input), input.id, { seconds, json: input.json === true });
}
