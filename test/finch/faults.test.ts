import Finch from "@tryfinch/finch-api";
import { describe, expect, it } from "vitest";
import { failureOf, hangUpAfter, startFinch } from "./support.ts";

const tokenPath = "/auth/token";

/** Longer than a busy machine takes from one line of a test to the next. */
const lateMs = 1_500;

describe("the queue", () => {
  it("is used up in order, path by path, and can be cleared", async () => {
    const { control, baseURL } = await startFinch();
    await control("POST", "faults", [
      { path: "/providers", kind: "server_error", times: 2 },
      { path: "/introspect", kind: "payment_required" },
      { path: "/providers", kind: "bad_gateway" },
    ]);
    const statusOf = async (path: string) => (await fetch(baseURL + path)).status;
    expect(await statusOf("/introspect")).toBe(402);
    expect([await statusOf("/providers"), await statusOf("/providers")]).toEqual([500, 500]);
    expect([await statusOf("/providers"), await statusOf("/providers")]).toEqual([502, 200]);
    await control("POST", "faults", { path: "/providers", kind: "server_error" });
    await control("DELETE", "faults");
    expect(await statusOf("/providers")).toBe(200);
  });

  it("lets as many calls pass as it is told", async () => {
    const { control, baseURL } = await startFinch();
    await control("POST", "faults", { path: "/providers", kind: "server_error", skip: 2 });
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await fetch(`${baseURL}/providers`)).status);
    expect(statuses).toEqual([200, 200, 500, 200]);
  });

  it("has faults for the exchange of one code alone, and tells the code to nobody", async () => {
    const { control, connectForCode, exchange } = await startFinch();
    const [code, other] = [await connectForCode(), await connectForCode()];
    await control("POST", "faults", { path: tokenPath, kind: "server_error", code });
    const { body } = await control("GET", "state");
    expect(body.faults).toMatchObject([{ path: tokenPath, codeHash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(JSON.stringify(body)).not.toContain(code);
    await expect(exchange(other)).resolves.toBeTruthy();
    expect(await failureOf(exchange(code))).toMatchObject({ status: 500 });
    await expect(exchange(code)).resolves.toBeTruthy();
  });

  it.each([
    ["path", {}],
    ["path", { path: "providers", kind: "timeout" }],
    ["times", { path: "/providers", kind: "timeout", times: 0 }],
    ["times", { path: "/providers", kind: "timeout", times: 1.5 }],
    ["connection_id", { path: "/providers", kind: "timeout", connection_id: 1 }],
    ["code", { path: "/auth/token", kind: "timeout", code: 1 }],
    ["skip", { path: "/providers", kind: "timeout", skip: -1 }],
    ["kind", { path: "/providers", kind: "mystery" }],
    ["ms", { path: "/providers", kind: "delay" }],
    ["ms", { path: "/providers", kind: "delay_before" }],
    ["body", { path: "/providers", kind: "override", body: [] }],
    ["path", [{ path: "/providers", kind: "timeout" }, {}]],
    ["path", "nothing"],
  ])("refuses a fault with a bad %s: %o", async (field, fault) => {
    const { control, simulator } = await startFinch();
    const { status, body } = await control("POST", "faults", fault);
    expect(status).toBe(400);
    expect(body.message).toContain(field);
    expect(simulator.faults.list()).toEqual([]);
  });
});

describe("lost and damaged answers", () => {
  it("timeout: no answer and no effect, until the caller hangs up", async () => {
    const finch = await startFinch();
    const { control, connectForCode, exchange, simulator } = finch;
    const code = await connectForCode();
    await control("POST", "faults", { path: tokenPath, kind: "timeout" });
    const isMet = () => expect.poll(() => simulator.faults.list(), { interval: 5 }).toEqual([]);
    expect(await hangUpAfter(finch, code, isMet)).toBeInstanceOf(Finch.APIUserAbortError);
    expect(simulator.state.tokens.size).toBe(0);
    await expect(exchange(code)).resolves.toBeTruthy();
  });

  it("delay: the effect at once, the answer late", async () => {
    const { control, connectForCode, exchange, simulator } = await startFinch();
    const code = await connectForCode();
    await control("POST", "faults", { path: tokenPath, kind: "delay", ms: lateMs });
    const answer = exchange(code);
    await expect.poll(() => simulator.state.tokens.size, { interval: 5 }).toBe(1);
    const late = Symbol("late");
    expect(await Promise.race([answer, Promise.resolve(late)])).toBe(late);
    expect(await answer).toMatchObject({ token_type: "bearer" });
  });

  it("delay: a caller that gives up has used its code", async () => {
    const finch = await startFinch();
    const { control, connectForCode, exchange, simulator } = finch;
    const code = await connectForCode();
    await control("POST", "faults", { path: tokenPath, kind: "delay", ms: 40_000 });
    await hangUpAfter(finch, code, () => expect.poll(() => simulator.state.tokens.size, { interval: 5 }).toBe(1));
    expect(await failureOf(exchange(code))).toMatchObject({ status: 400, error: { name: "invalid_grant_error" } });
  });

  it("delay_before: no effect until then, and the effect even for a caller that gave up", async () => {
    const finch = await startFinch();
    const { control, connectForCode, exchange, simulator } = finch;
    const [first, second] = [await connectForCode(), await connectForCode()];
    await control("POST", "faults", { path: tokenPath, kind: "delay_before", ms: lateMs, times: 2 });
    const startedAt = performance.now();
    const answer = exchange(first);
    await expect.poll(() => simulator.faults.list()[0]?.remaining, { interval: 5 }).toBe(1);
    expect(simulator.state.tokens.size).toBe(0);
    expect(await answer).toMatchObject({ token_type: "bearer" });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(lateMs - 5);
    await hangUpAfter(finch, second, () => expect.poll(() => simulator.faults.list(), { interval: 5 }).toEqual([]));
    expect(simulator.state.tokens.size).toBe(1);
    await expect.poll(() => simulator.state.tokens.size, { interval: 5 }).toBe(2);
  });

  it("delay_before: what is still to come does not outlive the simulator", async () => {
    const { control, connectForCode, exchange, simulator } = await startFinch();
    const code = await connectForCode();
    await control("POST", "faults", { path: tokenPath, kind: "delay_before", ms: lateMs });
    const failure = failureOf(exchange(code));
    await expect.poll(() => simulator.faults.list(), { interval: 5 }).toEqual([]);
    await simulator.close();
    expect(await failure).toBeInstanceOf(Finch.APIConnectionError);
    await new Promise((resolve) => setTimeout(resolve, lateMs + 30));
    expect(simulator.state.tokens.size).toBe(0);
  });

  it("delay: who waits is told as long as they wait", async () => {
    const { control, connectForCode, exchange } = await startFinch();
    const code = await connectForCode();
    await control("POST", "faults", { path: tokenPath, kind: "delay", ms: lateMs, code });
    const answer = exchange(code);
    const waiting = async () => (await control("GET", "state")).body.lateAnswers;
    const late = [{ path: tokenPath, codeHash: expect.any(String), callerPort: expect.any(Number) }];
    await expect.poll(waiting, { interval: 5 }).toEqual(late);
    await answer;
    await expect.poll(waiting, { interval: 5 }).toEqual([]);
  });

  it("answer_lost: the code is used, the token made, the socket closed", async () => {
    const { control, connectForCode, exchange, simulator } = await startFinch();
    const code = await connectForCode();
    await control("POST", "faults", { path: tokenPath, kind: "answer_lost" });
    const error = await failureOf(exchange(code));
    expect(error).toBeInstanceOf(Finch.APIConnectionError);
    expect(simulator.state.tokens.size).toBe(1);
    expect(await failureOf(exchange(code))).toMatchObject({ status: 400, error: { name: "invalid_grant_error" } });
  });

  it("reset_before: the socket is closed and nothing has happened", async () => {
    const { control, connectForCode, exchange, simulator } = await startFinch();
    const code = await connectForCode();
    await control("POST", "faults", { path: tokenPath, kind: "reset_before" });
    expect(await failureOf(exchange(code))).toBeInstanceOf(Finch.APIConnectionError);
    expect(simulator.state.tokens.size).toBe(0);
    await expect(exchange(code)).resolves.toBeTruthy();
  });

  it("unreadable: a 200 cut in half, after the effect", async () => {
    const { control, connectForCode, exchange, simulator } = await startFinch();
    const code = await connectForCode();
    await control("POST", "faults", { path: tokenPath, kind: "unreadable" });
    expect(await failureOf(exchange(code))).toBeInstanceOf(SyntaxError);
    expect(simulator.state.tokens.size).toBe(1);
  });

  it("override: a good answer with other, more and fewer fields", async () => {
    const { control, connectAndExchange, as } = await startFinch();
    const huge = "t".repeat(5000);
    await control("POST", "faults", [
      { path: tokenPath, kind: "override", body: { access_token: huge, client_type: "staging", added: { deep: [1] } } },
      { path: tokenPath, kind: "override", body: { customer_id: null }, remove: ["entity_ids", "account_id"] },
      { path: "/introspect", kind: "override", body: { connection_status: { status: "error_reauth" } } },
    ]);
    const first = await connectAndExchange();
    expect(first).toMatchObject({
      access_token: huge,
      client_type: "staging",
      added: { deep: [1] },
      products: ["company", "directory"],
    });
    const second = await connectAndExchange();
    expect(second).not.toHaveProperty("entity_ids");
    expect(second).not.toHaveProperty("account_id");
    expect(second).toMatchObject({ customer_id: null, connection_id: first.connection_id });
    const introspection = await as(second.access_token).account.introspect();
    expect(introspection.connection_status.status).toBe("error_reauth");
  });

  it("override: leaves a refusal as it is", async () => {
    const { control, exchange } = await startFinch();
    await control("POST", "faults", { path: tokenPath, kind: "override", body: { access_token: "made up" } });
    expect(await failureOf(exchange("unknown"))).toMatchObject({ status: 400, error: { name: "invalid_grant_error" } });
  });
});
