/** The domain on fakes, and the steps that most of its tests begin with. */
import { createCapability } from "#shared/connection/capability.ts";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import { type ConnectSession, type Holder, holderHash } from "#shared/connection/connect-session.ts";
import { type Connection, isInUse } from "#shared/connection/connection.ts";
import type { CustomerMode } from "#shared/connection/customer.ts";
import { exchangeAuthorizationCode } from "#shared/connection/exchange-authorization-code.ts";
import type { TokenGrant } from "#shared/connection/finch-port.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { secret } from "#shared/secret.ts";
import {
  aClaim,
  aConnection,
  anOpening,
  aProfile,
  aSession,
  minute,
  newCustomerId,
  noon,
} from "../../support/builders.ts";
import { createFakeFinch } from "../../support/memory/finch.ts";
import { createMemoryStores } from "../../support/memory/stores.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";
import { createMemoryTokenVault } from "../../support/memory/token-vault.ts";

export const redirectUri = "https://perch.example/connect/callback";
export const code = "not-a-real-code";
export const cookie = "cookie-of-the-browser";

const checkIntervalMs = 24 * 60 * minute;

/** Fakes, empty; `seed` decides chance. */
export const createSetting = (seed = 1) => {
  const stores = createMemoryStores();
  const surroundings = createMemorySurroundings({ seed });
  const finch = createFakeFinch();
  const vault = createMemoryTokenVault();
  /** What was asked to be looked at. */
  const checksAsked: CheckRequest[] = [];
  const nudgeChecks = async (requests: readonly CheckRequest[]) => void checksAsked.push(...requests);
  const outside = { finch, vault, nudgeChecks, afterLook: async () => {} };
  const deps = { ...surroundings, ...stores, ...outside, clientType: "sandbox", redirectUri, checkIntervalMs };

  const createCustomer = async (name: string, mode: CustomerMode = "multiple"): Promise<CustomerId> => {
    const customerId = newCustomerId(name);
    const made = { incarnation: `incarnation of ${customerId}`, defaultMode: mode, now: noon };
    await stores.customers.put(aProfile({ customerId }), made);
    return customerId;
  };

  /** A session of the customer that this browser has opened, and the `state` that it brings back. */
  const openSession = async (customerId: CustomerId, changes: Partial<ConnectSession> = {}) => {
    const customer = await stores.customers.find(customerId);
    const session = aSession({ customerId, incarnation: customer?.incarnation ?? "", ...changes });
    const state = createCapability(session.sessionId, surroundings.randomBytes(32));
    const opening = anOpening({ stateHash: state.hash, holderHash: holderHash({ cookie }) });
    const opened = { ...session, openings: session.status === "open" ? [...session.openings, opening] : [] };
    const stored = await stores.sessions.create(opened);
    if (!stored.ok) throw new Error(`the session is not stored: ${stored.refusal}`);
    return { session: opened, state: state.text };
  };

  /** A connection that the customer has. */
  const connect = async (customerId: CustomerId, changes: Partial<Connection> = {}): Promise<Connection> => {
    const connection = aConnection({ customerId, ...changes });
    const claimed = await stores.connections.claim(aClaim(connection, { takesIntoUse: isInUse(connection) }));
    if (!claimed.ok) throw new Error(`the claim was refused: ${claimed.refusal.reason}`);
    return connection;
  };

  /** The callback: brings `state`, code and cookie back. */
  const exchange = (
    state: string,
    brought: { readonly code?: string; readonly cookie?: string | undefined; readonly holder?: Holder } = {},
    { dependencies = deps, lifeMs = 600_000 }: { dependencies?: typeof deps; lifeMs?: number } = {},
  ) => {
    const response = {
      state,
      code: secret(brought.code ?? code),
      holder: brought.holder ?? holderOf("cookie" in brought ? brought.cookie : cookie),
    };
    return exchangeAuthorizationCode(dependencies)(response, new Date(surroundings.now().getTime() + lifeMs));
  };

  /** A session of the customer that Finch grants this for, from its opening to its end. */
  const bring = async (customerId: CustomerId, grant: TokenGrant, changes: Partial<ConnectSession> = {}) => {
    const { state } = await openSession(customerId, changes);
    finch.willAnswerExchange({ kind: "granted", grant });
    const result = await exchange(state);
    if (result.status !== "ended") throw new Error(`the exchange is ${result.status}`);
    return result.session;
  };

  return { ...deps, deps, checksAsked, createCustomer, openSession, connect, exchange, bring };
};

const holderOf = (brought: string | undefined): Holder | undefined =>
  brought === undefined ? undefined : { cookie: brought };
