/**
 * Each call that changes something leaves one entry that says who it was; a refused one leaves none. It is long because the
 * table has every such call.
 */
import { describe, expect, it } from "vitest";
import { operation as acceptConnection } from "#generated/operations/accept-connection.js";
import { operation as cancelSession } from "#generated/operations/cancel-connect-session.js";
import { operation as createConnectSession } from "#generated/operations/create-connect-session.js";
import { operation as createConnection } from "#generated/operations/create-connection.js";
import { operation as createPageSession } from "#generated/operations/create-page-session.js";
import { operation as createReauthenticateSession } from "#generated/operations/create-reauthenticate-session.js";
import { operation as deleteConnection } from "#generated/operations/delete-connection.js";
import { operation as deleteCustomer } from "#generated/operations/delete-customer.js";
import { operation as disconnectEntity } from "#generated/operations/disconnect-entity.js";
import { operation as introspectConnection } from "#generated/operations/introspect-connection.js";
import { operation as keepDuplicate } from "#generated/operations/keep-duplicate.js";
import { operation as matchEmployees } from "#generated/operations/match-employees.js";
import { operation as putCustomer } from "#generated/operations/put-customer.js";
import { operation as startRoster } from "#generated/operations/start-roster.js";
import { operation as updateConnection } from "#generated/operations/update-connection.js";
import type { AuditEntry } from "#shared/connection/audit.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import type { InvokeExchange } from "#shared/connection/session-ending.ts";
import type { EndpointHandler } from "#shared/http/endpoint.ts";
import { secret } from "#shared/secret.ts";
import { createHandler as acceptHandler } from "../../../functions/accept-connection/handler.ts";
import { createHandler as cancelHandler } from "../../../functions/cancel-connect-session/handler.ts";
import { createHandler as createSessionHandler } from "../../../functions/create-connect-session/handler.ts";
import { createHandler as createConnectionHandler } from "../../../functions/create-connection/handler.ts";
import { createHandler as createPageSessionHandler } from "../../../functions/create-page-session/handler.ts";
import { createHandler as reauthenticateHandler } from "../../../functions/create-reauthenticate-session/handler.ts";
import { createHandler as deleteConnectionHandler } from "../../../functions/delete-connection/handler.ts";
import { createHandler as deleteCustomerHandler } from "../../../functions/delete-customer/handler.ts";
import { createHandler as disconnectEntityHandler } from "../../../functions/disconnect-entity/handler.ts";
import { createHandler as introspectHandler } from "../../../functions/introspect-connection/handler.ts";
import { createHandler as keepDuplicateHandler } from "../../../functions/keep-duplicate/handler.ts";
import { createHandler as matchHandler } from "../../../functions/match-employees/handler.ts";
import { createHandler as putCustomerHandler } from "../../../functions/put-customer/handler.ts";
import { createHandler as startRosterHandler } from "../../../functions/start-roster/handler.ts";
import { createHandler as updateHandler } from "../../../functions/update-connection/handler.ts";
import { anIntrospection, newConnectionId, newCustomerId } from "../../support/builders.ts";
import { documentedOperations } from "../../support/http-contract.ts";
import { ownClientId } from "../../support/memory/finch.ts";
import { createSetting } from "../connection/setting.ts";
import { type Answer, type Asked, ask, recordLog } from "./support.ts";

/** The domain on fakes, with a customer that has a connection in use and an open session. */
const createStage = async (changes: Partial<Connection> = {}) => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const entities = ["e1", "e2"].map((id) => ({ id, name: null, sourceId: null, status: null }));
  const connection = await setting.connect(acme, { entities, ...changes });
  const { session, state } = await setting.openSession(acme);
  setting.finch.willAnswerSession({ kind: "created", connectUrl: "https://connect.example/x", finchSessionId: "f" });
  const { sessionId } = session;
  const { connectionId } = connection;
  const ending = { outcome: "connected", failureReason: null, returnUrl: null, sessionId, connectionId } as const;
  /** The exchange takes a `state` of the customer's own only. */
  const exchange: InvokeExchange = async ({ holder }) =>
    holder !== undefined && "embeddedFor" in holder && holder.embeddedFor === acme
      ? { status: "ended", ending }
      : { status: "refused", reason: "unknown" };
  const deps = {
    ...setting.deps,
    log: recordLog().log,
    publicUrl: "https://perch.example",
    returnOrigins: [],
    languages: ["en"],
    defaultMode: "multiple" as const,
    vault: { ...setting.vault, open: async () => secret("a token") },
    nudgeDisconnects: async () => {},
    nudgeDeletions: async () => {},
    executions: { isRunning: async () => undefined, start: async () => {} },
    exchange,
  };
  return { ...setting, deps, acme, connection, session, state };
};
type Stage = Awaited<ReturnType<typeof createStage>>;

interface Act {
  readonly connection?: Partial<Connection>;
  readonly handler: (deps: Stage["deps"]) => EndpointHandler;
  readonly operation: { readonly method: string; readonly path: string };
  readonly asked?: (stage: Stage) => Asked;
  /** What the entry says beside who and whose. */
  readonly entry: (stage: Stage) => Partial<AuditEntry>;
}

const ofConnection =
  (action: AuditEntry["action"], more: Partial<AuditEntry> = {}) =>
  ({ connection }: Stage): Partial<AuditEntry> => ({ action, connectionId: connection.connectionId, ...more });

const imported = newConnectionId();

const acts: Readonly<Record<string, readonly Act[]>> = {
  "PUT /v1/customers/{customer_id}": [
    {
      ...{ handler: putCustomerHandler, operation: putCustomer },
      asked: () => ({ body: { name: "Acme" } }),
      entry: () => ({ action: "customer_put", connectionId: null }),
    },
  ],
  "DELETE /v1/customers/{customer_id}": [
    {
      ...{ handler: deleteCustomerHandler, operation: deleteCustomer },
      entry: () => ({ action: "customer_deletion_requested", connectionId: null }),
    },
  ],
  "POST /v1/customers/{customer_id}/connect-sessions": [
    {
      ...{ handler: createSessionHandler, operation: createConnectSession },
      asked: () => ({ body: { products: ["company"] } }),
      entry: () => ({ action: "connect_session_created", products: ["company"], sessionId: expect.any(String) }),
    },
  ],
  "DELETE /v1/customers/{customer_id}/connect-sessions/{session_id}": [
    {
      ...{ handler: cancelHandler, operation: cancelSession },
      entry: ({ session }) => ({ action: "connect_session_cancelled", sessionId: session.sessionId }),
    },
  ],
  "POST /v1/customers/{customer_id}/connections": [
    {
      ...{ handler: createConnectionHandler, operation: createConnection },
      asked: ({ finch }) => {
        const said = anIntrospection({ connectionId: imported, clientId: ownClientId, customerId: null });
        finch.willAnswerIntrospect({ kind: "introspected", introspection: said });
        return { body: { access_token: "a-token-of-the-platform" } };
      },
      entry: () => ({ action: "connection_imported", connectionId: imported, tokenId: expect.any(String) }),
    },
    {
      ...{ handler: createConnectionHandler, operation: createConnection },
      asked: ({ state }) => ({ body: { authorization_code: "a-code", state } }),
      entry: (stage) => ({
        ...ofConnection("authorization_code_received")(stage),
        sessionId: stage.session.sessionId,
      }),
    },
  ],
  "PATCH /v1/customers/{customer_id}/connections/{connection_id}": [
    {
      ...{ handler: updateHandler, operation: updateConnection },
      asked: () => ({ body: { label: "Head office" } }),
      entry: ofConnection("connection_labelled"),
    },
  ],
  "DELETE /v1/customers/{customer_id}/connections/{connection_id}": [
    {
      ...{ handler: deleteConnectionHandler, operation: deleteConnection },
      entry: ofConnection("disconnect_requested"),
    },
    {
      connection: { heldReason: "acceptance_required" },
      ...{ handler: deleteConnectionHandler, operation: deleteConnection },
      entry: ofConnection("connection_discarded"),
    },
  ],
  "DELETE /v1/customers/{customer_id}/connections/{connection_id}/entities/{entity_id}": [
    {
      ...{ handler: disconnectEntityHandler, operation: disconnectEntity },
      entry: ofConnection("entity_disconnect_requested", { entityId: "e1" }),
    },
  ],
  "POST /v1/customers/{customer_id}/connections/{connection_id}/accept": [
    {
      connection: { heldReason: "acceptance_required" },
      ...{ handler: acceptHandler, operation: acceptConnection },
      entry: ofConnection("connection_accepted"),
    },
  ],
  "POST /v1/customers/{customer_id}/connections/{connection_id}/introspect": [
    {
      ...{ handler: introspectHandler, operation: introspectConnection },
      asked: ({ finch, connection: { connectionId } }) => {
        finch.willAnswerIntrospect({ kind: "introspected", introspection: anIntrospection({ connectionId }) });
        return {};
      },
      entry: ofConnection("connection_introspected"),
    },
  ],
  "POST /v1/customers/{customer_id}/connections/{connection_id}/reauthenticate-sessions": [
    {
      ...{ handler: reauthenticateHandler, operation: createReauthenticateSession },
      asked: () => ({ body: {} }),
      entry: ofConnection("reauthenticate_session_created", { sessionId: expect.any(String) }),
    },
  ],
  "POST /v1/customers/{customer_id}/connections/{connection_id}/keep-duplicate": [
    {
      connection: { possibleDuplicates: [newConnectionId()] },
      ...{ handler: keepDuplicateHandler, operation: keepDuplicate },
      entry: ofConnection("duplicates_kept"),
    },
  ],
  "POST /v1/customers/{customer_id}/employee-rosters": [
    {
      ...{ handler: startRosterHandler, operation: startRoster },
      entry: () => ({ action: "roster_started" }),
    },
  ],
  "PUT /v1/customers/{customer_id}/employee-matches": [
    {
      ...{ handler: matchHandler, operation: matchEmployees },
      asked: ({ connection: { connectionId } }) => ({
        body: { a: individual(connectionId, "one"), b: individual(connectionId, "other"), decision: "same" },
      }),
      entry: () => ({ action: "match_decided" }),
    },
  ],
  "POST /v1/customers/{customer_id}/page-sessions": [
    {
      ...{ handler: createPageSessionHandler, operation: createPageSession },
      asked: () => ({ body: { link_minutes: 10 } }),
      entry: () => ({ action: "page_session_created", connectionId: null }),
    },
  ],
};

const individual = (connectionId: ConnectionId, id: string) => ({ connection_id: connectionId, individual_id: id });

/** Uses of tokens, which have tests of their own (`use.test.ts`, `test/unit/use/`). */
const uses = [
  "POST /v1/customers/{customer_id}/connections/{connection_id}/access-token",
  "POST /v1/customers/{customer_id}/connections/{connection_id}/finch/{path}",
];

const each = Object.entries(acts).flatMap(([route, cases]) => cases.map((act) => [route, act] as const));

const send = (stage: Stage, act: Act, customerId: CustomerId, connectionId: ConnectionId): Promise<Answer> =>
  ask(act.handler(stage.deps), act.operation, {
    path: {
      ...{ customer_id: customerId, connection_id: connectionId },
      ...{ session_id: stage.session.sessionId, entity_id: "e1" },
    },
    claims: { client_id: "backend-1" },
    ...act.asked?.(stage),
  });

describe("the audit of changes", () => {
  it("is asked of every operation that may change something", () => {
    const changing = documentedOperations.filter(
      ({ method, path }) => method !== "GET" && path.startsWith("/v1/customers"),
    );
    expect(changing.map(({ name }) => name).toSorted()).toEqual([...Object.keys(acts), ...uses].toSorted());
  });

  it.each(each)("has one entry of %s, with who it was", async (_, act) => {
    const stage = await createStage(act.connection);
    const answer = await send(stage, act, stage.acme, stage.connection.connectionId);
    expect(answer.status, answer.text).toBeLessThan(300);
    expect(stage.memory.audit).toEqual([
      {
        auditId: expect.any(String),
        at: expect.any(Date),
        ...{ connectionId: null, sessionId: null, reason: null, entityId: null, tokenId: null, request: null },
        products: expect.any(Array),
        ...{ customerId: stage.acme, caller: "backend-1", requestId: "JKJaXmPLvHcESHA=" },
        ...act.entry(stage),
      },
    ]);
  });

  const apart = [
    ...["customer_put", "connect_session_cancelled", "connection_introspected", "authorization_code_received"],
    "page_session_created",
  ];
  it.each(apart)("answers a 5xx where an entry that follows its change cannot be stored: %s", async (action) => {
    const stage = await createStage();
    const act = each.map(([, one]) => one).find((one) => one.entry(stage).action === action) ?? expect.fail();
    const audit = { ...stage.audit, record: () => Promise.reject(new Error("throttled")) };
    const failing = { ...stage, deps: { ...stage.deps, audit } };
    expect((await send(failing, act, stage.acme, stage.connection.connectionId)).status).toBe(500);
  });

  it.each(each.filter(([route]) => !route.startsWith("PUT")))("has none of %s that was refused", async (_, act) => {
    const stage = await createStage(act.connection);
    const answer = await send(stage, act, newCustomerId("nobody"), stage.connection.connectionId);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(stage.memory.audit).toEqual([]);
  });
});
