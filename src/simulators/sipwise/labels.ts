import type { SimulatedAnswer } from '../harness/platform.ts';
import { errorBody, jsonError, type Refusal } from './refusal.ts';
import type { Outcome } from './resource.ts';

/**
 * How answers are labelled. Asked with exactly `Accept: application/json`, every answer says that, the empty and the
 * plain ones too; otherwise HAL, an empty label or text/plain (sipwise-ngcp.md §2).
 */
export interface Labels {
  /** Of a body that is HAL. */
  readonly success: string;
  /** Of the definitions, which are labelled HAL whatever is asked for. */
  readonly hal: string;
  readonly json: string;
  readonly empty: string;
  readonly plain: string;
  /** A type asked for by name that items of the generic code cannot serve, or null. */
  readonly unservable: string | null;
}

const JSON_TYPE = 'application/json';
const HAL_TYPE = 'application/hal+json; profile="http://purl.org/sipwise/ngcp-api/"; charset=utf-8';

function unservableOf(accept: string | undefined): string | null {
  if (accept === undefined || accept === '' || accept === JSON_TYPE || accept.includes('*/*')) return null;
  const types = accept.split(',').map((type) => type.split(';', 1)[0]!.trim());
  return types.find((type) => type !== JSON_TYPE) ?? accept;
}

export function labelsOf(accept: string | undefined): Labels {
  const exact = accept === JSON_TYPE;
  return {
    success: exact ? JSON_TYPE : HAL_TYPE,
    hal: HAL_TYPE,
    json: JSON_TYPE,
    empty: exact ? JSON_TYPE : '',
    plain: exact ? JSON_TYPE : 'text/plain; charset=UTF-8',
    unservable: unservableOf(accept),
  };
}

export function outcomeAnswer(outcome: Outcome, labels: Labels): SimulatedAnswer {
  const headers: Record<string, string> = {
    'content-type': outcome.body === null ? labels.empty : labels.success,
  };
  if (outcome.location !== undefined) headers['location'] = outcome.location;
  if (outcome.applied !== undefined) headers['preference-applied'] = `return=${outcome.applied}`;
  return {
    status: outcome.status,
    headers,
    body: outcome.body === null ? '' : JSON.stringify(outcome.body),
  };
}

export function refusalAnswer(refusal: Refusal): SimulatedAnswer {
  return jsonError(refusal.status, refusal.message);
}

/** A write of a read-only administrator: the one error without its label (§1). */
export function readOnlyAnswer(labels: Labels): SimulatedAnswer {
  return {
    status: 403,
    headers: { 'content-type': labels.empty },
    body: errorBody(403, 'Invalid HTTP method for read-only user'),
  };
}
