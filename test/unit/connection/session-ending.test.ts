/** How a session ends, and what the function of an exchange answers to the callback of that: the ending and nothing else. */
import { describe, expect, it } from "vitest";
import { endSession } from "#shared/connection/connect-session.ts";
import { toExchangeReply } from "#shared/connection/session-ending.ts";
import { anOpening, aSession, newConnectionId, newSessionId, newTokenId, noon } from "../../support/builders.ts";

describe("the answer to a callback", () => {
  it("tells how a session ended, and no more of it than its browser may know", () => {
    const [sessionId, connectionId] = [newSessionId(), newConnectionId()];
    const ending = { sessionId, returnUrl: "https://app.example/done", outcome: "known", connectionId } as const;
    const session = aSession({ status: "completed", failureReason: null, ...ending });
    expect(toExchangeReply({ status: "ended", session })).toEqual({
      status: "ended",
      ending: { ...ending, failureReason: null },
    });
  });

  it("is only that it goes on while it does, and why one was refused", () => {
    expect(toExchangeReply({ status: "in_progress", session: aSession() })).toEqual({ status: "in_progress" });
    const refused = { status: "refused", reason: "spent" } as const;
    expect(toExchangeReply(refused)).toEqual(refused);
  });
});

describe("a session's end", () => {
  const open = aSession({ openings: [anOpening()], version: 4 });
  const token = { connectionId: newConnectionId(), tokenId: newTokenId() };

  it("names the outcome and what it brought, and closes its openings", () => {
    expect(endSession(open, { status: "completed", outcome: "connected" }, token, noon)).toEqual({
      ...open,
      ...{ status: "completed", outcome: "connected", failureReason: null, ...token },
      ...{ openings: [], endedAt: noon, version: 5 },
    });
  });

  it("names nothing but the reason where it failed, also with a token", () => {
    expect(endSession(open, { status: "failed", reason: "wrong_account" }, token, noon)).toEqual({
      ...open,
      ...{ status: "failed", outcome: null, failureReason: "wrong_account", connectionId: null, tokenId: null },
      ...{ openings: [], endedAt: noon, version: 5 },
    });
  });

  it("may be good without a token of its own customer's", () => {
    const ended = endSession(open, { status: "completed", outcome: "known" }, null, noon);
    expect(ended).toMatchObject({ outcome: "known", connectionId: null, tokenId: null });
  });
});
