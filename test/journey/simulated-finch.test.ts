/** What journeys do to the simulated Finch for one connection: to its webhooks, and to the answers about it. */
import { describe, expect, it } from "vitest";
import { callBackend } from "../support/api.ts";
import { controlFinch, withErrorsOf } from "../support/finch.ts";
import { resendWebhook, webhooksOf } from "../support/finch-webhooks.ts";
import { connect, createCustomer } from "../support/journey.ts";
import { patience } from "../support/patience.ts";

describe("Finch's webhooks", () => {
  it("reach the public address, on connecting and whenever the status changes", async () => {
    const { connectionId } = await connect(await createCustomer());
    const webhooks = webhooksOf(connectionId);
    const status = (value: string) => controlFinch("POST", `connections/${connectionId}`, { status: value });
    await webhooks.rule({ kind: "double" });
    await status("error_permissions");
    await webhooks.rule({ kind: "lose" });
    await status("processing");
    await webhooks.rule({ kind: "hold", times: "until_cleared" });
    await status("connected");
    await webhooks.clearRules();
    const answered = async () => (await webhooks.log()).filter(({ attempts }) => attempts.length > 0);
    await expect.poll(async () => (await answered()).length, patience).toBe(3);
    const log = await webhooks.log();
    expect(log.map(({ body }) => (body["data"] as { status: string }).status)).toEqual([
      "connected",
      "error_permissions",
      "error_permissions",
      "processing",
      "connected",
    ]);
    expect(log.slice(3).map((delivery) => delivery.status)).toEqual(["lost", "held"]);
    // Perch is there, whatever it makes of them.
    for (const { attempts } of await answered()) expect(attempts[0]?.status).toEqual(expect.any(Number));
    await resendWebhook(log[3]?.eventId ?? "");
    await webhooks.release();
    await webhooks.send({ event_type: "test" });
    await expect.poll(async () => (await answered()).length, patience).toBe(6);
  });
});

describe("Finch's answers", () => {
  it("may be errors for one connection alone, until they are cleared", async () => {
    const customer = await createCustomer();
    const [one, other] = [await connect(customer), await connect(customer, { provider: "rippling" })];
    const ask = async ({ connectionId }: { readonly connectionId: string }) => {
      const path = `${customer.path}/connections/${connectionId}/introspect`;
      return (await callBackend(path, { method: "POST", mayFail: true })).status;
    };
    await withErrorsOf(one.connectionId, "payment_required", async () => {
      expect(await ask(one)).toBe(502);
      expect(await ask(other)).toBe(200);
    });
    expect(await ask(one)).toBe(200);
  });
});
