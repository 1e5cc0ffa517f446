import { expect, test } from 'vitest';
import type { Assignment } from '../../src/orders/assignment.ts';
import { createHandedOver } from '../../workers/step/handed-over.ts';

const assignment = { externalId: 'E-1', token: 'next' } as Assignment;
const AT = 1_000_000;
const job = { id: 'o.1.f.customer', timestamp: AT - 5, attemptsStarted: 1 };

function handedOver(ageMs = 0) {
  const steps = createHandedOver();
  steps.keep(job.id, { assignment, at: AT }, performance.now() - ageMs);
  return steps;
}

test('a step that was handed over is taken once, by its job', () => {
  const steps = handedOver();
  expect(steps.take({ ...job, id: 'o.1.f.contact' })).toBeNull();
  expect(steps.take(job)).toMatchObject({ assignment });
  expect(steps.take(job)).toBeNull();
});

test.each([
  ['I3 a job that somebody started before', { attemptsStarted: 2 }],
  ['I11 a job that was added anew since', { timestamp: AT + 1 }],
])('%s has to ask the record', (_, other) => {
  const steps = handedOver();
  expect(steps.take({ ...job, ...other })).toBeNull();
  // It may have acted by now: nobody goes on with what it was told before.
  expect(steps.take(job)).toBeNull();
});

test('I7 what lies longer than a lease is trusted is forgotten', () => {
  expect(handedOver(1_001).take(job)).toBeNull();
});
