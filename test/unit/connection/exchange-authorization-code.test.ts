/** The exchange, by what Finch answers and by who asks. */
import { describe, expect, it } from "vitest";
import { hashOf } from "#shared/connection/capability.ts";
import type { ExchangeAnswer } from "#shared/connection/finch-port.ts";
import { afterNoon, aGrant, minute, newSessionId } from "../../support/builders.ts";
import { code, cookie, createSetting, redirectUri } from "./setting.ts";

const timeout: ExchangeAnswer = { kind: "undecided", reason: "timeout" };
const invalidGrant: ExchangeAnswer = { kind: "invalid_grant" };
const granted = (): ExchangeAnswer => ({ kind: "granted", grant: aGrant() });

const createStage = async () => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const { session, state } = await setting.openSession(acme);
  const stored = () => setting.sessions.find(session.sessionId);
  return { ...setting, acme, session, state, stored };
};

/** Another text of the same length. */
const altered = (text: string, index: number): string =>
  text.slice(0, index) + (text[index] === "A" ? "B" : "A") + text.slice(index + 1);

describe("an exchange, by what Finch answers", () => {
  it("stores what is granted; the code goes to Finch once, with the address that Connect was opened with", async () => {
    const { finch, exchange, state, stored, session } = await createStage();
    const answer = granted();
    finch.willAnswerExchange(answer);
    const result = await exchange(state);
    expect(result).toEqual({ status: "ended", session: await stored() });
    expect(await stored()).toMatchObject({ status: "completed", outcome: "connected" });
    expect(finch.calls).toEqual([
      { operation: "exchangeCode", codeHash: hashOf(code), redirectUri, timeoutMs: expect.any(Number) },
    ]);
    expect(await stored()).toMatchObject({ exchange: { attempt: 1, codeHash: hashOf(code) }, openings: [] });
    expect(JSON.stringify(await stored())).not.toContain(code);
    expect(session.status).toBe("open");
  });

  it("says that the code is used up or not ours", async () => {
    const { finch, exchange, state, stored, events, acme } = await createStage();
    finch.willAnswerExchange(invalidGrant);
    expect(await exchange(state)).toMatchObject({ status: "ended", session: { failureReason: "invalid_grant" } });
    expect(await stored()).toMatchObject({ status: "failed", failureReason: "invalid_grant", connectionId: null });
    expect(events()).toMatchObject([
      { type: "ConnectSessionFailed", customerId: acme, detail: { reason: "invalid_grant" } },
    ]);
  });

  it("fails when Finch refuses the platform", async () => {
    const { finch, exchange, state, stored } = await createStage();
    finch.willAnswerExchange({ kind: "platform_trouble", reason: "payment_required" });
    await exchange(state);
    expect(await stored()).toMatchObject({ status: "failed", failureReason: "finch_refused" });
  });

  it.each(["timeout", "unreachable", "rate_limited", "server_error", "unreadable"] as const)(
    "sends the code a second time, after a pause, when the answer is %s",
    async (reason) => {
      const { finch, exchange, state, stored, sleeps } = await createStage();
      finch.willAnswerExchange({ kind: "undecided", reason }, granted());
      expect(await exchange(state)).toMatchObject({ status: "ended", session: { status: "completed" } });
      expect(await stored()).toMatchObject({ status: "completed" });
      expect(finch.calls).toHaveLength(2);
      expect(sleeps).toEqual([500]);
    },
  );

  it("says that a token is lost when the code is used up after an answer that was lost", async () => {
    const { finch, exchange, state, stored, events } = await createStage();
    finch.willAnswerExchange(timeout, invalidGrant);
    expect(await exchange(state)).toMatchObject({ status: "ended", session: { failureReason: "token_lost" } });
    expect(await stored()).toMatchObject({ status: "failed", failureReason: "token_lost" });
    expect(events()).toMatchObject([{ type: "ConnectSessionFailed", detail: { reason: "token_lost" } }]);
  });

  it("is in progress after two answers that decide nothing, and ends nothing", async () => {
    const { finch, exchange, state, stored, events } = await createStage();
    finch.willAnswerExchange(timeout, timeout);
    expect(await exchange(state)).toEqual({ status: "in_progress", session: await stored() });
    expect(await stored()).toMatchObject({ status: "exchanging", failureReason: null });
    expect(events()).toEqual([]);
  });

  it.each([
    // Of ten minutes, 20 seconds are for storing, half a second is the pause, and a second is too short for a request.
    ["once only", 578_500, 1],
    ["twice", 578_499, 2],
  ])("sends the code %s when the first request took %i ms", async (_, tookMs, expected) => {
    const { finch, exchange, state, advance } = await createStage();
    finch.willAnswerExchange(() => {
      advance(tookMs);
      return timeout;
    }, timeout);
    expect(await exchange(state)).toMatchObject({ status: "in_progress" });
    expect(finch.calls).toHaveLength(expected);
  });

  it.each([
    [600_000, 360_000],
    [120_000, 100_000],
    [15_000, 1_000],
  ])("gives a function that lives %i ms a request of %i ms: time to store stays", async (lifeMs, timeoutMs) => {
    const { finch, exchange, state } = await createStage();
    finch.willAnswerExchange(granted());
    await exchange(state, {}, { lifeMs });
    expect(finch.calls).toMatchObject([{ timeoutMs }]);
  });
});

describe("an exchange, by who asks", () => {
  it("does not know a state that is forged, altered, cut or of an unknown session", async () => {
    const { exchange, state, stored, session, finch } = await createStage();
    const elsewhere = createSetting(2);
    const { state: unknownState } = await elsewhere.openSession(await elsewhere.createCustomer("acme"), {
      sessionId: newSessionId(),
    });
    const forged = ["", "x", state.slice(0, -1), `${state}A`, "%".repeat(state.length), unknownState];
    const changed = [0, 5, 21, 22, 40, state.length - 1].map((index) => altered(state, index));
    for (const each of [...forged, ...changed]) {
      expect(await exchange(each)).toEqual({ status: "refused", reason: "unknown" });
    }
    expect(await stored()).toEqual(session);
    expect(finch.calls).toEqual([]);
  });

  it.each([undefined, "", "another cookie", altered(cookie, 3)])("refuses the cookie %j", async (brought) => {
    const { exchange, state, stored, session, finch } = await createStage();
    expect(await exchange(state, { cookie: brought })).toEqual({ status: "refused", reason: "other_holder" });
    expect(await stored()).toEqual(session);
    expect(finch.calls).toEqual([]);
  });

  it("refuses after the session's time, and Finch is not asked", async () => {
    const { exchange, state, stored, session, finch, setNow } = await createStage();
    setNow(session.expiresAt);
    expect(await exchange(state)).toEqual({ status: "refused", reason: "expired" });
    expect(await stored()).toEqual(session);
    expect(finch.calls).toEqual([]);
  });

  it("refuses a session that was cancelled", async () => {
    const { exchange, openSession, acme, finch, memory } = await createStage();
    const { session, state } = await openSession(acme);
    memory.sessions.set(session.sessionId, { ...session, status: "cancelled" });
    expect(await exchange(state)).toEqual({ status: "refused", reason: "spent" });
    expect(finch.calls).toEqual([]);
  });

  it("gives the first result again for the same state, code and cookie, and asks Finch no more", async () => {
    const { finch, exchange, state, setNow } = await createStage();
    finch.willAnswerExchange(granted());
    const first = await exchange(state);
    expect(await exchange(state)).toEqual(first);
    setNow(afterNoon(24 * 60 * minute));
    expect(await exchange(state)).toEqual(first);
    expect(finch.calls).toHaveLength(1);
  });

  it("gives a failure again, too", async () => {
    const { finch, exchange, state } = await createStage();
    finch.willAnswerExchange(invalidGrant);
    const first = await exchange(state);
    expect(await exchange(state)).toEqual(first);
  });

  it.each([
    ["another code", { code: "another-code" }, "spent"],
    ["another cookie", { cookie: "another-cookie" }, "other_holder"],
    ["another code and cookie", { code: "another-code", cookie: "another-cookie" }, "other_holder"],
    ["no cookie", { cookie: undefined }, "other_holder"],
  ] as const)("refuses the state with %s, while exchanging and afterwards", async (_, brought, reason) => {
    const { finch, exchange, state, stored } = await createStage();
    finch.willAnswerExchange(async () => {
      expect(await exchange(state, brought)).toEqual({ status: "refused", reason });
      return granted();
    });
    await exchange(state);
    const after = await stored();
    expect(await exchange(state, brought)).toEqual({ status: "refused", reason });
    expect(await stored()).toEqual(after);
    expect(finch.calls).toHaveLength(1);
  });

  it("refuses the state of another opening once one has begun", async () => {
    const { finch, exchange, state, openSession, acme, sessions } = await createStage();
    const { session: other, state: othersState } = await openSession(acme);
    finch.willAnswerExchange(granted());
    await exchange(othersState);
    const stored = await sessions.find(other.sessionId);
    // A state of the same session that never was, or was dropped: the session has been exchanged.
    expect(await exchange(altered(othersState, 30))).toEqual({ status: "refused", reason: "spent" });
    expect(await sessions.find(other.sessionId)).toEqual(stored);
    // And the other session is untouched by it.
    finch.willAnswerExchange(granted());
    expect(await exchange(state)).toMatchObject({ status: "ended", session: { status: "completed" } });
  });
});
