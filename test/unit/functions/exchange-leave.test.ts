/** Leave to send the code is asked for beside the session's beginning, and given back where no code is sent. */
import { expect, it } from "vitest";
import { toExchangeEvent } from "#shared/lambda/exchange-request.ts";
import { secret } from "#shared/secret.ts";
import { createHandler } from "../../../functions/exchange-authorization-code/handler.ts";
import { createWorld } from "../../support/world.ts";
import { createSetting } from "../connection/setting.ts";
import { recordLog } from "./support.ts";

const context = { awsRequestId: "request-1", getRemainingTimeInMillis: () => 420_000 };
const event = toExchangeEvent({ state: "of nobody", code: secret("not-a-real-code"), holder: { cookie: "a cookie" } });

it.each(["is refused", "fails"])("leave is given back when the exchange %s", async (how) => {
  const { exchangeDeps } = createWorld(1);
  const done: string[] = [];
  const leave = { begin: (path: string) => void done.push(path), end: async () => void done.push("end") };
  const now = () => {
    if (how === "fails" && done.includes("/auth/token")) throw new Error("no clock");
    return new Date();
  };
  const exchange = createHandler({ ...exchangeDeps, ...recordLog(), leave, now });
  if (how === "fails") await expect(exchange(event, context)).rejects.toThrow("exchange failed");
  else expect(await exchange(event, context)).toMatchObject({ status: "refused" });
  expect(done).toEqual(["/auth/token", "end"]);
});

it("an exchange is in progress, and sends nothing more, when the code could not be sent in all the time there was", async () => {
  const { finch, exchange, createCustomer, openSession } = createSetting();
  const { state } = await openSession(await createCustomer("acme"));
  finch.willAnswerExchange({ kind: "undecided", reason: "budget_used_up", retryAfterSeconds: 5 });
  expect([await exchange(state), finch.calls.length]).toMatchObject([{ status: "in_progress" }, 1]);
});
