export { createHttpClient } from './client.ts';
export { parseRetryAfter } from './retry-after.ts';
export type { CallHooks, CallRecord, HttpClient, HttpResponse, HttpSettings } from './types.ts';
