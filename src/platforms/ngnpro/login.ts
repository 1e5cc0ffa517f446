import { TurnupError } from '../../errors/index.ts';
import { isFault, isUnlisted, type NgnproFault } from './fault.ts';
import type { PortName } from './soap/ports.ts';
import type { Args } from './types.ts';

/** How long a call that went well shows that the login is good: an unlisted fault then is about its own thing. */
const PROVEN_MS = 2_000;

type Ask = (port: PortName, operation: string, args: Args) => Promise<unknown>;

/** What a process knows of a target's login. */
export interface Login {
  /** A call with it went well. */
  proven(): void;
  /**
   * The code of a refused login is not public (ngnpro.md, "Faults"). It is told from other unlisted codes by a call that
   * needs nothing but the login.
   * @returns what the fault is: itself, or `TURNUP_TARGET_LOGIN_REFUSED`
   * @throws TurnupError of such a call, when it is no fault
   */
  judge(fault: NgnproFault, ask: Ask): Promise<TurnupError>;
}

export function createLogin(): Login {
  let provenAt: number | null = null;

  const proven = (): void => {
    provenAt = performance.now();
  };

  return {
    proven,
    async judge(fault, ask) {
      if (!isUnlisted(fault)) return fault;
      if (provenAt !== null && performance.now() - provenAt < PROVEN_MS) return fault;
      try {
        await ask('SipPort', 'getDomains', { query: { filter: {}, range: { start: 0, count: 1 } } });
      } catch (error) {
        if (!isFault(error)) throw error;
        // A login that may not list domains is answered otherwise than one that is not known at all.
        if (error.errorcode !== fault.errorcode) return fault;
        const { answer } = fault;
        const detail = `every call is answered ${fault.errorcode}: ${answer.text}`;
        return new TurnupError('TURNUP_TARGET_LOGIN_REFUSED', { detail, answer });
      }
      proven();
      return fault;
    },
  };
}
