/** What the callers of one run share: stores, a Finch, a bus, a clock; and the steps that bring about where they begin. */
import { createCapability, hashOf } from "#shared/connection/capability.ts";
import { type ConnectSession, holderHash } from "#shared/connection/connect-session.ts";
import { type Connection, isFirstVersion, isInUse } from "#shared/connection/connection.ts";
import type { CustomerMode } from "#shared/connection/customer.ts";
import type { DeletionStore } from "#shared/connection/customer-deletion.ts";
import type { DueStore, Outbox } from "#shared/connection/due-ports.ts";
import type { EmployerMarks } from "#shared/connection/employer-marks.ts";
import type { PerchEvent } from "#shared/connection/events.ts";
import type { TokenGrant } from "#shared/connection/finch-port.ts";
import type { ConnectionId, CustomerId, TokenId } from "#shared/connection/identifiers.ts";
import type { Surroundings, TokenVault } from "#shared/connection/ports.ts";
import type { ConnectionStore, CustomerStore, SessionStore } from "#shared/connection/store-ports.ts";
import { secret } from "#shared/secret.ts";
import {
  aClaim,
  aConnection,
  aGrant,
  anOpening,
  aProfile,
  aSession,
  aTokenRecord,
  minute,
  newCustomerId,
  noon,
} from "../support/builders.ts";
import { intercept, type MeetCall } from "../support/intercept.ts";
import { noRosters } from "../support/memory/roster-eraser.ts";
import { createMemorySurroundings } from "../support/memory/surroundings.ts";
import { createMemoryTokenVault } from "../support/memory/token-vault.ts";
import { createVaultOfSecrets } from "../support/memory/vault-of-secrets.ts";
import { createRandom } from "../support/random.ts";
import { createModelFinch } from "./model-finch.ts";
import type { Snapshot } from "./snapshot.ts";

/** The stores of a run, of whatever kind, and all that is in them. */
export interface RunStores {
  readonly customers: CustomerStore;
  readonly sessions: SessionStore;
  readonly connections: ConnectionStore;
  readonly deletions: DeletionStore;
  readonly due: DueStore;
  readonly outbox: Outbox;
  readonly marks: EmployerMarks;
  /** Stores with a mistake in them, for one caller, whose `meet` they ask to be interrupted in the middle. */
  readonly spoiltFor?: (meet: MeetCall) => {
    connections?: ConnectionStore;
    sessions?: SessionStore;
    deletions?: DeletionStore;
  };
  readonly takeSnapshot: () => Promise<Snapshot>;
}

/** Everything that use cases ask for. */
export type Dependencies = ReturnType<World["dependenciesOf"]>;
export type World = ReturnType<typeof createWorld>;

export const cookie = "cookie-of-the-browser";

/** An empty world; the seed decides all that is left to chance in it. */
export const createWorld = (stores: RunStores, seed: number, givenVault?: TokenVault) => {
  const random = createRandom(seed);
  const surroundings = createMemorySurroundings({ seed });
  const finch = createModelFinch();
  // The ciphertext in the table, or a secret beside it that a mistake would destroy.
  const vault = givenVault ?? (random.chance(0.5) ? createMemoryTokenVault() : createVaultOfSecrets());
  const bus: PerchEvent[] = [];
  const nudged: { customerId: CustomerId; connectionId: ConnectionId }[] = [];
  const { customers, sessions, connections, deletions, due, outbox, marks } = stores;
  const { now, newId, randomBytes, sleep } = surroundings;
  const shared: Surroundings = { now, newId, randomBytes, sleep };

  /** What one caller works with; `meet` is told of each of its calls. */
  const dependenciesOf = (meet: MeetCall) => {
    const meetInTime: MeetCall = (call) => {
      // Nothing takes no time at all.
      surroundings.advance(1);
      return meet(call);
    };
    return intercept(
      {
        ...shared,
        ...{ customers, sessions, connections, deletions, due, outbox, marks, vault },
        ...stores.spoiltFor?.(meetInTime),
        finch: finch.portFor(meetInTime),
        checkIntervalMs: 24 * 60 * minute,
        clientType: "sandbox",
        redirectUri: "https://perch.example/connect/callback",
        customerHash: async (customerId: CustomerId) => hashOf(customerId),
        putOntoBus: async (events: readonly PerchEvent[]): Promise<ReadonlySet<string>> => {
          bus.push(...events);
          return new Set(events.map(({ eventId }) => eventId));
        },
        nudgeChecks: async () => {},
        rosters: noRosters,
        // What falls due is brought by the sweep of a run's end.
        nudgeDeletions: async () => {},
        nudgeDisconnects: async (due: typeof nudged | Parameters<typeof nudged.concat>[0]) => {
          nudged.push(...(due as typeof nudged));
        },
      },
      meetInTime,
    );
  };

  const createCustomer = async (name: string, mode: CustomerMode = "multiple"): Promise<CustomerId> => {
    const customerId = newCustomerId(name);
    await customers.put(aProfile({ customerId }), { incarnation: `of ${name}`, defaultMode: mode, now: noon });
    return customerId;
  };

  /** A session that this browser has opened and been to Finch with: `state` and a code that Finch gives `grant` for. */
  const reachCallback = async (
    customerId: CustomerId,
    grant: TokenGrant,
    changes: Partial<ConnectSession> = {},
    code = `code-${random.below(2 ** 32)}`,
  ) => {
    const incarnation = (await customers.find(customerId))?.incarnation ?? "";
    const session = aSession({ customerId, incarnation, ...changes });
    const state = createCapability(session.sessionId, randomBytes(32));
    const opening = anOpening({ stateHash: state.hash, holderHash: holderHash({ cookie }) });
    const stored = await sessions.create({ ...session, openings: [opening] });
    if (!stored.ok) throw new Error(`the session is not stored: ${stored.refusal}`);
    finch.issue(code, grant);
    return { sessionId: session.sessionId, state: state.text, code };
  };

  /** A connection that the customer has, with a token for each of these grants, which Finch knows. */
  const connect = async (
    customerId: CustomerId,
    grants: readonly TokenGrant[],
    changes: Partial<Connection> = {},
  ): Promise<Connection> => {
    const { connectionId } = grants[0] ?? aGrant();
    let connection = aConnection({ customerId, connectionId, tokens: [], ...changes });
    connection = { ...connection, version: connection.version - 1 };
    for (const { accessToken, products, entityIds } of grants) {
      const tokenId = newId() as TokenId;
      const record = aTokenRecord({ tokenId, fingerprint: hashOf(accessToken.reveal()), products, entityIds });
      connection = { ...connection, tokens: [...connection.tokens, record], version: connection.version + 1 };
      const sealed = await vault.seal(accessToken, { customerId, connectionId }, tokenId);
      const claimed = await connections.claim(
        aClaim(connection, {
          token: { customerId, connectionId, record, sealed },
          takesIntoUse: isFirstVersion(connection) && isInUse(connection),
          events: [],
        }),
      );
      if (!claimed.ok) throw new Error(`the claim was refused: ${claimed.refusal.reason}`);
    }
    for (const grant of grants) finch.know(grant);
    return connection;
  };

  return {
    ...surroundings,
    ...stores,
    random,
    finch,
    vault,
    bus,
    dependenciesOf,
    createCustomer,
    reachCallback,
    connect,
  };
};

/** What a browser brings back, in the hand of the browser that has the cookie. */
export const broughtBack = ({ state, code }: { readonly state: string; readonly code: string }) => ({
  state,
  code: secret(code),
  holder: { cookie },
});
