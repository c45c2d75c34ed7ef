import { operation } from "#generated/operations/create-connection.js";
import type { AuditEntry } from "#shared/connection/audit.ts";
import { createCapability } from "#shared/connection/capability.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { AuthorizationResponse } from "#shared/connection/exchange-authorization-code.ts";
import type { IntrospectAnswer, Introspection } from "#shared/connection/finch-port.ts";
import type { InvokedExchange, SessionEnding } from "#shared/connection/session-ending.ts";
import type { Claim, ClaimRefusal } from "#shared/connection/store-ports.ts";
import { ok, type Result } from "#shared/result.ts";
import { createHandler } from "../../../functions/create-connection/handler.ts";
import { aConnection, aCustomer, acme, ask, connectionId, recordLog, sessionId, surroundings } from "./support.ts";

export const code = "code-secret-0001";
export const accessToken = "at-secret-0001";
export const { text: state } = createCapability(sessionId, new Uint8Array(32).fill(9));
export const sessionPath = `/v1/customers/acme%7C1/connect-sessions/${sessionId}`;

export const ending = (parts: Partial<SessionEnding>): InvokedExchange => ({
  status: "ended",
  ending: { sessionId, returnUrl: null, outcome: null, failureReason: null, connectionId: null, ...parts },
});

export const said: Introspection = {
  clientId: "ours",
  connectionId,
  clientType: "sandbox",
  connectionType: "provider",
  providerId: "gusto",
  status: "connected",
  lastSuccessfulSync: null,
  products: ["company"],
  authenticationMethods: [],
  entities: [{ id: "e1", name: null, sourceId: null, status: null }],
  customerId: null,
  companyId: null,
  username: null,
};

/** What the stubs answer. */
export interface Setting {
  readonly exchange?: InvokedExchange;
  readonly answer?: IntrospectAnswer;
  readonly connection?: Connection | null;
  readonly claim?: (claim: Claim) => Result<void, ClaimRefusal>;
  readonly isKnown?: boolean;
}

/** The handler over stubs that keep what they are given. */
export const setting = (parts: Setting = {}) => {
  const { exchange = { status: "not_run" }, connection = aConnection(), claim = () => ok(undefined) } = parts;
  const { log, lines } = recordLog();
  const brought: AuthorizationResponse[] = [];
  const claims: Claim[] = [];
  const entries: AuditEntry[] = [];
  const handler = createHandler({
    ...surroundings,
    log,
    customers: { find: async () => (parts.isKnown === false ? undefined : aCustomer()) },
    connections: {
      find: async () => connection ?? undefined,
      claim: async (made) => {
        claims.push(made);
        return claim(made);
      },
    },
    vault: { seal: async () => ({ ciphertext: new Uint8Array(1) }), destroy: async () => {} },
    finch: {
      introspect: async () => parts.answer ?? { kind: "introspected", introspection: said },
      clientId: async () => "ours",
    },
    clientType: "sandbox",
    audit: {
      record: async (entry) => {
        entries.push(entry);
      },
    },
    exchange: async (response) => {
      brought.push(response);
      return exchange;
    },
  });
  return {
    lines,
    brought,
    claims,
    post: (body: unknown) => ask(handler, operation, { path: { customer_id: acme }, body }),
  };
};
