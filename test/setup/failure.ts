import { expect } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';

/** What work that must fail is refused with. */
export async function failure(work: Promise<unknown>): Promise<TurnupError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(TurnupError);
  return error as TurnupError;
}
