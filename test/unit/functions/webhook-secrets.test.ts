/** Which secrets let a webhook in: none, and one that was added a moment ago. */
import { describe, expect, it } from "vitest";
import { aWebhookSecret, headersOf, macOf, signWebhook, type TestWebhook } from "../../support/signed-webhook.ts";
import { aReceiver, gatewayEvent as toGatewayEvent } from "./receive-webhook-setting.ts";

const secret = aWebhookSecret();
const now = new Date("2026-03-01T09:30:00.500Z");
const connection_id = "9f1e2d3c-4b5a-4697-8877-665544332211";
const accountUpdated = {
  event_type: "account.updated",
  connection_id,
  entity_id: null,
  company_id: "720be419-0293-4d32-a707-32179b0827ab",
  account_id: "5d2b1f2e-0293-4d32-a707-32179b0827ab",
  data: { status: "reauth", authentication_method: "credential" },
};
const gatewayEvent = (webhook: TestWebhook) => toGatewayEvent({ headers: headersOf(webhook), body: webhook.body });
const sign = (body: unknown = accountUpdated, secrets = [secret], at = now) => signWebhook(secrets, body, { at });

describe("an application without webhooks", () => {
  it("has every webhook refused, also those that an empty secret signs", async () => {
    const { send, calls } = aReceiver([], () => now);
    const empty = { ...sign(), signature: `v1,${macOf("", sign()).toString("base64")}` };
    for (const webhook of [sign(), empty]) expect(await send(gatewayEvent(webhook))).toBe(401);
    expect(calls).toEqual([]);
  });
});

describe("a secret that was added since the secrets were read", () => {
  it("is read once for a webhook that no known secret signs, and for no other refusal", async () => {
    const next = aWebhookSecret();
    let reads = 0;
    const readAnew = async () => {
      reads += 1;
      return [Buffer.from(next, "base64")];
    };
    const { send } = aReceiver([secret], () => now, { readAnew });
    expect(await send(gatewayEvent(sign()))).toBe(204);
    expect(await send(gatewayEvent({ ...sign(), signature: "v1,x" }))).toBe(401);
    expect(await send(gatewayEvent(sign(accountUpdated, [next], new Date(0))))).toBe(401);
    expect(reads).toBe(0);
    expect(await send(gatewayEvent(sign(accountUpdated, [next])))).toBe(204);
    expect(reads).toBe(1);
  });
});
