import type { PlannedCall, PlannedStepView } from '../../../flows/rehearsal/view.ts';

/** A call as a person knows it: `POST /api/customers/`, `SubscriberWS.insertSubscriber`. */
export function callText({ method, path, service, operation }: PlannedCall): string {
  if (operation === undefined) return `${method ?? ''} ${path ?? ''}`;
  return service === undefined ? operation : `${service}.${operation}`;
}

/** What a drawing says of a step besides its name: its calls, each once. */
export function linesOf({ calls }: PlannedStepView): string[] {
  const times = new Map<string, number>();
  for (const call of calls) times.set(callText(call), (times.get(callText(call)) ?? 0) + 1);
  return [...times].map(([text, count]) => (count === 1 ? text : `${count} × ${text}`));
}

/** A step's name, with what was found of it and whether there is a way back. */
export function headingOf({ id, class: stepClass, found }: PlannedStepView): string {
  return [id, stepClass === 'pivot' ? 'no way back' : '', found?.state ?? ''].filter(Boolean).join(' · ');
}
