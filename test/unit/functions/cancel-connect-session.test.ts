import { describe, expect, it } from "vitest";
import { operation as cancelOperation } from "#generated/operations/cancel-connect-session.js";
import type { AuditEntry } from "#shared/connection/audit.ts";
import type { ConnectSession } from "#shared/connection/connect-session.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import { ok, refuse } from "#shared/result.ts";
import { createHandler as createCancel } from "../../../functions/cancel-connect-session/handler.ts";
import { acme, aSession, ask, codeOf, recordLog, sessionId, surroundings, time } from "./support.ts";

describe("cancelling a session", () => {
  const cancel = (session: ConnectSession | undefined, answer: "cancels" | "refuses" | "has lost it" = "refuses") => {
    let cancels = 0;
    const entries: AuditEntry[] = [];
    const handler = createCancel({
      ...surroundings,
      log: recordLog().log,
      audit: {
        record: async (entry) => {
          entries.push(entry);
        },
      },
      sessions: {
        find: async () => session,
        cancel: async () => {
          cancels++;
          if (answer === "cancels" && session !== undefined) return ok({ ...session, status: "cancelled" as const });
          return session === undefined || answer === "has lost it"
            ? refuse({ reason: "unknown" as const })
            : refuse({ reason: "not_open" as const, session });
        },
      },
    });
    const path = { customer_id: acme, session_id: sessionId };
    return ask(handler, cancelOperation, { path }).then((reply) => ({ ...reply, cancels, entries }));
  };

  it("ends an open one, once and again", async () => {
    expect(await cancel(aSession(), "cancels")).toMatchObject({ status: 204, text: "" });
    expect((await cancel(aSession({ status: "cancelled" }))).status).toBe(204);
    for (const session of [aSession(), aSession({ status: "cancelled" })]) {
      expect((await cancel(session, session.status === "open" ? "cancels" : "refuses")).entries).toMatchObject([
        { action: "connect_session_cancelled", customerId: acme, sessionId, connectionId: null },
      ]);
    }
  });

  it.each([
    ["exchanging", aSession({ status: "exchanging" }), "exchange_in_progress"],
    ["completed", aSession({ status: "completed" }), "session_ended"],
    ["failed", aSession({ status: "failed" }), "session_ended"],
    ["expired", aSession({ expiresAt: time }), "session_ended"],
  ])("is too late for one that is %s", async (_, session, code) => {
    const reply = await cancel(session);
    expect([reply.status, codeOf(reply), reply.entries]).toEqual([409, code, []]);
  });

  it("knows neither another customer's nor none, and touches none of them", async () => {
    const foreign = await cancel(aSession({ customerId: "other" as CustomerId }), "cancels");
    const none = await cancel(undefined);
    for (const reply of [foreign, none]) expect([reply.status, reply.cancels, reply.entries]).toEqual([404, 0, []]);
    expect((await cancel(aSession(), "has lost it")).status).toBe(404);
  });
});
