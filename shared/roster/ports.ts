/** What rosters need of the outside. */
import type { AuditEntry } from "../connection/audit.ts";
import type { PerchEvent } from "../connection/events.ts";
import type { PlatformTrouble, Undecided } from "../connection/finch-port.ts";
import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import type { Decision, Employment, Individual } from "../employee/record.ts";
import type { Result } from "../result.ts";
import type { Secret } from "../secret.ts";
import type { ConnectionRead, Roster, RosterId, RosterOutcome } from "./roster.ts";

/** Which of a customer's rosters count: the one that runs, and the newest that is ready. */
export interface CurrentRosters {
  readonly running: RosterId | null;
  readonly newest: RosterId | null;
}

/** A decision of the platform's on two individuals, as it is kept. */
export interface KeptDecision extends Decision {
  readonly decidedAt: Date;
  readonly version: number;
}

export interface RosterStore {
  /** Which rosters the customer has; nothing of both where it has none. Read consistently. */
  readonly current: (customerId: CustomerId) => Promise<CurrentRosters>;
  readonly find: (customerId: CustomerId, rosterId: RosterId) => Promise<Roster | undefined>;
  /**
   * Stores a new roster as the one that runs, with its entry in the audit, if the running one is still `instead`, and the
   * customer is there and is not being deleted. `changed`: another runs by now.
   */
  readonly begin: (
    roster: Roster,
    instead: RosterId | null,
    entries: readonly AuditEntry[],
  ) => Promise<Result<void, "changed" | "customer_unknown" | "customer_deleting">>;
  /** Counts another execution of a running roster; false if it does not run, or has another one by now. */
  readonly countExecution: (roster: Roster) => Promise<boolean>;
  /** Notes that this execution of a running roster has ended; false if it does not run, or has another one by now. */
  readonly stop: (roster: Pick<Roster, "customerId" | "rosterId" | "execution">) => Promise<boolean>;
  /** Stores what is to be read of a running roster, each connection once, with the key of its SSN marks; false if it does not run. */
  readonly plan: (
    roster: Roster,
    connectionIds: readonly ConnectionId[],
    ssnKey: Uint8Array | null,
  ) => Promise<boolean>;
  readonly findRead: (
    customerId: CustomerId,
    rosterId: RosterId,
    connectionId: ConnectionId,
  ) => Promise<ConnectionRead | undefined>;
  /** All connections of a roster. */
  readonly reads: (customerId: CustomerId, rosterId: RosterId) => Promise<readonly ConnectionRead[]>;
  /** Replaces a connection's part, if its version is the one before and the roster runs; false if not. */
  readonly replaceRead: (
    roster: Pick<Roster, "customerId" | "rosterId" | "expiresAt">,
    read: ConnectionRead,
  ) => Promise<boolean>;
  /** Says that nobody reads a connection's part any more, if its version is still this one, whether the roster runs or not. */
  readonly releaseRead: (
    roster: Pick<Roster, "customerId" | "rosterId" | "expiresAt">,
    read: ConnectionRead,
  ) => Promise<void>;
  /** Lets whoever reconciles write until then; false if the roster does not run. */
  readonly lease: (roster: Roster, until: Date) => Promise<boolean>;
  /** Gives the lease until then back, if it is still that one, whether the roster runs or not. */
  readonly release: (roster: Roster, until: Date) => Promise<void>;
  /** Makes the roster the newest, with its events, if it still runs; false if it does not. */
  readonly publish: (
    roster: Roster,
    outcome: RosterOutcome,
    now: Date,
    events: readonly PerchEvent[],
  ) => Promise<boolean>;
  /** Ends a running roster without employees; false if it does not run. */
  readonly fail: (roster: Roster, reason: string, now: Date) => Promise<boolean>;
  readonly decisions: (customerId: CustomerId) => Promise<readonly KeptDecision[]>;
  readonly findDecision: (customerId: CustomerId, pair: Pick<Decision, "a" | "b">) => Promise<KeptDecision | undefined>;
  /** Stores a decision, if the one before is still of the version before it, and the customer is not being deleted. */
  readonly decide: (
    customerId: CustomerId,
    decision: KeptDecision,
    entries: readonly AuditEntry[],
  ) => Promise<Result<void, "changed" | "customer_unknown" | "customer_deleting">>;
}

/** A customer's rosters, as its deletion sees them. */
export interface RosterEraser {
  /** Cancels the roster that runs, and takes a bounded step. `waiting`: somebody may still be writing, for some minutes. `gone`: there is nothing left. */
  readonly erase: (customerId: CustomerId, now: Date) => Promise<"more" | "waiting" | "gone">;
}

/** What a sealed page is bound to: it opens for this customer and this roster only. */
export interface PageContext {
  readonly customerId: CustomerId;
  readonly rosterId: RosterId;
}

/** Where pages of people lie, sealed. A page has a name within its roster. */
export interface PageVault {
  /** Stores a page, instead of the one of that name. What cannot be written as JSON has no place in it. */
  readonly put: (context: PageContext, name: PageName, value: unknown) => Promise<void>;
  /** Undefined for a page that is not there (any more). @throws for one of another context, or one that was altered. */
  readonly get: (context: PageContext, name: PageName) => Promise<unknown>;
}

/** What was read is kept for a week, what came of it for a month: the first word says which. */
export type PageName = `pages/${string}` | `rosters/${string}`;

/** Makes and opens keys that seal what is too large for the key service itself. */
export interface DataKeys {
  readonly make: (context: PageContext) => Promise<{ readonly key: Uint8Array; readonly sealed: Uint8Array }>;
  /** @throws for a key of another context. */
  readonly open: (sealed: Uint8Array, context: PageContext) => Promise<Uint8Array>;
}

/** Starts what reads and reconciles a roster, as a run of its own. */
export interface RosterExecutions {
  /** Whether an execution of this name is on; undefined where there never was one. */
  readonly isRunning: (name: string) => Promise<boolean | undefined>;
  /** Starts one. One of the same name that there is already is enough. */
  readonly start: (name: string, input: { readonly customer_id: string; readonly roster_id: string }) => Promise<void>;
}

/** Why Finch tells nothing of an entity. Each but the first is final. */
export type NoPeople =
  | { readonly kind: "not_ready" | "not_supported" | "not_permitted" | "not_granted" }
  /** 401: the customer has to sign in, or to finish something at the provider; or Finch does not know the token. */
  | { readonly kind: "needs_customer" }
  | PlatformTrouble
  | Undecided;

/** Somebody in a directory. */
export interface DirectoryEntry {
  readonly id: string;
  readonly first_name: string | null;
  readonly middle_name: string | null;
  readonly last_name: string | null;
  readonly department: { readonly name: string | null } | null;
  readonly is_active: boolean | null;
}

export type DirectoryAnswer =
  | {
      readonly kind: "page";
      readonly people: readonly DirectoryEntry[];
      /** How many Finch told of: those too who have no usable id, and so are nobody. The next page begins behind them. */
      readonly told: number;
      /** How many there are in all; undefined where Finch does not say. */
      readonly count: number | undefined;
    }
  | NoPeople;

/** What Finch says of one person of a batch. */
export type BatchItem<Body> =
  | { readonly individualId: string; readonly kind: "told"; readonly body: Body }
  | {
      readonly individualId: string;
      readonly kind: "untold";
      readonly error: string;
      /** It may be told soon. */
      readonly passes: boolean;
    };

export type BatchAnswer<Body> = { readonly kind: "batch"; readonly items: readonly BatchItem<Body>[] } | NoPeople;

/** An individual, with the SSN where it was asked for and told. */
export interface ToldIndividual {
  readonly individual: Individual;
  readonly ssn: Secret | undefined;
}

/** Reads the people of an entity at Finch. Each call is one request. */
export interface People {
  readonly readDirectory: (
    accessToken: Secret,
    entityId: string | null,
    page: { readonly offset: number; readonly limit: number },
  ) => Promise<DirectoryAnswer>;
  readonly readIndividuals: (
    accessToken: Secret,
    entityId: string | null,
    ids: readonly string[],
    withSsn: boolean,
  ) => Promise<BatchAnswer<ToldIndividual>>;
  readonly readEmployments: (
    accessToken: Secret,
    entityId: string | null,
    ids: readonly string[],
  ) => Promise<BatchAnswer<Employment>>;
}
