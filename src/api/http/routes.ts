import type { RequestHandler, Response, Router } from 'express';
import { TurnupError } from '../../errors/index.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type Methods = Partial<Record<Method, RequestHandler | readonly RequestHandler[]>>;

/** The pattern of the path, for metrics: a path itself holds ids and would never end. */
export function routeOf(res: Response): string | null {
  const route: unknown = res.locals['route'];
  return typeof route === 'string' ? route : null;
}

export const nameRoute =
  (pattern: string): RequestHandler =>
  (_req, res, next) => {
    res.locals['route'] ??= pattern;
    next();
  };

/** All methods of one path in one place, so that any other one is answered 405 with the list (RFC 9110 §15.5.6). */
export function addRoute(router: Router, path: string, methods: Methods): void {
  const route = router.route(path);
  route.all(nameRoute(path));
  const allowed: string[] = ['OPTIONS'];
  for (const [method, handlers] of Object.entries(methods) as [Method, RequestHandler | RequestHandler[]][]) {
    allowed.push(method.toUpperCase(), ...(method === 'get' ? ['HEAD'] : []));
    route[method](...[handlers].flat());
  }
  const allow = allowed.toSorted().join(', ');
  route.all((req, res) => {
    res.set('Allow', allow);
    if (req.method !== 'OPTIONS') throw new TurnupError('TURNUP_METHOD_NOT_ALLOWED', { detail: `allowed: ${allow}` });
    res.status(204).end();
  });
}
