import { fileURLToPath } from 'node:url';
import type { Evidence } from '../../audit/evidence.ts';
import { createControl } from '../../control.ts';
import type { ChaosPlatform, Match } from '../platform.ts';
import { profileFile, readDialect, VARIANTS, type Variant } from './dialect.ts';
import { DOMAIN, LOGIN, MAIN_OFFICE, openHand, type PortalEvidence, type State } from './hand.ts';
import type { Leftovers } from './left.ts';
import { makeLeftovers } from './leftovers.ts';
import { createLifeWords } from './life-words.ts';
import { createPalette, OTHERS, seenLives, withoutLives } from './lives.ts';
import { auditObjects } from './objects.ts';
import { createPlanner } from './orders.ts';
import { isReal, undoIsBlocked } from './reasons.ts';
import { emptyByHand } from './unshown.ts';
import { createOwnerOf, sentSecrets } from './writes.ts';

const THINGS = ['company', 'office', 'user'];
const WRITES = [
  ...THINGS.flatMap((thing) => ['create', 'update', 'suspend', 'resume', 'remove'].map((verb) => `${thing}.${verb}`)),
  'services.set',
  'callForwards.set',
  'voicemail.set',
  'wlr.create',
  'wlr.update',
  'wlr.remove',
  'antifraud.set',
];

const named = (operation: string): Match => ({ operation });

/** A portal that is known by a profile: one of the two that come with the stand-in. */
function portal(variant: Variant): ChaosPlatform {
  const dialect = readDialect(variant);
  const file = fileURLToPath(profileFile(variant));
  return {
    name: 'webportal',
    variant,
    standIn: ['--profile', file],
    settings: [
      `auth: { username: ${LOGIN.username}, password: ${LOGIN.password} }`,
      `profile: { file: '${file}' }`,
      `office: ${MAIN_OFFICE}`,
      `domain: ${DOMAIN}`,
    ],
    // An answer about a ticket may be lost as well as that which gave it.
    faults: {
      all: [{ path: '/portal/v1/*' }, { path: '/api/*' }],
      writes: [...WRITES, 'jobs.poll'].map(named),
      login: [named('login')],
    },

    async open(url) {
      const hand = openHand(url, dialect);
      const control = createControl(url);
      let leftovers: Leftovers;
      let before: State;
      let after: State;
      let others = 0;
      const mended = new Set<string>();
      const withState = (evidence: Evidence): PortalEvidence => ({
        ...evidence,
        before,
        after: withoutLives(after, dialect),
        leftovers,
        dialect,
        mended,
      });
      return {
        async prepare() {
          leftovers = await makeLeftovers({ hand, control, dialect });
          before = await control.state();
        },
        plan: (random, secrets) => createPlanner(random, secrets, leftovers, dialect),
        lives: {
          palette: (random, secrets) => createPalette(random, secrets, dialect),
          words: createLifeWords(dialect),
          seen: () => seenLives(after, dialect),
        },
        async mend({ lacks }) {
          const { company } = lacks ?? {};
          if (company === undefined) return;
          mended.add(company);
          await hand.makeCompany({ externalId: company, name: 'By hand' });
        },
        async disturb(random) {
          if (random.chance(0.8)) return;
          others += 1;
          // Whoever is told to do wrong or is down does so here too.
          await hand.makeCompany({ externalId: `${OTHERS}${others}`, name: 'Somebody else' }).catch(() => undefined);
        },
        doByHand: (one) => emptyByHand(one, hand),
        async finish() {
          after = await control.state();
        },
        seen: () => ({ before, after, leftovers }),
        sentSecrets,
        ownerOf: (cases) => createOwnerOf(variant, cases, leftovers),
        audit: (evidence, violate) => auditObjects(withState(evidence), violate),
        isReal: (one, evidence) => isReal(one, withState(evidence)),
        undoMayHold: (one, evidence) => undoIsBlocked(one, withState(evidence)),
      };
    },
  };
}

export const webportal: ChaosPlatform = {
  ...portal('status'),
  drawn: (random) => portal(random.pick(VARIANTS)),
};
