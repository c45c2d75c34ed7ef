/** The exchange when calls are repeated, die, or are overtaken: a code is sent by one at a time, and no token is lost. */
import { describe, expect, it } from "vitest";
import type { ExchangeAnswer } from "#shared/connection/finch-port.ts";
import { afterNoon, aGrant, minute } from "../../support/builders.ts";
import { createSetting } from "./setting.ts";

const timeout: ExchangeAnswer = { kind: "undecided", reason: "timeout" };
const lost = { status: "failed", reason: "token_lost" } as const;
const lifeMs = 60_000;

const createStage = async () => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const { session, state } = await setting.openSession(acme);
  const stored = () => setting.sessions.find(session.sessionId);
  const callbackWith = (dependencies: typeof setting.deps) => setting.exchange(state, {}, { dependencies, lifeMs });
  const callback = () => callbackWith(setting.deps);
  return { ...setting, acme, session, stored, callback, callbackWith };
};

type Stage = Awaited<ReturnType<typeof createStage>>;

/** Every call of these ports fails once: `call` says which one, `when` whether its effect has happened. */
const unreliable = ({ deps }: Stage, call: number, when: "before" | "after") => {
  let calls = 0;
  const wrap = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name, receiver) => {
        const method = Reflect.get(target, name, receiver);
        if (typeof method !== "function") return method;
        return async (...args: unknown[]) => {
          calls += 1;
          const fails = calls === call;
          if (fails && when === "before") throw new Error("throttled");
          const answer = await method.apply(target, args);
          if (fails) throw new Error("the answer is lost");
          return answer;
        };
      },
    });
  const { sessions, connections, vault } = deps;
  // What begins an exchange may fail: nothing was asked of Finch yet.
  const { beginExchange, ...others } = sessions;
  return {
    dependencies: {
      ...deps,
      sessions: { beginExchange, ...wrap(others) },
      connections: wrap(connections),
      vault: wrap(vault),
    },
    calls: () => calls,
  };
};

describe("callbacks that are repeated", () => {
  it("answers in progress while the first runs, and does not send the code", async () => {
    const { finch, callback } = await createStage();
    finch.willAnswerExchange(async () => {
      expect(await callback()).toMatchObject({ status: "in_progress" });
      return { kind: "granted", grant: aGrant() };
    });
    expect(await callback()).toMatchObject({ status: "ended" });
    expect(finch.calls).toHaveLength(1);
  });

  it("sends the code once for twenty at the same time", async () => {
    const { finch, callback, memory } = await createStage();
    finch.willAnswerExchange({ kind: "granted", grant: aGrant() });
    const results = await Promise.all(Array.from({ length: 20 }, callback));
    expect(results.filter(({ status }) => status === "refused")).toEqual([]);
    expect(finch.calls).toHaveLength(1);
    expect(memory.tokens.size).toBe(1);
  });

  it("sends it again when the life of the function that had it is over", async () => {
    const { finch, callback, stored, setNow, now } = await createStage();
    finch.willAnswerExchange(timeout, timeout, { kind: "granted", grant: aGrant() });
    const begun = now();
    await callback();
    setNow(new Date(begun.getTime() + lifeMs - 1));
    expect(await callback()).toMatchObject({ status: "in_progress" });
    expect(finch.calls).toHaveLength(2);
    setNow(new Date(begun.getTime() + lifeMs));
    expect(await callback()).toMatchObject({ status: "ended", session: { status: "completed" } });
    expect(await stored()).toMatchObject({ exchange: { attempt: 2 } });
  });

  it("says that the token is lost when a later attempt hears that the code is used up", async () => {
    const { finch, callback, advance } = await createStage();
    finch.willAnswerExchange(timeout, timeout, { kind: "invalid_grant" });
    await callback();
    advance(lifeMs);
    expect(await callback()).toMatchObject({ status: "ended", session: { failureReason: "token_lost" } });
  });
});

describe("a token whose session was given up meanwhile", () => {
  it("is stored all the same, and completes the session", async () => {
    const { finch, callback, stored, sessions, now, connections, acme } = await createStage();
    const grant = aGrant();
    finch.willAnswerExchange(async () => {
      const exchanging = (await stored()) ?? expect.fail();
      await sessions.end(exchanging, { end: lost, token: null, now: now(), events: [] });
      return { kind: "granted", grant };
    });
    expect(await callback()).toMatchObject({ status: "ended", session: { status: "completed" } });
    expect(await stored()).toMatchObject({ status: "completed", outcome: "connected", failureReason: null });
    expect(await connections.find(acme, grant.connectionId)).toMatchObject({ finchStatus: "connected" });
  });

  it("is stored all the same when the session had completed with another token", async () => {
    const { finch, callback, stored, memory, session, connections, acme } = await createStage();
    const grant = aGrant();
    const completed = { status: "completed", outcome: "known", endedAt: afterNoon(minute) } as const;
    finch.willAnswerExchange(async () => {
      const exchanging = memory.sessions.get(session.sessionId) ?? expect.fail();
      memory.sessions.set(session.sessionId, { ...exchanging, ...completed });
      return { kind: "granted", grant };
    });
    expect(await callback()).toEqual({ status: "ended", session: await stored() });
    expect(await stored()).toMatchObject(completed);
    expect(await connections.find(acme, grant.connectionId)).toMatchObject({ finchStatus: "connected" });
    expect(memory.tokens.size).toBe(1);
  });

  it("leaves what was said of the failure, when there is nothing to store", async () => {
    const { finch, callback, stored, sessions, now } = await createStage();
    finch.willAnswerExchange(async () => {
      const exchanging = (await stored()) ?? expect.fail();
      await sessions.end(exchanging, { end: lost, token: null, now: now(), events: [] });
      return { kind: "invalid_grant" };
    });
    expect(await callback()).toMatchObject({ status: "ended", session: { failureReason: "token_lost" } });
    expect(await stored()).toMatchObject({ status: "failed", failureReason: "token_lost" });
  });
});

describe("a store or vault that fails", () => {
  const outcomes = [
    ["granted", "completed", null, 1],
    ["owned elsewhere", "failed", "connection_conflict", 0],
    ["invalid_grant", "failed", "invalid_grant", 0],
  ] as const;

  it.each(outcomes)(
    "makes no difference to a code that is %s, whichever call fails, before or after its effect",
    async (...row) => {
      const [kind, status, failureReason, tokens] = row;
      for (const when of ["before", "after"] as const) {
        for (let call = 1; ; call += 1) {
          const stage = await createStage();
          const grant = aGrant();
          const othersTokens = kind === "owned elsewhere" ? 1 : 0;
          if (othersTokens > 0) {
            await stage.connect(await stage.createCustomer("globex"), { connectionId: grant.connectionId });
          }
          const eventsBefore = stage.events().length;
          stage.finch.willAnswerExchange(kind === "invalid_grant" ? { kind } : { kind: "granted", grant });
          const { dependencies, calls } = unreliable(stage, call, when);
          expect(await stage.callbackWith(dependencies)).toMatchObject({
            status: "ended",
            session: { status, failureReason },
          });
          expect(await stage.stored()).toMatchObject({ status, failureReason });
          expect(stage.memory.tokens.size - othersTokens).toBe(tokens);
          // Each thing is told once.
          const types = stage
            .events()
            .slice(eventsBefore)
            .map(({ type }) => type);
          expect(new Set(types).size).toBe(types.length);
          expect(types.length).toBeGreaterThan(0);
          if (calls() < call) {
            expect(call).toBeGreaterThan(1);
            break;
          }
        }
      }
    },
  );

  it("is tried until the function's life ends; then the failure is thrown, and the session is left to the sweep", async () => {
    const stage = await createStage();
    stage.finch.willAnswerExchange({ kind: "granted", grant: aGrant() });
    const claim = async () => {
      throw new Error("throttled");
    };
    const begun = stage.now().getTime();
    const dependencies = { ...stage.deps, connections: { ...stage.connections, claim } };
    await expect(stage.callbackWith(dependencies)).rejects.toThrow("throttled");
    expect(stage.sleeps.length).toBeGreaterThan(10);
    const lastedMs = stage.now().getTime() - begun;
    expect(lastedMs).toBeGreaterThan(lifeMs - 4_000);
    expect(lastedMs).toBeLessThan(lifeMs);
    expect(await stage.stored()).toMatchObject({ status: "exchanging" });
  });
});
