import { TurnupError } from '../../../errors/index.ts';
import type { StepContext } from '../../port.ts';
import type { Args, Item, SippulseClient } from '../types.ts';
import { isFault } from '../fault.ts';

export const RELOADS = 'ReloadModulesWS';

/** A call that makes the platform's proxies read what has changed (sippulse.md, "Retry …"). */
export interface Reload {
  readonly operation: 'reloadSubscriber' | 'reloadProfile' | 'reloadDid' | 'reloadAddress' | 'reloadHuntGroup';
  readonly args: Args;
  /** Its object was removed: whether the platform then still takes the reload is not known. */
  readonly isGone?: boolean;
}

export const reloadOfSubscriber = (item: Item): Reload => ({
  operation: 'reloadSubscriber',
  args: { username: item['username'], domain: item['domain'] },
});

export const RELOAD_OF_ADDRESSES: Reload = { operation: 'reloadAddress', args: {} };

export const gone = (what: Reload): Reload => ({ ...what, isGone: true });

/** A fault may also be a hiccup, and what is removed must no longer be served. */
const TRIES_WHEN_GONE = 3;

/**
 * Repeatable. All addresses are loaded at once, so one run serves everybody who asked before it.
 * @throws TurnupError; a fault of the service is `transient`: what was changed stays, the reload is tried again
 */
export async function reload(
  { client, shared }: Pick<StepContext<SippulseClient>, 'client' | 'shared'>,
  what: Reload,
): Promise<void> {
  const work = (): Promise<void> => send(client, what);
  await (what.operation === 'reloadAddress' ? shared.coalesced(what.operation, work) : work());
}

async function send(client: SippulseClient, { operation, args, isGone = false }: Reload): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await client.write(RELOADS, operation, args);
      return;
    } catch (error) {
      if (!isFault(error)) throw error;
      if (!isGone) throw asTransient(error);
      // What the platform refuses while it is well, it refuses because of what is gone.
      await client.read('DomainWS', 'listDomains', {});
      if (tries === TRIES_WHEN_GONE) return;
    }
  }
}

function asTransient(error: TurnupError): TurnupError {
  const { code, hint, detail, answer } = error;
  return new TurnupError(code, {
    class: 'transient',
    hint,
    cause: error,
    ...(detail !== undefined && { detail }),
    ...(answer && { answer }),
  });
}
