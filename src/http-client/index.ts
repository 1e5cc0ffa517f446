export { createHttpClient } from './client.ts';
export { parseRetryAfter } from './retry-after.ts';
export type { CallHooks, CallRecord, HttpClient, HttpRequest, HttpResponse, HttpSettings } from './types.ts';
