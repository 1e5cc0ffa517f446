import type { RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TurnupError } from '../../errors/index.ts';
import { actorOf, principalOf } from './principal.ts';

/** What a limiter of rate-limiter-flexible throws, as one of ours; anything else is passed on. */
export function tooMany(thrown: unknown): never {
  if (thrown instanceof RateLimiterRes) {
    throw new TurnupError('TURNUP_RATE_LIMITED', { retryAfterMs: thrown.msBeforeNext });
  }
  throw thrown;
}

/**
 * Requests a minute of one caller, counted in this process: a count in Redis would cost every order a round trip, and
 * would be gone just when Redis is. With several API processes each allows the whole of it.
 */
export function createRateLimit(requestsPerMinute: number): RequestHandler {
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  return async (_req, res, next) => {
    await limiter.consume(actorOf(principalOf(res))).catch(tooMany);
    next();
  };
}
