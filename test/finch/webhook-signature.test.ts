import { describe, expect, it } from "vitest";
import { signWebhook } from "../../local/finch/webhook-delivery.ts";
import { newerSecret, startWithWebhooks, webhookSecret } from "./webhook-receiver.ts";

const hour = 60 * 60_000;

describe("a signature", () => {
  it("is the one of Finch's documentation", () => {
    const event = {
      eventId: "msg_2Lh9KRb0pzN4LePd3XiA4v12Axj",
      body: '{"company_id":"720be419-0293-4d32-a707-32179b0827ab"}',
    };
    expect(signWebhook(event, new Date(1_676_312_382_999), [webhookSecret])).toEqual({
      "finch-event-id": event.eventId,
      "finch-timestamp": "1676312382",
      "finch-signature": "v1,m7y0TV2C+hlHxU42wCieApTSTaA8/047OAplBqxIV/s=",
    });
  });

  it("is verified by Finch's SDK, and by no other secret", async () => {
    const { sdk, connectAndExchange, arrived } = await startWithWebhooks();
    const { connection_id: connectionId } = await connectAndExchange();
    const [webhook] = await arrived(1);
    const { raw = "", headers = {} } = webhook ?? {};
    expect(sdk.webhooks.unwrap(raw, headers, webhookSecret)).toMatchObject({ connection_id: connectionId });
    expect(() => sdk.webhooks.unwrap(raw, headers, newerSecret)).toThrow();
    expect(() => sdk.webhooks.unwrap(`${raw} `, headers, webhookSecret)).toThrow();
    expect(headers).toMatchObject({ "content-type": "application/json", "finch-event-id": /^msg_\w{27}$/ });
  });

  it("is made with both secrets during a rotation, and with the old one for a day", async () => {
    const { sdk, control, advance, arrived, log } = await startWithWebhooks();
    const sign = async (count: number) => {
      await control("POST", "webhooks/events", { event_type: "test" });
      const { raw = "", headers = {} } = (await arrived(count)).at(-1) ?? {};
      const isGood = (secret: string) => {
        try {
          sdk.webhooks.verifySignature(raw, { ...headers }, secret);
          return true;
        } catch {
          return false;
        }
      };
      return [headers["finch-signature"]?.split(" ").length, isGood(webhookSecret), isGood(newerSecret)];
    };
    expect(await sign(1)).toEqual([1, true, false]);
    expect((await control("POST", "webhooks/rotate", { secret: newerSecret })).status).toBe(200);
    expect(await sign(2)).toEqual([2, true, true]);
    expect((await log()).endpoint).toMatchObject({ signingSecrets: 2 });
    // Back and forth, since the SDK's clock stands where it stood.
    await advance(24 * hour);
    expect((await log()).endpoint).toMatchObject({ signingSecrets: 1 });
    await advance(-1);
    expect((await log()).endpoint).toMatchObject({ signingSecrets: 2 });
  });
});
