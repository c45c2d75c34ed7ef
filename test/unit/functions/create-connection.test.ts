import { describe, expect, it } from "vitest";
import { operation } from "#generated/operations/create-connection.js";
import { createCapability } from "#shared/connection/capability.ts";
import type { SessionFailure } from "#shared/connection/connect-session.ts";
import type { Connection } from "#shared/connection/connection.ts";
import type { AuthorizationResponse } from "#shared/connection/exchange-authorization-code.ts";
import type { IntrospectAnswer, Introspection } from "#shared/connection/finch-port.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import type { SessionEnding } from "#shared/connection/session-ending.ts";
import type { Claim, ClaimRefusal } from "#shared/connection/store-ports.ts";
import type { InvokedExchange } from "#shared/lambda/invoke-exchange.ts";
import { ok, type Result } from "#shared/result.ts";
import { createHandler } from "../../../functions/create-connection/handler.ts";
import { importProblem } from "../../../functions/create-connection/import-problem.ts";
import {
  aConnection,
  aCustomer,
  acme,
  ask,
  codeOf,
  connectionId,
  recordLog,
  sessionId,
  surroundings,
} from "./support.ts";

const code = "code-secret-0001";
const accessToken = "at-secret-0001";
const { text: state } = createCapability(sessionId, new Uint8Array(32).fill(9));
const sessionPath = `/v1/customers/acme%7C1/connect-sessions/${sessionId}`;

const ending = (parts: Partial<SessionEnding>): InvokedExchange => ({
  status: "ended",
  ending: { sessionId, returnUrl: null, outcome: null, failureReason: null, connectionId: null, ...parts },
});

const said: Introspection = {
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

interface Setting {
  readonly exchange?: InvokedExchange;
  readonly answer?: IntrospectAnswer;
  readonly connection?: Connection | null;
  readonly claim?: (claim: Claim) => Result<void, ClaimRefusal>;
  readonly isKnown?: boolean;
}

const setting = (parts: Setting = {}) => {
  const { exchange = { status: "not_run" }, connection = aConnection(), claim = () => ok(undefined) } = parts;
  const { log, lines } = recordLog();
  const brought: AuthorizationResponse[] = [];
  const claims: Claim[] = [];
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
    vault: { seal: async () => ({ ciphertext: new Uint8Array(1) }) },
    finch: {
      introspect: async () => parts.answer ?? { kind: "introspected", introspection: said },
      clientId: async () => "ours",
    },
    clientType: "sandbox",
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

const embedded = (parts: Setting) => setting(parts).post({ authorization_code: code, state });
const imported = (parts: Setting = {}) => setting(parts).post({ access_token: accessToken });

describe("an embedded session's code", () => {
  it("is exchanged in the name of the customer in the path", async () => {
    const { post, brought, lines } = setting({ exchange: ending({ outcome: "connected", connectionId }) });
    const reply = await post({ authorization_code: code, state });
    expect([reply.status, reply.body["connection_id"]]).toEqual([201, connectionId]);
    expect(brought.map(({ holder, ...each }) => [each.state, each.code.reveal(), holder])).toEqual([
      [state, code, { embeddedFor: acme }],
    ]);
    expect(lines.join()).not.toMatch(new RegExp(`${code}|${state}`));
  });

  it.each(["known", "reconnected", "pending"] as const)("gives 200 when the outcome is %s", async (outcome) => {
    const reply = await embedded({ exchange: ending({ outcome, connectionId }) });
    expect([reply.status, reply.body["connection_id"]]).toEqual([200, connectionId]);
  });

  it.each([
    ["connection_conflict", 409, "connection_conflict"],
    ["customer_mismatch", 409, "customer_mismatch"],
    ["connection_limit", 409, "connection_limit_reached"],
    ["connection_disconnecting", 409, "connection_disconnecting"],
    ["wrong_account", 409, "wrong_account"],
    ["wrong_client_type", 409, "wrong_client_type"],
    ["invalid_grant", 400, "invalid_grant"],
    ["token_lost", 502, "token_lost"],
    ["token_too_large", 502, "token_too_large"],
    ["finch_refused", 502, "finch_refused"],
  ] satisfies readonly (readonly [SessionFailure, number, string])[])(
    "tells that the session failed: %s",
    async (failureReason, status, problemCode) => {
      const reply = await embedded({ exchange: ending({ failureReason }) });
      expect([reply.status, codeOf(reply), reply.body["instance"]]).toEqual([status, problemCode, sessionPath]);
    },
  );

  it("gives the session to read while the exchange runs", async () => {
    const reply = await embedded({ exchange: { status: "in_progress" } });
    expect([reply.status, reply.body, reply.headers["location"]]).toEqual([
      202,
      { session_id: sessionId },
      sessionPath,
    ]);
  });

  it("is to be sent again when the exchange was not run", async () => {
    const reply = await embedded({ exchange: { status: "not_run" } });
    expect([reply.status, codeOf(reply), reply.headers["retry-after"]]).toEqual([503, "exchange_unavailable", "5"]);
  });

  it("says the same of every state that is not valid", async () => {
    const texts = [];
    for (const reason of ["unknown", "other_holder", "expired", "spent"] as const) {
      texts.push((await embedded({ exchange: { status: "refused", reason } })).text);
    }
    expect(new Set(texts).size).toBe(1);
    expect(JSON.parse(texts[0] ?? "")).toMatchObject({ status: 400, errors: [{ field: "body.state" }] });
  });

  it("names a connection that is gone by now as not found", async () => {
    const exchange = ending({ outcome: "connected", connectionId });
    expect(codeOf(await embedded({ exchange, connection: null }))).toBe("not_found");
  });
});

describe("an imported token", () => {
  it("makes a connection, and is repeated nowhere", async () => {
    const { post, claims, lines } = setting();
    const reply = await post({ access_token: accessToken });
    expect([reply.status, reply.body["connection_id"], reply.body["products"]]).toEqual([
      201,
      connectionId,
      ["company"],
    ]);
    expect(claims).toHaveLength(1);
    expect(JSON.stringify([reply, lines])).not.toContain(accessToken);
  });

  it("gives 200 for one that is there", async () => {
    const claim = (): Result<void, ClaimRefusal> => ({
      ok: false,
      refusal: { reason: "token_stored" } as ClaimRefusal,
    });
    expect((await imported({ claim })).status).toBe(200);
  });

  it("is refused for an unknown customer", async () => {
    expect(codeOf(await imported({ isKnown: false }))).toBe("not_found");
  });

  it.each([
    ["Finch does not know it", { kind: "invalid_token" }],
    ["its connection is signed out", { kind: "reauthenticate_user" }],
    ["it is another application's", { kind: "introspected", introspection: { ...said, clientId: "theirs" } }],
  ] satisfies readonly (readonly [string, IntrospectAnswer])[])("is refused when %s", async (_, answer) => {
    const reply = await imported({ answer });
    expect([reply.status, reply.body.errors?.map(({ field }) => field)]).toEqual([400, ["body.access_token"]]);
    expect(reply.text).not.toContain(accessToken);
  });

  it("is refused over 4096 bytes, naming the field", async () => {
    const reply = await setting().post({ access_token: "x".repeat(4097) });
    expect(reply.body.errors).toEqual([{ field: "body.access_token", message: "must have at most 4096 bytes" }]);
    expect((await setting().post({ access_token: "x".repeat(4096) })).status).toBe(201);
  });

  it("is refused when another customer owns its connection", async () => {
    const claim = (): Result<void, ClaimRefusal> => ({
      ok: false,
      refusal: { reason: "owned_elsewhere", owner: "somebody-else" as CustomerId },
    });
    const reply = await imported({ claim });
    expect([reply.status, codeOf(reply)]).toEqual([409, "connection_conflict"]);
    expect(reply.text).not.toContain("somebody-else");
  });

  it("may be sent again when Finch cannot be asked", async () => {
    const reply = await imported({ answer: { kind: "undecided", reason: "server_error" } });
    expect([reply.status, codeOf(reply), reply.headers["retry-after"]]).toEqual([503, "finch_unavailable", "30"]);
    expect((await imported({ answer: { kind: "platform_trouble", reason: "unpaid" } })).status).toBe(502);
  });

  it("is not taken while its connection is held", () => {
    expect(importProblem({ reason: "acceptance_required" }).statusCode).toBe(409);
    expect(importProblem({ reason: "connection_limit" }).statusCode).toBe(409);
  });
});

describe("a request that brings neither or both", () => {
  const either = { field: "body", message: "must have either authorization_code and state, or access_token" };

  it.each([
    ["nothing", {}, [either]],
    ["both", { authorization_code: code, state, access_token: accessToken }, [either]],
    [
      "a code alone",
      { authorization_code: code },
      [{ field: "body.state", message: "is required together with authorization_code" }],
    ],
    [
      "a state alone",
      { state },
      [either, { field: "body.authorization_code", message: "is required together with state" }],
    ],
    [
      "a state of another shape",
      { authorization_code: code, state: "short" },
      [{ field: "body.state", message: "must be the state of an embedded session, unchanged" }],
    ],
    [
      "a token that no header could carry",
      { access_token: "a b" },
      [{ field: "body.access_token", message: "must be a Finch access token, as Finch issued it" }],
    ],
  ])("is refused: %s", async (_, body, errors) => {
    const { post, brought, claims } = setting();
    expect((await post(body)).body.errors).toEqual(errors);
    expect([brought, claims]).toEqual([[], []]);
  });
});
