import type { SimulatedAnswer, SimulatedRequest } from './platform.ts';
import { FaultPlanError, parseFaultPlan, type FaultPlan } from './fault-plan.ts';
import type { Call } from './call-log.ts';

/** What the `/__` paths steer. */
export interface Controls {
  state(): object;
  calls(): readonly Call[];
  setFaults(plan: FaultPlan): void;
  reset(): void;
}

export function isControlPath(path: string): boolean {
  return path.startsWith('/__');
}

function json(status: number, value: unknown): SimulatedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function faults(request: SimulatedRequest, controls: Controls): SimulatedAnswer {
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString('utf8'));
  } catch {
    return json(400, { message: 'The fault plan is not JSON', errors: [{ path: [], message: 'not JSON' }] });
  }
  try {
    const plan = parseFaultPlan(value);
    controls.setFaults(plan);
    return json(200, plan);
  } catch (error) {
    if (!(error instanceof FaultPlanError)) throw error;
    return json(400, { message: error.message, errors: error.issues });
  }
}

const ROUTES: Record<string, (request: SimulatedRequest, controls: Controls) => SimulatedAnswer> = {
  'GET /__state': (_request, controls) => json(200, controls.state()),
  'GET /__calls': (_request, controls) => json(200, controls.calls()),
  'POST /__faults': faults,
  'POST /__reset': (_request, controls) => {
    controls.reset();
    return json(200, { reset: true });
  },
};

/** The `/__` paths of every stand-in: no login, no faults, not in the call log. */
export function handleControl(request: SimulatedRequest, controls: Controls): SimulatedAnswer {
  const route = ROUTES[`${request.method} ${request.path}`];
  if (route) return route(request, controls);
  return json(404, { message: 'Not found', paths: Object.keys(ROUTES) });
}
