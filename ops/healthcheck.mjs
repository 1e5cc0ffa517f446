// Ends with 0 when the process of this container answers its liveness probe. The slim image has neither curl nor wget.
const url = process.env.TURNUP_HEALTH_URL ?? 'http://127.0.0.1:3000/healthz';

try {
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  if (!ok) throw new Error(`status ${status}`);
} catch (error) {
  console.error(`${url}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
