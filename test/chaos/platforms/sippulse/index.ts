import type { Evidence } from '../../audit/evidence.ts';
import { CALL } from '../../audit/credits.ts';
import { createControl } from '../../control.ts';
import type { ChaosPlatform } from '../platform.ts';
import { isDoubtfulCredit, owedCredit } from './credits.ts';
import { DOMAIN, LOGIN, openHand, type SippulseEvidence, type State } from './hand.ts';
import type { Leftovers } from './left.ts';
import { makeLeftovers } from './leftovers.ts';
import { auditObjects } from './objects.ts';
import { lifeWords } from './life-words.ts';
import { createPalette, seenLives, withoutLives } from './lives.ts';
import { createPlanner, ratePlanNamed } from './orders.ts';
import { isReal } from './reasons.ts';
import { KEYS } from './things.ts';
import { DEFAULTS } from './wanted.ts';
import { createOwnerOf, sentSecrets } from './writes.ts';

const CALLS = [{ method: 'POST', path: '/SipPulse/*' }];

export const sippulse: ChaosPlatform = {
  name: 'sippulse',
  settings: [
    `auth: { username: ${LOGIN.login}, password: ${LOGIN.password} }`,
    `ratePlanId: ${DEFAULTS.ratePlanId}`,
    `cps: ${DEFAULTS.cps}`,
  ],
  // Reads are posted as well, and each call bears its login.
  faults: { all: CALLS, writes: CALLS, login: [] },

  async open(url) {
    const hand = openHand(url);
    const control = createControl(url);
    let leftovers: Leftovers;
    let before: State;
    let after: State;
    const mended = new Set<string>();
    const withState = (evidence: Evidence): SippulseEvidence => ({
      ...evidence,
      before,
      after: withoutLives(after),
      leftovers,
      mended,
    });
    return {
      async prepare() {
        leftovers = await makeLeftovers(hand);
        before = await control.state();
      },
      plan: (random, secrets) => createPlanner(random, secrets, leftovers),
      lives: { palette: createPalette, words: lifeWords, seen: () => seenLives(after) },
      async mend({ lacks }) {
        const { ratePlan } = lacks ?? {};
        if (ratePlan === undefined) return;
        mended.add(KEYS.ratePlan(ratePlan));
        await hand.call('RatePlanWS', 'insertRatePlan', ratePlanNamed(ratePlan));
      },
      async disturb(random) {
        const { username } = random.pick([...leftovers.regulars, ...leftovers.wards]);
        const call = { username, domain: DOMAIN, value: -random.int(1, 8) / 64, obs: CALL };
        // Whoever is told to do wrong or is down does so here too: then there was no call.
        await hand.call('SubscriberWS', 'addCredit', call).catch(() => undefined);
      },
      async doByHand(one) {
        if (!isDoubtfulCredit(one)) return false;
        const found = owedCredit(one, await control.state());
        if (!found) return false;
        const { account, owed: value, obs, isReseller } = found;
        const [name = '', domain = ''] = account.split('@');
        if (value !== 0 && isReseller)
          await hand.call('ResellerWS', 'addResellerCredit', { resellerName: name, domain, value, obs });
        else if (value !== 0) await hand.call('SubscriberWS', 'addCredit', { username: name, domain, value, obs });
        return true;
      },
      async finish() {
        after = await control.state();
      },
      seen: () => ({ before, after, leftovers }),
      sentSecrets,
      ownerOf: (cases) => createOwnerOf(cases, leftovers),
      audit: (evidence, violate) => auditObjects(withState(evidence), violate),
      isReal: (one, evidence) => isReal(one, withState(evidence)),
      undoMayHold: isDoubtfulCredit,
    };
  },
};
