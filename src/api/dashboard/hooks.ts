import type { AfterHook, BeforeHook, BoardHooks, ControllerHandlerReturnType } from '@bull-board/api/typings/app';
import type { Logger } from '../../observability/index.ts';
import { actorOf, hasRole } from '../auth/principal.ts';
import { boardActor, type BoardActor } from './actor.ts';
import { permissionOf } from './policy.ts';

const RETRY_JOB = '/api/queues/:queueName/:jobId/retry';
const RETRY_ALL = '/api/queues/:queueName/retry/:queueStatus';

const refused = (message: string) => ({ allow: false, status: 403, message }) as const;

/** Viewers are shown no buttons at all. Those that nobody may use the board cannot hide from the others. */
function hideButtons(result: ControllerHandlerReturnType, actor: BoardActor): ControllerHandlerReturnType {
  const { body } = result;
  if (hasRole(actor.operator, 'operator') || typeof body === 'string' || !('queues' in body)) return result;
  const queues = (body['queues'] as Record<string, unknown>[]).map((queue) => ({
    ...queue,
    readOnlyMode: true,
    allowRetries: false,
  }));
  return { ...result, body: { ...body, queues } };
}

/** The board counts every job it asked to retry as retried. */
function countRefused(result: ControllerHandlerReturnType, actor: BoardActor): ControllerHandlerReturnType {
  const { body } = result;
  if (typeof body === 'string' || !('retried' in body)) return result;
  const { size } = actor.refused;
  return { ...result, body: { retried: Number(body['retried']) - size, skipped: Number(body['skipped']) + size } };
}

/** Who may do what on the board, and a line in the log for everything that changes something. */
export function createHooks(log: Logger): Required<BoardHooks> {
  const before: BeforeHook = ({ method, route, request }) => {
    const actor = boardActor.getStore();
    const permission = permissionOf(method, route);
    if (!actor || permission === null || permission === 'nobody') {
      return refused('This is not offered here: it would go past the order record.');
    }
    if (!hasRole(actor.operator, permission)) return refused(`Role "${permission}" is needed.`);
    if (route === RETRY_ALL && request.params['queueStatus'] !== 'failed')
      return refused('Only failed jobs are retried.');
    if (method !== 'get') {
      const { queueName, jobId } = request.params as { queueName?: string; jobId?: string };
      log.info(
        { by: actorOf(actor.operator), action: `${method} ${route}`, queue: queueName, job: jobId },
        'board action',
      );
    }
    return { allow: true };
  };

  const after: AfterHook = ({ route }, result) => {
    const actor = boardActor.getStore();
    if (!actor) return result;
    if (route === '/api/queues') return hideButtons(result, actor);
    if (route === RETRY_ALL) return countRefused(result, actor);
    if (route === RETRY_JOB && actor.refusal) {
      const { status, detail, title } = actor.refusal;
      return {
        status: status === 404 ? 404 : 409,
        body: { error: { key: 'ERRORS.JOB_NOT_RETRIABLE', options: { state: '' } }, message: detail ?? title },
      };
    }
    return result;
  };
  return { before, after };
}
