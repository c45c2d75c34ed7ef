import { describe, expect, it } from "vitest";
import { failureOf, startFinch } from "./support.ts";

describe("a fault of introspections", () => {
  it("may be for one connection, and last until it is cleared", async () => {
    const { control, connectAndExchange, as } = await startFinch();
    const [one, other] = [await connectAndExchange(), await connectAndExchange({}, { provider: "rippling" })];
    const about = { path: "/introspect", connection_id: one.connection_id };
    await control("POST", "faults", { ...about, kind: "reauthenticate_user", times: "until_cleared" });
    await control("POST", "faults", { path: "/introspect", kind: "payment_required", times: "until_cleared" });
    const ask = async ({ access_token: accessToken }: { access_token: string }) => {
      const { status } = (await failureOf(as(accessToken).account.introspect())) as { status: number };
      return status;
    };
    for (let call = 0; call < 3; call += 1) expect([await ask(one), await ask(other)]).toEqual([401, 402]);
    const waiting = (await control("GET", "state")).body as unknown as { faults: object[] };
    expect(waiting.faults).toMatchObject([{ remaining: "until_cleared", connectionId: one.connection_id }, {}]);
    await control("DELETE", `faults?connection_id=${one.connection_id}`);
    expect([await ask(one), await ask(other)]).toEqual([402, 402]);
    await control("DELETE", "faults");
    await expect(as(one.access_token).account.introspect()).resolves.toBeTruthy();
  });

  it.each([
    "invalid_client_error",
    "invalid_token_error",
    "unauthorized_request_error",
    "invalid_request_error",
    "reauthenticate_user",
    "account_setup_required",
    "payment_required",
    "finch_application_rl",
    "server_error",
  ])("lets an introspection fail with %s, and says nothing of when to come back", async (kind) => {
    const { control, connectAndExchange, baseURL } = await startFinch();
    const { access_token: accessToken } = await connectAndExchange();
    await control("POST", "faults", { path: "/introspect", kind });
    const headers = { authorization: `Bearer ${accessToken}` };
    const answer = await fetch(`${baseURL}/introspect`, { headers });
    const body = (await answer.json()) as { code: number; name: string; finch_code?: string };
    expect([body.code, [body.name, body.finch_code].includes(kind)]).toEqual([answer.status, true]);
    expect(answer.headers.has("retry-after")).toBe(false);
  });
});
