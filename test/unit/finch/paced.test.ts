/** What goes to Finch goes with leave. */
import { describe, expect, it } from "vitest";
import type { AskForLeave } from "#shared/budget/leave.ts";
import { paceTransport } from "#shared/finch/paced.ts";
import type { RawRequest, Transport } from "#shared/finch/transport.ts";
import { afterNoon } from "../../support/builders.ts";
import { createMemorySurroundings } from "../../support/memory/surroundings.ts";

const aRequest: RawRequest = {
  ...{ method: "GET", path: "/employer/company?entity_ids[]=1", headers: {}, body: undefined },
  ...{ timeoutMs: 20_000, longestAnswerBytes: 1_000 },
};

const answer = (status: number, body: object = {}) =>
  ({ kind: "answer", status, headers: {}, body: Buffer.from(JSON.stringify(body)) }) as const;

/** Each request is answered with the next of these; with the last, when there are no more. */
const setting = (...answers: readonly Awaited<ReturnType<Transport>>[]) => {
  const surroundings = createMemorySurroundings();
  const done: unknown[] = [];
  let leave: Awaited<ReturnType<AskForLeave>> = {
    kind: "granted",
    sendBy: afterNoon(60_000),
    giveBack: async () => void done.push("give back"),
  };
  let waitMs = 0;
  const send = paceTransport({
    ...surroundings,
    transport: async (request) => {
      done.push(["send", request.timeoutMs, request.sendBy]);
      const sent = done.filter((each) => Array.isArray(each) && each[0] === "send").length;
      return answers[sent - 1] ?? answers.at(-1) ?? answer(200);
    },
    askForLeave: async (...about) => {
      done.push(["ask", ...about]);
      surroundings.advance(waitMs);
      return leave;
    },
    budgets: { hold: async (...about) => void done.push(["hold", ...about]) },
    note: (...about) => done.push(["note", ...about]),
  });
  const refuse = (milliseconds: number) => {
    leave = { kind: "refused", retryAt: afterNoon(milliseconds) };
  };
  const wait = (milliseconds: number) => {
    waitMs = milliseconds;
  };
  return { send, done, refuse, wait };
};

describe("a request to Finch", () => {
  it("is sent when there is leave for its path, in what is left of its time", async () => {
    const { send, done, wait } = setting();
    wait(4_000);
    expect(await send(aRequest)).toEqual(answer(200));
    expect(done).toEqual([
      ["ask", "/employer/company", 20_000],
      ["send", 16_000, afterNoon(60_000)],
    ]);
  });

  it("is not sent without leave, and it is said when to ask again", async () => {
    const { send, done, refuse } = setting();
    refuse(2_001);
    expect(await send(aRequest)).toEqual({ kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 3 });
    expect(done.slice(1)).toEqual([["note", "budget used up", "company"]]);
  });

  it("is never to be asked again at once", async () => {
    const { send, refuse } = setting();
    refuse(-5);
    expect(await send(aRequest)).toMatchObject({ retryAfterSeconds: 1 });
  });

  it("that no connection has taken in time gives its leave back, and asks for another, three times in all", async () => {
    const { send, done, wait } = setting({ kind: "not_sent" });
    wait(4_000);
    expect(await send(aRequest)).toEqual({ kind: "undecided", reason: "unreachable" });
    expect(done).toEqual(
      [20_000, 16_000, 12_000].flatMap((leftMs) => [
        ["ask", "/employer/company", leftMs],
        ["send", leftMs - 4_000, afterNoon(60_000)],
        "give back",
      ]),
    );
  });

  it("that a connection takes the second time is answered", async () => {
    const { send, done } = setting({ kind: "not_sent" }, answer(200));
    expect(await send(aRequest)).toEqual(answer(200));
    expect(done).toHaveLength(5);
  });

  it.each([
    [10_000, 2],
    [20_000, 1],
  ])("that waits %i ms each time has no more of them than fit in its time", async (milliseconds, times) => {
    const { send, done, wait } = setting({ kind: "not_sent" });
    wait(milliseconds);
    expect(await send(aRequest)).toEqual({ kind: "undecided", reason: "unreachable" });
    expect(done).toHaveLength(3 * times);
  });

  it.each([
    ["/employer/company", "finch_application_rl", "company", 60_000],
    ["/introspect", "finch_application_rl", "address", 60_000],
    ["/employer/company", "finch_api_ip_rl", "address", 300_000],
    ["/introspect", "finch_api_ip_rl", "address", 300_000],
  ] as const)("to %s that Finch refuses with %s holds the budget of the %s", async (path, code, budget, holdMs) => {
    const { send, done } = setting(answer(429, { finch_code: code }));
    expect(await send({ ...aRequest, path })).toMatchObject({ status: 429 });
    expect(done.slice(2)).toEqual([
      ["note", "finch refused for its limits", budget],
      ["hold", budget, holdMs],
    ]);
  });

  it.each([
    [429, "upstream_rate_limit_exceeded"],
    [200, "finch_application_rl"],
  ])("that is answered %i %s holds nothing", async (status, code) => {
    const { send, done } = setting(answer(status, { finch_code: code }));
    await send(aRequest);
    expect(done).toHaveLength(2);
  });
});
