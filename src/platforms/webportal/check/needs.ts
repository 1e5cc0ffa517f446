import type { Faults, Path } from '../../check-faults.ts';
import type { Profile } from '../profile/model.ts';
import type { OperationName } from '../profile/operations.ts';
import type { WebportalSettings } from '../settings.ts';

/** What the door looks at. */
export interface About {
  readonly profile: Profile;
  readonly settings: WebportalSettings;
  readonly faults: Faults;
  readonly needs: Needs;
}

export interface Needs {
  /** Names the operation where the profile does not map it. */
  operation(name: OperationName, path: Path): void;
  /** What finds and makes a thing: the look may be left out where a repeated create does no harm. */
  creation(owner: 'company' | 'office' | 'user', path: Path): void;
}

export function createNeeds({ operations, title }: Profile, faults: Faults): Needs {
  const operation = (name: OperationName, path: Path): void => {
    if (!operations.has(name)) faults.add(path, `needs ${name}, which the profile "${title}" does not map`);
  };
  return {
    operation,
    creation(owner, path) {
      operation(`${owner}.create`, path);
      if (operations.get(`${owner}.create`)?.repeat !== 'idempotent') operation(`${owner}.find`, path);
    },
  };
}
