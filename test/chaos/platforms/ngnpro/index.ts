import { CALL } from '../../audit/credits.ts';
import type { Evidence } from '../../audit/evidence.ts';
import { createControl } from '../../control.ts';
import type { ChaosPlatform } from '../platform.ts';
import { owedCredit } from './credits.ts';
import { DOMAIN, LOGIN, openHand, RESELLER, TLD, type NgnproEvidence, type State } from './hand.ts';
import type { Leftovers } from './left.ts';
import { makeLeftovers } from './leftovers.ts';
import { lifeWords } from './life-words.ts';
import { createPalette, seenLives, withoutLives } from './lives.ts';
import { auditObjects } from './objects.ts';
import { createPlanner } from './orders.ts';
import { isReal, undoMayHold } from './reasons.ts';
import { KEYS } from './things.ts';
import { TIMEZONE } from './wanted.ts';
import { createOwnerOf, sentSecrets } from './writes.ts';

const CALLS = [{ method: 'POST', path: '/*' }];

const ownership = { customer: RESELLER, reseller: RESELLER };

export const ngnpro: ChaosPlatform = {
  name: 'ngnpro',
  settings: [
    `auth: { username: ${LOGIN.username}, password: ${LOGIN.password} }`,
    `reseller: ${RESELLER}`,
    `timezone: ${TIMEZONE}`,
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
    const withState = (evidence: Evidence): NgnproEvidence => ({
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
        const { domain, range, namesake } = lacks ?? {};
        if (domain !== undefined) {
          mended.add(KEYS.domain(domain));
          await hand.call('Sip', 'addDomain', { domain: { domain, ...ownership } });
        }
        if (range !== undefined) {
          mended.add(KEYS.range(range));
          const id = { prefix: range, tld: TLD };
          await hand.call('Enum', 'addRange', { range: { id, minDigits: 6, maxDigits: 15, ...ownership } });
        }
        if (namesake !== undefined) {
          mended.add(KEYS.customer(namesake));
          const { customerId = 0 } = leftovers.namesakes.find(({ customer }) => customer === namesake) ?? {};
          const properties = [{ name: 'turnup.customer', value: namesake }];
          await hand.call('Customer', 'setProperties', { customer: customerId, properties });
        }
      },
      async disturb(random) {
        const { username } = random.pick([...leftovers.regulars, ...leftovers.wards]);
        const value = -random.int(1, 50) / 100;
        // Whoever is told to do wrong or is down does so here too: then there was no call.
        await hand
          .call('Sip', 'addBalance', { sipId: { username, domain: DOMAIN }, value, description: CALL })
          .catch(() => undefined);
      },
      async doByHand(one) {
        const found = owedCredit(one, await control.state());
        if (!found) return false;
        const { account, owed: value, obs: description } = found;
        const [username = '', domain = ''] = account.split('@');
        if (value !== 0) await hand.call('Sip', 'addBalance', { sipId: { username, domain }, value, description });
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
      undoMayHold: (one, evidence) => undoMayHold(one, withState(evidence)),
    };
  },
};
