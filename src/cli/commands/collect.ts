import { setTimeout as sleep } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import type { RunSummary } from '../../collector/model.ts';
import type { CollectionView } from '../../collector/read.ts';
import { openApi, type ApiClient, type ApiOptions } from '../api-client.ts';
import { progressText, runText } from '../collect-text.ts';
import { EXIT_FAILED, EXIT_OK } from '../report.ts';
import { isPassing, parseSeconds } from '../watch-order.ts';

const LOOK_EVERY_MS = 300;

export interface CollectInput extends ApiOptions {
  readonly source: string;
  readonly since?: string;
  readonly timeout: string;
}

type Detail = CollectionView & { readonly runs: readonly RunSummary[] };

interface Screen {
  show(text: string): void;
  done(): void;
}

/** On a terminal a line that moves; elsewhere a line for each change. */
function createScreen(stream: NodeJS.WriteStream): Screen {
  if (stream.isTTY) {
    const update = createLogUpdate(stream);
    return { show: update, done: () => update.clear() };
  }
  let last = '';
  return {
    show(text) {
      if (text !== last) stream.write(`${text}\n`);
      last = text;
    },
    done() {},
  };
}

/** Shows a run until it has ended. @returns null when it has not within that time */
async function watch(api: ApiClient, path: string, id: string, screen: Screen | null, seconds: number) {
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    try {
      const seen = await api.call<Detail>({ method: 'GET', path });
      const ended = seen.runs.find((one) => one.id === id);
      if (ended) return ended;
      screen?.show(seen.run?.id === id ? progressText(seen.run) : 'waiting for a worker …');
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await sleep(LOOK_EVERY_MS);
  }
  return null;
}

/** One run of a source, by the workers, and what it came to. */
export async function run({ source, since, timeout, json, ...options }: CollectInput): Promise<number> {
  const seconds = parseSeconds(timeout);
  const api = await openApi(options);
  const path = `/v1/collections/${encodeURIComponent(source)}`;
  const body = JSON.stringify(since === undefined ? {} : { since });
  const { id } = await api.call<{ id: string }>({ method: 'POST', path: `${path}/runs`, body });
  const screen = json ? null : createScreen(process.stdout);
  const ended = await watch(api, path, id, screen, seconds).finally(() => screen?.done());
  if (!ended) {
    console.error(`The run goes on, but not within ${seconds} s: see ${path}.`);
    return EXIT_FAILED;
  }
  console.log(json ? JSON.stringify(ended, null, 2) : runText(ended));
  return ended.outcome === 'done' || ended.outcome === 'more' ? EXIT_OK : EXIT_FAILED;
}
