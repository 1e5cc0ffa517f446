import { TurnupError } from '../../errors/index.ts';
import { isFault, type SippulseFault } from './fault.ts';
import type { ServiceName } from './soap/wsdl.ts';
import type { Args } from './types.ts';

/** How long a call that went well shows that the login is good: faults of others then are about their own thing. */
const PROVEN_MS = 2_000;

const DOMAINS = 'listDomains';
const PROFILES = 'listProfilesByDomain';

type Ask = (service: ServiceName, operation: string, args: Args) => Promise<void>;

/** What a process knows of a target's login. */
export interface Login {
  /** A call with it went well. */
  proven(operation: string): void;
  /**
   * A refused login is a fault like any other. It is told from them without their words: by calls that need nothing but
   * the login, and its right to the domain.
   * @returns what the fault is: itself, `TURNUP_TARGET_LOGIN_REFUSED`, or `TURNUP_TARGET_UNAVAILABLE`
   * @throws TurnupError of such a call, when it is no fault
   */
  judge(fault: SippulseFault, args: Args, ask: Ask): Promise<TurnupError>;
}

export function createLogin(): Login {
  let provenAt: number | null = null;
  /** It may have rights to domains and none to list them. */
  let hasListedDomains = false;

  const proven = (operation: string): void => {
    provenAt = performance.now();
    if (operation === DOMAINS) hasListedDomains = true;
  };

  return {
    proven,
    async judge(fault, args, ask) {
      if (provenAt !== null && performance.now() - provenAt < PROVEN_MS) return fault;
      const refusal = await faultOf(ask('DomainWS', DOMAINS, {}));
      if (!refusal) {
        proven(DOMAINS);
        return fault;
      }
      const domain = domainIn(args);
      if (domain !== null && !(await faultOf(ask('ProfileWS', PROFILES, { domain })))) {
        proven(PROFILES);
        return fault;
      }
      const detail = `neither this call nor DomainWS.listDomains is answered: ${refusal.answer.text}`;
      const { answer } = fault;
      if (provenAt === null) return new TurnupError('TURNUP_TARGET_LOGIN_REFUSED', { detail, answer });
      if (!hasListedDomains) return fault;
      return new TurnupError('TURNUP_TARGET_UNAVAILABLE', {
        detail: `${detail}; the login was good before`,
        answer,
        hint: 'Check the platform, and whether the password of its login was changed.',
      });
    },
  };
}

async function faultOf(asked: Promise<void>): Promise<SippulseFault | null> {
  try {
    await asked;
    return null;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
}

/** The domain that a call is about: an argument, a member of one, or the end of an account code. */
function domainIn(args: Args): string | null {
  const objects = [args, ...Object.values(args)].filter(
    (value): value is Args => typeof value === 'object' && value !== null,
  );
  const [domain] = objects.map((one) => one['domain']).filter((value) => typeof value === 'string');
  if (domain !== undefined) return domain;
  const account = args['accountCode'] ?? args['accountManager'];
  return typeof account === 'string' && account.includes('@') ? account.slice(account.lastIndexOf('@') + 1) : null;
}
