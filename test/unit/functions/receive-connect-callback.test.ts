import { describe, expect, it } from "vitest";
import { operation } from "#generated/operations/receive-connect-callback.js";
import { createCapability } from "#shared/connection/capability.ts";
import type { AuthorizationResponse } from "#shared/connection/exchange-authorization-code.ts";
import type { InvokedExchange, SessionEnding } from "#shared/connection/session-ending.ts";
import { createHandler } from "../../../functions/receive-connect-callback/handler.ts";
import { type Asked, ask, connectionId, recordLog, sessionId, surroundings } from "./support.ts";

const { text: state } = createCapability(sessionId, new Uint8Array(32).fill(9));
const cookie = "c".repeat(43);
const code = "code-secret-0001";

const receive = async (reply: InvokedExchange, asked: Asked = {}) => {
  const { log, lines } = recordLog();
  const brought: AuthorizationResponse[] = [];
  const handler = createHandler({
    ...surroundings,
    log,
    sessions: { find: async () => undefined, replaceOpenings: async () => false },
    exchange: async (response) => {
      brought.push(response);
      return reply;
    },
  });
  const query = { state, code };
  const answer = await ask(handler, operation, { query, cookies: [`__Host-perch_browser=${cookie}`], ...asked });
  return { ...answer, brought, lines };
};

const ending = (parts: Partial<SessionEnding>): InvokedExchange => ({
  status: "ended",
  ending: {
    sessionId,
    returnUrl: "https://app.example.com/back?x=1",
    outcome: null,
    failureReason: null,
    connectionId: null,
    ...parts,
  },
});

describe("a browser's return from Finch", () => {
  it("brings its cookie to the exchange", async () => {
    const { brought, lines } = await receive({ status: "in_progress" });
    expect(brought).toEqual([expect.objectContaining({ state, holder: { cookie } })]);
    expect(lines.join()).not.toMatch(new RegExp(`${code}|${state}|${cookie}`));
  });

  it.each([
    [{ outcome: "connected", connectionId }, "connected", connectionId],
    [{ outcome: "known", connectionId }, "known", connectionId],
    [{ outcome: "reconnected", connectionId }, "reconnected", connectionId],
    [{ outcome: "pending", connectionId }, "pending", connectionId],
    [{ failureReason: "connection_conflict" }, "failed", null],
    [{ failureReason: "wrong_account" }, "other", null],
  ] satisfies readonly (readonly [Partial<SessionEnding>, string, string | null])[])(
    "goes back to the platform: %j",
    async (parts, status, connection) => {
      const { headers, status: httpStatus } = await receive(ending(parts));
      const location = new URL(headers["location"] ?? "");
      expect([httpStatus, location.origin, location.searchParams.get("x")]).toEqual([
        303,
        "https://app.example.com",
        "1",
      ]);
      expect(location.searchParams.get("status")).toBe(status);
      expect(location.searchParams.get("session_id")).toBe(sessionId);
      expect(location.searchParams.get("connection_id")).toBe(connection);
    },
  );

  it.each([
    [{ outcome: "connected" }, 200, "You are connected"],
    [{ outcome: "known" }, 200, "You are connected"],
    [{ outcome: "reconnected" }, 200, "You are connected again"],
    [{ outcome: "pending" }, 200, "Thank you"],
    [{ failureReason: "connection_limit" }, 409, "This account cannot be connected here"],
    [{ failureReason: "wrong_account" }, 409, "That was another account"],
    [{ failureReason: "connection_disconnecting" }, 409, "This connection is being ended"],
    [{ failureReason: "token_lost" }, 400, "The connection was not made"],
    [{}, 410, "This link has ended"],
  ] satisfies readonly (readonly [Partial<SessionEnding>, number, string])[])(
    "ends on a page of our own without a return_url: %j",
    async (parts, status, heading) => {
      const reply = await receive(ending({ ...parts, returnUrl: null, connectionId }));
      expect(reply.status).toBe(status);
      expect(reply.text).toContain(`<h1>${heading}</h1>`);
      expect(reply.text).not.toContain(connectionId);
      expect(reply.text).not.toContain("refresh");
    },
  );

  it("waits on a page that repeats it when the exchange was not run", async () => {
    const reply = await receive({ status: "not_run" });
    expect(reply.status).toBe(503);
    expect(reply.text).toContain('<meta http-equiv="refresh" content="5">');
    expect(reply.text).not.toMatch(new RegExp(`${code}|${state}`));
  });

  it.each(["state", "code"])("is refused with the %s given twice, and changes nothing", async (name) => {
    const once = `state=${state}&code=${code}`;
    const twice = `${once}&${name}=other`;
    const query = { state, code, [name]: `${{ state, code }[name]},other` };
    const reply = await receive({ status: "in_progress" }, { query, rawQuery: twice });
    expect([reply.status, reply.brought]).toEqual([400, []]);
    const comma = await receive(
      { status: "in_progress" },
      { query: { state, code: "a,b" }, rawQuery: `state=${state}&code=a%2Cb` },
    );
    expect(comma.brought.map((each) => each.code.reveal())).toEqual(["a,b"]);
    const other = await receive(
      { status: "in_progress" },
      { query: { state, code, x: "1,2" }, rawQuery: `${once}&x=1&x=2` },
    );
    expect(other.headers["location"]).toBe(`/connect/pending/${sessionId}`);
  });
});
