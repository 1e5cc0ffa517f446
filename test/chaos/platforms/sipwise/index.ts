import { createControl } from '../../control.ts';
import type { Evidence } from '../../audit/evidence.ts';
import type { ChaosPlatform } from '../platform.ts';
import { LOGIN, openHand, type SipwiseEvidence, type State } from './hand.ts';
import type { Leftovers } from './left.ts';
import { makeLeftovers } from './leftovers.ts';
import { auditObjects } from './objects.ts';
import { createLifeWords, PROFILES } from './life-words.ts';
import { createPalette, seenLives, withoutLives } from './lives.ts';
import { createPlanner } from './orders.ts';
import { isReal, undoIsBlocked } from './reasons.ts';
import { createOwnerOf, sentSecrets } from './writes.ts';

/** Id of the billing profile that is there from the start. */
const DEFAULT_PROFILE = 1;

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];
const below = (methods: readonly string[]) => methods.map((method) => ({ method, path: '/api/*' }));

export const sipwise: ChaosPlatform = {
  name: 'sipwise',
  settings: [`auth: { username: ${LOGIN.username}, password: ${LOGIN.password} }`, 'resellerId: 1'],
  faults: { all: below(['GET', ...WRITES]), writes: below(WRITES), login: [{ path: '/login_jwt' }] },

  async open(url) {
    const hand = await openHand(url);
    const control = createControl(url);
    let leftovers: Leftovers;
    let before: State;
    let after: State;
    const withState = (evidence: Evidence): SipwiseEvidence => ({
      ...evidence,
      before,
      after: withoutLives(after),
      leftovers,
    });
    const profileIds = new Map<string, number>([[PROFILES[0], DEFAULT_PROFILE]]);
    return {
      async prepare() {
        leftovers = await makeLeftovers(hand, { strangers: 8, regulars: 6 });
        for (const name of PROFILES.slice(1))
          profileIds.set(name, await hand.create('billingprofiles', { handle: name, name, reseller_id: 1 }));
        before = await control.state();
      },
      plan: (random, secrets) => createPlanner(random, secrets, leftovers),
      lives: {
        palette: createPalette,
        words: createLifeWords(() => profileIds),
        seen: () => seenLives(after),
      },
      async mend({ lacks }) {
        const { domain, profile } = lacks ?? {};
        if (domain !== undefined) await hand.create('domains', { domain, reseller_id: 1 });
        if (profile !== undefined)
          await hand.create('billingprofiles', { handle: profile, name: profile, reseller_id: 1 });
      },
      async finish() {
        after = await control.state();
      },
      seen: () => ({ before, after, leftovers }),
      sentSecrets,
      ownerOf: createOwnerOf,
      audit: (evidence, violate) => auditObjects(withState(evidence), violate),
      isReal: (one, evidence) => isReal(one, withState(evidence)),
      undoMayHold: (one, evidence) => undoIsBlocked(one, withState(evidence)),
    };
  },
};
