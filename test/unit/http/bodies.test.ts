/** What the API shows of what Perch keeps, field by field. */
import { describe, expect, it } from "vitest";
import { connectionBody, customerBody, newSessionBody, previewBody, sessionBody } from "#shared/http/bodies.ts";
import {
  aConnection,
  aDeletion,
  afterNoon,
  anEntityDisconnect,
  aProfile,
  aSession,
  aTokenRecord,
  minute,
  newConnectionId,
  noon,
} from "../../support/builders.ts";

const at = noon.toISOString();
const later = afterNoon(minute);

describe("a customer", () => {
  const customer = {
    ...aProfile(),
    ...{ mode: "multiple", createdAt: noon, updatedAt: later, deletion: null },
    ...{ incarnation: "first", connectionCount: 0 },
  } as unknown as Parameters<typeof customerBody>[0];
  const body = {
    customer_id: customer.customerId,
    ...{ name: "Acme Inc.", email: "people@acme.example", mode: "multiple", metadata: { plan: "growth" } },
    ...{ created_at: at, updated_at: later.toISOString(), deletion_id: null },
  };

  it("is shown whole, and which deletion it is in", () => {
    expect(customerBody(customer)).toEqual(body);
    const { deletionId } = aDeletion();
    const deleted = { ...customer, deletion: { deletionId } } as typeof customer;
    expect(customerBody(deleted)).toEqual({ ...body, deletion_id: deletionId });
  });
});

describe("a session", () => {
  const session = aSession();
  const body = {
    session_id: session.sessionId,
    customer_id: session.customerId,
    ...{ status: "open", purpose: "connect", reauthenticates: null, mode: "redirect" },
    products: ["company", "directory"],
    integration: { provider: "gusto", auth_method: "credential" },
    ...{ require_acceptance: false, return_url: "https://app.example/back" },
    ...{ created_at: at, expires_at: afterNoon(60 * minute).toISOString(), ended_at: null },
    ...{ outcome: null, connection_id: null, failure_reason: null },
  };

  it("is shown whole", () => {
    expect(sessionBody(session, noon)).toEqual(body);
    const connectionId = newConnectionId();
    const ended = aSession({ ...session, reauthenticates: connectionId, endedAt: later, connectionId });
    expect(sessionBody(ended, noon)).toEqual({
      ...body,
      ...{ purpose: "reauthenticate", reauthenticates: connectionId, connection_id: connectionId },
      ended_at: later.toISOString(),
    });
  });

  it("has a provider without a method, or none", () => {
    const shown = (integration: typeof session.integration) =>
      sessionBody({ ...session, integration }, noon).integration;
    expect(shown({ provider: "gusto", authMethod: null })).toStrictEqual({ provider: "gusto" });
    expect(shown(null)).toBeNull();
  });

  it("shows its maker, and only now, how it is opened", () => {
    const connectUrl = "https://perch.example/connect/ticket";
    const embedded = { finchSessionId: "finch-1", state: "state-1" };
    expect(newSessionBody({ session, connectUrl, embedded: null }, noon)).toEqual({
      ...body,
      ...{ connect_url: connectUrl, finch_session_id: null, state: null },
    });
    expect(newSessionBody({ session, connectUrl: null, embedded }, noon)).toEqual({
      ...body,
      ...{ connect_url: null, finch_session_id: "finch-1", state: "state-1" },
    });
  });
});

describe("a connection", () => {
  const token = aTokenRecord({ entityIds: ["e1", "e2"] });
  const duplicate = newConnectionId();
  const connection = aConnection({
    tokens: [token],
    possibleDuplicates: [duplicate],
    updatedAt: later,
    entities: ["e1", "e2"].map((id) => ({ id, name: `Acme ${id}`, sourceId: `s-${id}`, status: "connected" })),
    entityDisconnects: [anEntityDisconnect({ entityId: "e2" }), anEntityDisconnect({ entityId: "e3" })],
  });

  it("is shown whole, an entity that is being disconnected included", () => {
    expect(connectionBody(connection)).toEqual({
      connection_id: connection.connectionId,
      customer_id: connection.customerId,
      ...{ provider_id: "gusto", status: "connected", held_reason: null, label: "Head office" },
      metadata: { region: "west", constructor: "named so" },
      ...{ client_type: "sandbox", connection_type: "provider", company_id: "company-1" },
      entities: [
        { id: "e1", name: "Acme e1", source_id: "s-e1", status: "connected" },
        { id: "e2", name: "Acme e2", source_id: "s-e2", status: "disconnecting" },
      ],
      products: ["company", "directory"],
      authentication_methods: [{ type: "credential", status: "connected", products: ["company"] }],
      username: "good_user",
      last_successful_sync: afterNoon(-minute).toISOString(),
      possible_duplicates: [duplicate],
      tokens: [
        {
          token_id: token.tokenId,
          products: ["company", "directory"],
          entity_ids: ["e1", "e2"],
          created_at: at,
        },
      ],
      ...{ introspected_at: at, created_at: at, updated_at: later.toISOString(), version: connection.version },
    });
  });

  it("has nulls before Finch has told anything", () => {
    expect(connectionBody({ ...connection, lastSuccessfulSync: null, introspectedAt: null })).toMatchObject({
      ...{ last_successful_sync: null, introspected_at: null },
    });
  });

  it("shows what would fall with it, of other customers' a number", () => {
    const own = aConnection();
    const siblings = { own: [own], others: [aConnection(), aConnection()], isCapped: true };
    expect(previewBody({ connection, products: ["company"], siblings } as Parameters<typeof previewBody>[0])).toEqual({
      connection_id: connection.connectionId,
      provider_id: "gusto",
      entities: [
        { id: "e1", name: "Acme e1" },
        { id: "e2", name: "Acme e2" },
      ],
      ...{ products: ["company"], tokens: 1 },
      siblings: { connection_ids: [own.connectionId], other_customers: 2, more: true },
    });
  });
});
