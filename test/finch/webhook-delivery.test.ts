import { describe, expect, it } from "vitest";
import { startWithWebhooks, webhookSecret } from "./webhook-receiver.ts";

const hour = 60 * 60_000;

describe("delivery", () => {
  it("is tried at once and after 5 s, 5 min, 30 min and 2 h, under one event id, each time signed anew", async () => {
    const { control, advance, log, arrived } = await startWithWebhooks(500, 404, 302, 503, 500);
    await control("POST", "webhooks/events", {});
    for (const [index, delayMs] of [5_000, 300_000, 1_800_000, 7_200_000].entries()) {
      await arrived(index + 1);
      await expect.poll(async () => (await log()).deliveries[0]?.attempts.length).toBe(index + 1);
      await advance(delayMs - 1);
      await control("GET", "state");
      await arrived(index + 1);
      await advance(1);
    }
    const received = await arrived(5);
    await expect.poll(async () => (await log()).deliveries[0]?.status).toBe("given_up");
    await advance(100 * hour);
    expect(await arrived(5)).toHaveLength(5);
    const [{ attempts } = { attempts: [] }] = (await log()).deliveries;
    expect(attempts.map(({ status }) => status)).toEqual([500, 404, 302, 503, 500]);
    expect(new Set(received.map(({ headers, raw }) => headers["finch-event-id"] + raw)).size).toBe(1);
    const [first = 0, ...later] = received.map(({ headers }) => Number(headers["finch-timestamp"]));
    expect(later.map((at) => at - first)).toEqual([5, 305, 2105, 9305]);
  });

  it("ends with the first answer of 2xx, and can be tried again without waiting", async () => {
    const { control, log, settled, arrived } = await startWithWebhooks(500, 204);
    await control("POST", "webhooks/events", {});
    await arrived(1);
    await expect.poll(async () => (await log()).deliveries[0]?.attempts.length).toBe(1);
    await control("POST", "webhooks/retry");
    expect(await settled()).toHaveLength(2);
    expect((await log()).deliveries).toMatchObject([
      { status: "delivered", nextAttemptAt: null, attempts: [{ status: 500, answer: "thank you" }, { status: 204 }] },
    ]);
  });

  it("waits for an address that nobody listens at, and says so", async () => {
    const { control, log } = await startWithWebhooks();
    await control("PUT", "webhooks", { url: "http://127.0.0.1:9/webhooks", secrets: [webhookSecret] });
    await control("POST", "webhooks/events", {});
    await expect
      .poll(async () => (await log()).deliveries[0]?.attempts)
      .toEqual([{ at: expect.any(String), status: null, answer: expect.stringMatching(/./) }]);
  });

  it("is not made known to the log with a secret or a signature", async () => {
    const { control, settled, log } = await startWithWebhooks();
    await control("POST", "webhooks/events", {});
    const [webhook] = await settled();
    const text = JSON.stringify(await log()) + JSON.stringify((await control("GET", "state")).body);
    expect(text).not.toContain(webhookSecret);
    expect(text).not.toContain(webhook?.headers["finch-signature"]);
  });
});
