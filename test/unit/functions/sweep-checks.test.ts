/** The sweep of checks and the function that it calls: what they take, log and answer. */
import { describe, expect, it } from "vitest";
import type { SweptChecks } from "#shared/connection/sweep-checks.ts";
import type { Trial, TrialReport } from "#shared/connection/try-connections.ts";
import { createInvokeTryConnections } from "#shared/lambda/invoke-try-connections.ts";
import { readTrialAnswer, readTrialEvent, toTrialAnswer, toTrialEvent } from "#shared/lambda/trial-messages.ts";
import { createLog } from "#shared/log.ts";
import { createHandler as createSweep } from "../../../functions/sweep-checks/handler.ts";
import { createHandler as createTry } from "../../../functions/try-connections/handler.ts";
import { minute } from "../../support/builders.ts";
import { createCheckWorld, healthy } from "../../support/check-world.ts";

const createLines = () => {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: createLog((line) => lines.push(JSON.parse(line))) };
};

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
    const { handler, event, finchSays, made, changed, lookedAt } = await createStage(3);
    finchSays((index) => (index === 1 ? { kind: "reauthenticate_user" } : healthy));
    const report = readTrialAnswer(JSON.parse(JSON.stringify(await handler(event(), withTime(60_000)))));
    const { customerId, connectionId, createdAt: madeAt } = made[1] ?? expect.fail();
    expect(report).toEqual({
      ...{ looked: 3, undecided: 0, calls: 3, standstill: undefined },
      inTrouble: [{ customerId, connectionId, madeAt }],
    });
    expect(changed()).toHaveLength(2);
    // What follows from a look follows from those that are stored.
    expect(lookedAt.map((each) => each.connectionId).toSorted()).toEqual(
      [made[0]?.connectionId, made[2]?.connectionId].toSorted(),
    );
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
