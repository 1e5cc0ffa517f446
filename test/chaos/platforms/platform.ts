import type { Case, Evidence, Violate } from '../audit/evidence.ts';
import type { FaultRule } from '../control.ts';
import type { Draft, Secrets } from '../orders.ts';
import type { Palette } from '../lives/palette.ts';
import type { LifeWords, SeenLives } from '../lives/words.ts';
import type { Random } from '../random.ts';
import type { TappedCall } from '../tap.ts';

/** What chaos must know of a kind of platform: everything else of the suite names none. */
export interface ChaosPlatform {
  /** Of the adapter, of the stand-in and of the target. */
  readonly name: string;
  /** Of several ways it can be, the one of a run; left out: there is one only. */
  drawn?(random: Random): ChaosPlatform;
  /** Which of several ways it is, told at the start. */
  readonly variant?: string;
  /** Further arguments of the stand-in. */
  readonly standIn?: readonly string[];
  /** The target's settings beside platform, url, concurrency and time-outs: lines of YAML. */
  readonly settings: readonly string[];
  readonly faults: FaultTargets;
  /** @param url of the stand-in, past all proxies */
  open(url: string): Promise<Bench>;
}

export type Match = NonNullable<FaultRule['match']>;

/** Which calls the nemesis may spoil. */
export interface FaultTargets {
  readonly all: readonly Match[];
  readonly writes: readonly Match[];
  /** Refused as well when the platform refuses a login. */
  readonly login: readonly Match[];
}

/** One platform in one run: what is on it before, what is ordered of it, and what it must hold in the end. */
export interface Bench {
  /** Makes what is there before the first order. */
  prepare(): Promise<void>;
  /** Draws orders, all names of which are this planner's own. */
  plan(random: Random, secrets: Secrets): (at: number) => Draft;
  readonly lives: LifeBench;
  /** Adds what an order lacks, as a person would. */
  mend(draft: Draft): Promise<void>;
  /** What goes on on the platform besides, now and then while orders come. */
  disturb?(random: Random): Promise<void>;
  /** Does by hand what a held order asks a person for; false when it asks for nothing of the kind. Repeatable. */
  doByHand?(one: Case): Promise<boolean>;
  /** Reads what the platform holds in the end. */
  finish(): Promise<void>;
  /** What `prepare` and `finish` saw, for a person. */
  seen(): object;
  /** Passwords that were made up, from what was sent to the platform. */
  sentSecrets(tapped: readonly TappedCall[]): string[];
  /**
   * Gives whose a write is, as far as the wire tells. Only of writes that nothing but the way forward makes, else an
   * undo would be taken for one that comes too late. Calls come in the order they were made.
   */
  ownerOf(cases: readonly Case[]): (call: TappedCall) => Case | undefined;
  /**
   * Compares the whole platform, but for what is of lives, with what the orders' own records say. `evidence` holds this
   * target's only, and no order of a life.
   */
  audit(evidence: Evidence, violate: Violate): void;
  /** Whether the reason of a held order is so on the platform as it is. */
  isReal(one: Case, evidence: Evidence): boolean;
  /** Whether an order may rest held on its way back. */
  undoMayHold(one: Case, evidence: Evidence): boolean;
}

/** What the orders of lives are about on the platform. */
export interface LifeBench {
  palette(random: Random, secrets: Secrets): Palette;
  readonly words: LifeWords;
  /** What the platform held of them at `finish`. */
  seen(): SeenLives;
}
