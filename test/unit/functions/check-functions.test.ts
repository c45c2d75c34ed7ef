/** The functions that look at connections: what they take, what they log and answer, and what comes again. */
import { describe, expect, it } from "vitest";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import type { SweptChecks } from "#shared/connection/sweep-checks.ts";
import type { Trial, TrialReport } from "#shared/connection/try-connections.ts";
import { createInvokeTryConnections } from "#shared/lambda/invoke-try-connections.ts";
import { readTrialAnswer, readTrialEvent, toTrialAnswer, toTrialEvent } from "#shared/lambda/trial-messages.ts";
import { createLog } from "#shared/log.ts";
import { createHandler as createCheck } from "../../../functions/check-connection/handler.ts";
import { createHandler as createSweep } from "../../../functions/sweep-checks/handler.ts";
import { createHandler as createTry } from "../../../functions/try-connections/handler.ts";
import { minute } from "../../support/builders.ts";
import { createCheckWorld, healthy } from "../../support/check-world.ts";

const createLines = () => {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: createLog((line) => lines.push(JSON.parse(line))) };
};

describe("check-connection", () => {
  const createStage = async () => {
    const world = await createCheckWorld(2);
    const { lines, log } = createLines();
    const { connections, webhooks } = world;
    const messages = new Map<string, CheckRequest>();
    const readMessage = (body: string) => messages.get(body) ?? expect.fail("malformed message");
    const handler = createCheck({ ...world.looking, connections, webhooks, log, readMessage });
    const ask = (name: string, index: number, changes: Partial<CheckRequest> = {}) => {
      const { customerId, connectionId } = world.made[index] ?? expect.fail();
      messages.set(name, { customerId, connectionId, reason: "connected", askedAt: world.now(), ...changes });
      return { messageId: name, body: name };
    };
    return { ...world, handler, lines, ask };
  };
  const reasonsOf = (lines: readonly Record<string, unknown>[]) => lines.map(({ reason }) => reason);

  it("looks at each connection that a message names, and once for messages of one moment", async () => {
    const { handler, ask, lines, changed, advance } = await createStage();
    advance(minute);
    const asked = [ask("a", 0), ask("b", 1)];
    advance(minute);
    expect(await handler({ Records: [...asked, ask("c", 0, { askedAt: new Date(0) })] })).toEqual({
      batchItemFailures: [],
    });
    expect(reasonsOf(lines)).toEqual(["looked", "looked", "answered_before"]);
    expect(changed()).toHaveLength(2);
  });

  it("acknowledges what Finch does not answer: no message ends in the dead letters because Finch is down", async () => {
    const { handler, ask, lines, changed, finchSays } = await createStage();
    finchSays(() => ({ kind: "undecided", reason: "server_error" }));
    expect(await handler({ Records: [ask("a", 0)] })).toEqual({ batchItemFailures: [] });
    expect([reasonsOf(lines), changed()]).toEqual([["undecided"], []]);
  });

  it("acknowledges a request for another life of the connection, or for none", async () => {
    const { handler, ask, lines, callTimes } = await createStage();
    const Records = [ask("a", 0, { madeAt: new Date(0) }), ask("b", 1, { connectionId: "gone" as never })];
    expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
    expect([reasonsOf(lines), callTimes]).toEqual([["void", "void"], []]);
  });

  it("has a message come again that is malformed or whose token does not open, and blocks no other", async () => {
    const { handler, ask, looking, lines, changed } = await createStage();
    let opened = 0;
    const { open } = looking.vault;
    Object.assign(looking.vault, {
      open: async (...given: Parameters<typeof open>) => {
        opened += 1;
        if (opened === 1) throw new Error("KMS is away");
        return open(...given);
      },
    });
    const Records = [{ messageId: "bad", body: "{}" }, ask("a", 0), ask("b", 1)];
    expect(await handler({ Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: "bad" }, { itemIdentifier: "a" }],
    });
    expect(changed()).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain("KMS is away");
  });
});

describe("sweep-checks", () => {
  const createStage = async (count: number) => {
    const world = await createCheckWorld(count);
    const { lines, log } = createLines();
    return { ...world, lines, handler: createSweep({ ...world.sweepDeps, log }) };
  };

  it("says how many it has looked at, and how late it was", async () => {
    const { handler, lines, advance } = await createStage(3);
    advance(90 * minute);
    expect(await handler({})).toMatchObject({ kind: "swept", looked: 3 });
    expect(lines).toEqual([
      { level: "INFO", message: "checks swept", operation: "sweep-checks", count: 3, lag_minutes: 91 },
    ]);
  });

  it("says in each run of a pause that it pauses", async () => {
    const { handler, lines, finchSays, advance } = await createStage(30);
    finchSays(() => ({ kind: "reauthenticate_user" }));
    const runs: SweptChecks[] = [];
    for (let run = 0; run < 3; run += 1) {
      runs.push(await handler({}));
      advance(5 * minute);
    }
    expect(runs.map(({ kind }) => kind)).toEqual(["paused", "paused", "paused"]);
    expect(lines.map(({ message, reason }) => [message, reason])).toEqual(
      Array(3).fill(["checks paused", "too_many_in_trouble"]),
    );
  });

  it.each<[string, unknown, string, number]>([
    ["goes on at once when told to, and judges again", { resume: true }, "paused", 0],
    ["believes Finch when told to", { resume: true, trust_finch: true }, "swept", 30],
    ["is not told by anything else", { trust_finch: true, resume: "true" }, "paused", 0],
    ["is not told by a schedule's event", { source: "aws.events", detail: {} }, "paused", 0],
  ])("%s", async (_, event, kind, inTrouble) => {
    const { handler, finchSays, advance, callTimes } = await createStage(30);
    finchSays(() => ({ kind: "reauthenticate_user" }));
    await handler({});
    const calls = callTimes.length;
    advance(minute);
    const swept = await handler(event);
    expect([swept.kind, swept.kind === "swept" && swept.inTrouble]).toEqual([kind, kind === "swept" && inTrouble]);
    expect(callTimes.length > calls).toBe(Object(event).resume === true);
  });

  it("fails without a word of what was thrown", async () => {
    const { sweepDeps } = await createStage(1);
    const { lines, log } = createLines();
    const due = { checks: async () => Promise.reject(new Error("a secret text")) };
    await expect(createSweep({ ...sweepDeps, due, log })({})).rejects.toThrow("sweep failed");
    expect(JSON.stringify(lines)).not.toContain("a secret text");
  });
});

describe("try-connections", () => {
  const createStage = async (count: number) => {
    const world = await createCheckWorld(count);
    const { lines, log } = createLines();
    const { connections, looking } = world;
    const handler = createTry({ ...looking, connections, log, readEvent: readTrialEvent, toAnswer: toTrialAnswer });
    const event = (mostCalls = 100) => toTrialEvent({ connections: world.made, mostCalls });
    return { ...world, handler, lines, event };
  };
  const withTime = (milliseconds: number) => ({ getRemainingTimeInMillis: () => milliseconds });

  it("tries what it is named, and reports", async () => {
    const { handler, event, finchSays, made, changed } = await createStage(3);
    finchSays((index) => (index === 1 ? { kind: "reauthenticate_user" } : healthy));
    const report = readTrialAnswer(JSON.parse(JSON.stringify(await handler(event(), withTime(60_000)))));
    const { customerId, connectionId, createdAt: madeAt } = made[1] ?? expect.fail();
    expect(report).toEqual({
      ...{ looked: 3, undecided: 0, calls: 3, standstill: undefined },
      inTrouble: [{ customerId, connectionId, madeAt }],
    });
    expect(changed()).toHaveLength(2);
  });

  it("leaves to the next run what it has no calls or no time for", async () => {
    const { handler, event, callTimes } = await createStage(10);
    expect(await handler(event(4), withTime(60_000))).toMatchObject({ looked: 4, calls: 4 });
    expect(await handler(event(), withTime(25_000))).toMatchObject({ looked: 0, calls: 0 });
    expect(callTimes).toHaveLength(4);
  });

  it("logs which connection's look failed, and why in one word", async () => {
    const { handler, event, looking, lines, made } = await createStage(1);
    Object.assign(looking.vault, { open: async () => Promise.reject(new TypeError("a secret text")) });
    expect(await handler(event(), withTime(60_000))).toMatchObject({ looked: 0, undecided: 1 });
    expect(lines[0]).toMatchObject({
      message: "look failed",
      connection_id: made[0]?.connectionId,
      error_name: "TypeError",
    });
    expect(JSON.stringify(lines)).not.toContain("a secret text");
  });

  it.each<[unknown]>([
    [undefined],
    [{}],
    [{ connections: [{}], most_calls: 1 }],
    [{ connections: [], most_calls: -1 }],
  ])("refuses an event that is none: %j", async (event) => {
    const { handler } = await createStage(1);
    await expect(handler(event, withTime(60_000))).rejects.toThrow("malformed trial");
  });
});

describe("the call of try-connections", () => {
  const trial: Trial = { connections: [], mostCalls: 3 };
  const report: TrialReport = { looked: 1, undecided: 0, calls: 1, inTrouble: [], standstill: "rate_limited" };
  const answering = (answer: object) =>
    createInvokeTryConnections({ send: async () => answer } as never, "the-function");

  it("gives the function's report", async () => {
    const Payload = Buffer.from(JSON.stringify(toTrialAnswer(report)));
    expect(await answering({ Payload })(trial)).toEqual(report);
  });

  it.each([
    ["failed", { FunctionError: "Unhandled", Payload: Buffer.from("{}") }],
    ["answered something else", { Payload: Buffer.from("{}") }],
    ["answered nothing", {}],
  ])("throws when the function %s", async (_, answer) => {
    await expect(answering(answer)(trial)).rejects.toThrow();
  });
});
