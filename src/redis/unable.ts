/**
 * Replies by which a Redis says that it is not (yet, or any more) able to serve. Redis 6 wraps those of a script's
 * commands in a text of its own.
 */
const UNABLE =
  /^(?:ERR Error running script .*: -)?(LOADING|BUSY|READONLY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF|UNBLOCKED|NOAUTH|WRONGPASS|NOPERM)\b/;

/** What ioredis itself says; it has no class of its own for most of these. */
const LOST =
  /^(Connection is closed|Stream isn't writeable|Command timed out|Reached the max retries per request|Socket timeout|All sentinels are unreachable)/;

/** The word at the start of such a reply, `OOM` for instance; null for any other text. */
export function inabilityOf(message: string): string | null {
  return UNABLE.exec(message)?.[1] ?? null;
}

/** Whether Redis was away or unable, so that the same may go well later; false for what is wrong with the command. */
export function isRedisUnable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A transaction is refused with a reply that does not say why; ioredis keeps those of its commands.
  const { previousErrors = [] } = error as { previousErrors?: readonly unknown[] };
  return inabilityOf(error.message) !== null || LOST.test(error.message) || previousErrors.some(isRedisUnable);
}
