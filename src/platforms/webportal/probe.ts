import { TurnupError } from '../../errors/index.ts';
import type { CheckedCapability } from '../port.ts';
import type { Profile } from './profile/model.ts';
import { OPERATION_NAMES, type OperationName } from './profile/operations.ts';
import { namesIn } from './profile/rules.ts';
import type { WebportalClient } from './types.ts';
import type { Values } from './wire/values.ts';

/** Nobody's: what is looked for only to see that looking works. */
const NOBODY = 'turnup-probe';

/** Reads that need nothing but what can be made up, so that the portal answers that there is none. */
const PROBED: readonly OperationName[] = [
  'dashboard.get',
  'company.find',
  'user.find',
  'portedOut.find',
  'wlr.find',
  'antifraud.get',
];

/** What no order can do without. */
const NEEDED: readonly OperationName[] = ['company.find', 'company.create', 'office.create', 'user.create'];

function madeUp({ keys }: Profile, number: string): Values {
  const companyKey = keys.company === 'externalId' ? NOBODY : '00000000000';
  return {
    companyKey,
    number,
    userKey: keys.user === 'number' ? number : NOBODY,
    username: NOBODY,
    domain: 'probe.invalid',
    orderKey: NOBODY,
  };
}

/** Looks at what an order needs, with reads only. Never throws. */
export async function probe(client: WebportalClient): Promise<CheckedCapability[]> {
  const { profile } = client;
  const checked: CheckedCapability[] = [profileLine(profile)];
  const names = madeUp(profile, `+${profile.countryCode}0000000000`);
  for (const name of PROBED) {
    const operation = profile.operations.get(name);
    if (!operation) continue;
    if ([...namesIn(operation)].some((needed) => names[needed] === undefined)) continue;
    checked.push(await look(client, name, names));
  }
  if (checked.length === 1) {
    checked.push({ name: 'reads', ok: false, detail: 'the profile maps no read that can be tried without an order' });
  }
  return checked;
}

function profileLine({ title, verifiedAgainst, operations }: Profile): CheckedCapability {
  const missing = NEEDED.filter((name) => !operations.has(name));
  const lacks = OPERATION_NAMES.filter((name) => !operations.has(name));
  const detail = `"${title}", verified against ${verifiedAgainst}; ${
    lacks.length === 0 ? 'maps every operation' : `does not map ${lacks.join(', ')}`
  }`;
  return { name: 'profile', ok: missing.length === 0, detail };
}

async function look(client: WebportalClient, name: OperationName, names: Values): Promise<CheckedCapability> {
  try {
    const found = await client.find(name, names);
    return { name, ok: true, detail: found.length === 0 ? 'answers: nothing there' : `answers: ${found.length} there` };
  } catch (error) {
    return { name, ok: false, detail: error instanceof TurnupError ? error.message : 'failed for an unknown reason' };
  }
}
