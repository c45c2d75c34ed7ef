import { describe, expect, it } from "vitest";
import type { SessionFailure } from "#shared/connection/connect-session.ts";
import { accessToken, code, ending, type Setting, sessionPath, setting, state } from "./create-connection-setting.ts";
import { acme, codeOf, connectionId, sessionId } from "./support.ts";

const embedded = (parts: Setting) => setting(parts).post({ authorization_code: code, state });

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
