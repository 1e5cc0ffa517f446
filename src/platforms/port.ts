import type { z } from 'zod';
import type { AnswerRow, Fault } from '../errors/index.ts';
import type {
  Action,
  CallForwardType,
  Json,
  JsonObject,
  NumberMove,
  OperationOrder,
  OrderContent,
  SubscriberName,
  SubscriberOrder,
} from './order-content.ts';
import type { StageFor } from './stage.ts';
import type { WireProfileFor } from './wire-profile.ts';

export type * from './order-content.ts';
export { CALL_FORWARD_TYPES } from './order-content.ts';
export { secretPaths } from './secret-paths.ts';
export { stepKind, stepKindNames } from './step-kinds.ts';
export type { RehearsedCall } from './stage.ts';
export type { ExampleCall, ReadWireProfile, WireProfileFor } from './wire-profile.ts';

/*
 * The one interface every platform implements. The engine (flows, workers) knows platforms only through it and holds
 * no platform's name.
 */

/** A step of a plan, pure data. */
export interface PlannedStep {
  /** `<kind>` or `<item>.<kind>` (API.md). */
  id: string;
  kind: string;
  /** Id of the subscriber, operation or move, or null for the customer's own steps. */
  item: string | null;
  /** Steps of one line run one after the other. Left out: a line for each item. */
  line?: string;
  /** Ids of the steps that must be done or skipped before. */
  needs: readonly string[];
  class: 'compensatable' | 'pivot' | 'retriable';
  /** What a person reads: `subscriber john@sip.example.com`. */
  title: string;
  /** At most one such step of an order is active at a time, where the platform cannot bear two (quota races, locks). */
  exclusive?: boolean;
  /**
   * A step this one needs: that it `created` its object proves that nothing of this one is there, so that the first
   * attempt need not look (saves a call and a write of the record).
   */
  absentAfter?: string;
  /** Steps before this one wherein its object lies: while what they make is not on the target, neither is this one. */
  within?: readonly string[];
}

export type StepOutcome = 'created' | 'adopted' | 'changed' | 'unchanged';

/** What a step leaves for later steps and readers of the order. Never holds a secret. */
export type StepResult = JsonObject;

/** What `find` saw on the target. A thing that is there but is somebody else's is a thrown `conflict` error. */
export type Finding =
  /** Nothing there: `do` creates. */
  | { readonly state: 'absent' }
  /**
   * There and as wanted: nothing to do. `ours`: it bears this order's key, so an earlier attempt of ours made it.
   * `differs`: members of the order that the adopted object has otherwise and that are left alone.
   */
  | {
      readonly state: 'present';
      readonly result: StepResult;
      readonly ours: boolean;
      readonly differs?: readonly string[];
    }
  /**
   * There, not as wanted: `do` changes it. `before` is what undo restores; the engine seals it before storing.
   * `differs`: members of the order that the target has otherwise, for people, e.g. `aliases`, `callForwards.busy`.
   */
  | { readonly state: 'different'; readonly before: Json; readonly differs?: readonly string[] };

/** What the engine remembers about an attempt before its first write (DESIGN §5.3). Written once per run. */
export type Intent = { readonly state: 'absent' } | { readonly state: 'different'; readonly before: Json };

export interface NeededStep {
  readonly outcome: StepOutcome | 'skipped';
  readonly result: StepResult;
}

export interface StepContext<Client = unknown> {
  /** Bound to this attempt: every call is fenced, rated and journaled. */
  readonly client: Client;
  readonly order: OrderContent;
  /** The step's subscriber; null for the customer's own steps. Holds secrets when the step opens them. */
  readonly subscriber: SubscriberOrder | null;
  /** The step's operation; null for steps of the customer or a subscriber. Holds secrets when the step opens them. */
  readonly operation: OperationOrder | null;
  /** The step's move of a number; null for all other steps. */
  readonly move: NumberMove | null;
  /** Correlation key of this order, unique over all orders and runs: what is created bears it. ≤ 64 characters. */
  readonly key: string;
  /** What the steps left that this one needs, also indirectly, by step id; the last before it first. */
  readonly needs: { readonly [stepId: string]: NeededStep };
  /** What an earlier attempt meant to do, or null. Not null = it may have been done. */
  readonly intent: Intent | null;
  /** From 1; counts attempts that failed, not those parked by an outage. */
  readonly attempt: number;
  /** What the steps of all orders of the target have in common, over all workers. */
  readonly shared: SharedWork;
}

/** For what must not be done at the same time, or need not be done as often as it is asked for. */
export interface SharedWork {
  /**
   * Resolves once `work` ran well after this was called: by this step, or by another that asked for the same `name`
   * (many changes, few reloads). Throws what `work` throws when this step's own run of it fails.
   */
  coalesced(name: string, work: () => Promise<void>): Promise<void>;
  /**
   * Takes the turn at `name`, a thing whose changes can only be told apart when one step at a time makes them. The same
   * step keeps its turn over its attempts. Gives the number of the turn: a step that is given another number than before
   * knows that somebody else had a turn in between. Gives null while another step has it. A turn nobody ends runs out.
   */
  takeTurn(name: string): Promise<number | null>;
  endTurn(name: string): Promise<void>;
}

export interface UndoContext<Client = unknown> extends StepContext<Client> {
  /** What the step being undone did. */
  readonly done: { readonly outcome: StepOutcome; readonly result: StepResult };
}

export interface StepKind<Client = unknown> {
  /** `create`: makes an object; `change`: changes one that a needed step made or adopted. */
  readonly nature: 'create' | 'change';
  /** Whether passwords and PINs are opened for this step. */
  readonly opensSecrets: boolean;
  /**
   * Members of the order that the step sends or compares, e.g. `customer.contact`, `subscribers.*.number`; `*` stands
   * for its own subscriber. Once the step is done a person may no longer mend them. Left out: everything of its own
   * subscriber, or of the customer.
   */
  readonly uses?: readonly string[];
  /**
   * What a person who did the step by hand must tell for later steps, and may tell besides. Checked at the door without
   * a call: whether the ids exist is found out by the step that needs them. Left out: nothing is needed.
   */
  readonly resultShape?: z.ZodType<StepResult>;
  find(ctx: StepContext<Client>): Promise<Finding>;
  /** Creates (`absent`) or changes (`different`). Repeatable: after an unknown outcome `find` runs before it again. */
  do(ctx: StepContext<Client>, finding: Exclude<Finding, { state: 'present' }>): Promise<StepResult>;
  /** Brings back what was before, only for what this order created or changed. "Not found" is success. */
  undo(ctx: UndoContext<Client>): Promise<void>;
  /**
   * Called when this attempt created something but may not record it (another attempt took over): removes what it
   * alone created, never what `recorded` names.
   */
  discard?(ctx: StepContext<Client>, made: StepResult, recorded: StepResult | null): Promise<void>;
  /**
   * Where the platform lets the same thing be made twice: removes everything that bears this order's key, except what
   * `recorded` names. Called a while after an attempt vanished in a write, and gives how many things were removed.
   */
  tidy?(ctx: StepContext<Client>, recorded: StepResult | null): Promise<number>;
}

/** One call that went to the target, as the journal tells it. Never holds a secret or a body. */
export interface CallRecord {
  /** HTTP method, or the operation of a SOAP service. */
  readonly method: string;
  /** Path without query values that may be personal, or the service. */
  readonly object: string;
  readonly status: number | null;
  readonly outcome: 'ok' | 'refused' | 'failed' | 'unknown';
  readonly durationMs: number;
}

/** What the engine does around every call of one attempt. */
export interface CallHooks {
  readonly signal: AbortSignal;
  /** Kind of the step that calls, for the platform's table of answers; none where no step calls. */
  readonly step?: string | undefined;
  /** Whose order it is, or who asks; none for Turnup's own looks. */
  readonly client?: string | undefined;
  /** Waits for the target's rate; before a write also checks the lease. Throws when the attempt may not go on. */
  beforeCall(write: boolean): Promise<void>;
  afterCall(call: CallRecord): void;
}

/** What a rehearsal of an order's steps is given. */
export type Stage<Client = unknown> = StageFor<OrderContent, Client>;

/** A read of a platform's own data for a CRM's forms: `GET /v1/targets/{name}/catalog/{what}`. */
export interface CatalogRead<Client = unknown> {
  /** What a person reads: `Rate plans of a domain`. */
  readonly title: string;
  /** It tells who called whom: read only by those who may read call records. */
  readonly aboutCalls?: true;
  /** Of the query: strings, coerced. Unknown members are refused. */
  readonly params: z.ZodObject;
  /** One page of plain data without secrets. Reads only. */
  read(client: Client, params: never): Promise<Json>;
}

/** One operation of a platform and how an order or a read reaches it: `turnup coverage`. */
export interface CoverageRow {
  readonly service: string;
  readonly operation: string;
  /** `order: subscriber step`, `operations: insertRates`, `catalog: ratePlans`, `alias of lisAddresses` … */
  readonly reachedBy: string;
}

/** Which calls a CRM asks for. */
export interface CallsQuery {
  readonly username?: string;
  readonly domain?: string;
  /** UTC. */
  readonly from: Date;
  /** UTC; exclusive. */
  readonly to: Date;
  /** 1 to 1000. */
  readonly limit: number;
}

/** What can be asked of a target. */
export interface Capabilities {
  readonly actions: readonly Action[];
  readonly callForwardTypes: readonly CallForwardType[];
  /** `<service>.<operation>` */
  readonly operations: readonly string[];
  readonly catalog: readonly string[];
}

/** Reads call records where the target's configuration says so. */
export interface CallsReader {
  /**
   * Newest first.
   * @throws TurnupError `TURNUP_TARGET_UNREACHABLE`, `TURNUP_TARGET_FAILED`
   */
  read(query: CallsQuery): Promise<readonly JsonObject[]>;
  close(): Promise<void>;
}

/** What is configured for one target, common to all platforms. */
export interface TargetSettings<Native = unknown> {
  readonly name: string;
  readonly url: string;
  readonly auth: {
    readonly username: string;
    readonly password: string;
    /** Id of the platform's customer on whose behalf the login acts; only where the platform `impersonates`. */
    readonly impersonate?: number;
    readonly [more: string]: unknown;
  };
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly verify: boolean };
  /** Steps at once: also the number of pooled connections. */
  readonly concurrency: number;
  readonly timeouts: { readonly connectMs: number; readonly readMs: number; readonly writeMs: number };
  readonly areaCodes: readonly string[];
  /**
   * The same for clients of ours that have somebody of their own, by the client's name.
   */
  readonly impersonate?: { readonly [client: string]: number };
  /** The platform's own settings, parsed by its `settings` schema. */
  readonly native: Native;
}

export interface CheckedCapability {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** One target's connection, shared by all steps of a process. */
export interface Connection<Client = unknown> {
  /** A client for one attempt. */
  bind(hooks: CallHooks): Client;
  close(): Promise<void>;
}

/**
 * What workers keep of a target and share through Redis, e.g. the platform's own preference definitions. Must survive
 * JSON. `null` where none were loaded yet: then the platform page's static limits apply.
 */
export type Definitions = Json;

export interface StepKinds<Client = unknown> {
  readonly [kind: string]: StepKind<Client>;
}

export interface Platform<Client = unknown, Native = unknown> {
  readonly name: string;
  readonly title: string;
  readonly actions: readonly Action[];
  readonly callForwardTypes: readonly CallForwardType[];
  /** The platform's own target settings. */
  readonly settings: z.ZodType<Native>;
  /** What is wrong between a target's settings; paths start at the target. The start is refused for it. */
  settingsFaults?(settings: TargetSettings<Native>): readonly Fault[];
  /** What a person should know of a target's settings: logged at each start, and told by `doctor`. */
  settingsWarnings?(settings: TargetSettings<Native>): readonly string[];
  /** By kind: those of a provision order, and of every other order that has no kind of its own below. */
  readonly steps: StepKinds<Client>;
  /**
   * Kinds that mean something else in orders of other actions: in a terminate order `subscriber` takes it away. A kind
   * that is not named here is the one in `steps`.
   */
  readonly stepsOf?: { readonly [action in Action]?: StepKinds<Client> };
  /** JSON paths (`customer.native.x`, `subscribers.*.native.y`, `operations.*.args.z`) that hold secrets besides the common ones. */
  readonly nativeSecrets: readonly string[];
  /** Further ones that only the target's settings tell. `secretPaths` gives both. */
  nativeSecretsOf?(settings: TargetSettings<Native>): readonly string[];
  /** Whether a target has a place for SIP passwords. Where not, none is made up for its subscribers. Left out: it has. */
  keepsPasswords?(settings: TargetSettings<Native>): boolean;
  /**
   * JSON paths, as above, of what an order does and does not hold from then on: done once, like credit that is given, or
   * overruled by orders of other actions, like a lock. An audit neither compares nor repairs it.
   */
  readonly notAudited?: readonly string[];
  /**
   * What every answer that is no success means, as data (DESIGN §6); the first row that matches counts, the last one
   * matches everything. What the platform throws for such an answer carries it as `answer`, and the exchange it came by
   * as evidence (`withEvidence`), without the secrets that the platform knows of.
   */
  readonly answers: readonly AnswerRow[];
  /**
   * What an order may carry in `operations`: by `<service>.<operation>`. Left out: nothing. `check` looks at their
   * arguments.
   */
  readonly operations?: { readonly [name: string]: { readonly title: string } };
  readonly catalog?: { readonly [what: string]: CatalogRead<Client> };
  /** Where a target's settings decide what of the above it has. Left out: all. */
  capabilitiesOf?(settings: TargetSettings<Native>): Capabilities;
  readonly coverage?: readonly CoverageRow[];
  /** Calls may be made on behalf of one of the platform's customers, another one for each client. */
  readonly impersonates?: true;
  /** Null where the target's configuration does not switch it on. */
  openCalls?(settings: TargetSettings<Native>): CallsReader | null;
  /**
   * Reads call records through the platform's own service, which needs no settings for it. Newest first.
   * @throws TurnupError `TURNUP_INVALID_REQUEST` for a query that the service has no answer to
   */
  readCalls?(client: Client, query: CallsQuery): Promise<readonly JsonObject[]>;
  /** Every fault of the order that this platform can know without a call, at the door (I12). */
  check(order: OrderContent, settings: TargetSettings<Native>, definitions: Definitions | null): Fault[];
  /** Pure. In dependency order: a step comes after all it needs. */
  plan(order: OrderContent): PlannedStep[];
  /**
   * @param definitions gives what is cached of the target's definitions, or loads them with the given client and
   * caches them; the loader is `loadDefinitions` below.
   */
  connect(settings: TargetSettings<Native>, cache: DefinitionsCache<Client>): Connection<Client>;
  loadDefinitions(client: Client): Promise<Definitions>;
  /**
   * All subscribers that the target has of a customer, by its externalId: for an audit, to tell what Turnup did not
   * put there. Empty where there is no such customer. Left out where the target cannot be asked for them.
   */
  subscribersOf?(client: Client, customer: string): Promise<readonly SubscriberName[]>;
  /**
   * A client that records what would be changed instead of changing it, for all steps of one order, one after the
   * other: it remembers what they made. With it a plan shows the calls of the steps themselves. Left out: a plan shows
   * none.
   */
  rehearse?(settings: TargetSettings<Native>, stage: Stage<Client>): Client;
  /** Where the operator tells the platform's calls by a file: looks at such a file. */
  readonly wireProfile?: WireProfileFor<TargetSettings<Native>>;
  /** For `doctor`: reachability, login, capabilities an order would need. Does not throw. */
  probe(client: Client): Promise<CheckedCapability[]>;
  /**
   * For `doctor`, where the platform `impersonates`: whether the login may act for the one that this client of ours has
   * of its own. Reads only. Does not throw.
   */
  probeClient?(client: Client): Promise<CheckedCapability>;
}

export interface DefinitionsCache<Client> {
  get(client: Client): Promise<Definitions>;
  /** Drops what is cached, e.g. when the target refused a name that the definitions have. */
  forget(): Promise<void>;
}
