/** Forged webhooks before the deployed stack: none is let in, and none leaves a trace. */
import { randomInt } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { patience } from "../support/patience.ts";
import { addWebhookSecret, readWebhookSecret, sendSigned, sendWebhook } from "../support/send-webhook.ts";
import { aWebhookSecret, headersOf, signWebhook } from "../support/signed-webhook.ts";
import { readHint } from "../support/table.ts";
import { forgeWebhook, waysToForge } from "../support/webhook-forgeries.ts";

let secret = "";
beforeAll(async () => {
  secret = await readWebhookSecret();
});

describe("a forged webhook", () => {
  it("of any kind is refused with 401, in the same words, and changes nothing", async () => {
    const connectionId = crypto.randomUUID();
    const seed = randomInt(2 ** 31);
    const told = new Set<string>();
    for (let way = 0; way < 2 * waysToForge; way += 1) {
      const made = forgeWebhook({ secrets: [secret], now: new Date(), connectionId }, way % waysToForge, seed + way);
      if (made === undefined) continue;
      const answer = await sendSigned(made.forged);
      expect([made.kind, seed + way, answer.status]).toEqual([made.kind, seed + way, 401]);
      const { request_id: _, ...rest } = answer.json<Record<string, unknown>>();
      told.add(JSON.stringify(rest));
    }
    expect(told.size).toBe(1);
    expect([...told].join()).not.toContain(connectionId);
    // A genuine one is parked by now: those that were sent before it have left nothing.
    expect((await sendWebhook({ connection_id: `after-${connectionId}` })).status).toBe(204);
    await expect.poll(() => readHint("PARKED", `after-${connectionId}`), patience).toBeDefined();
    expect(await readHint("PARKED", connectionId)).toBeUndefined();
  });

  it("is told from a genuine one by its signature alone, whatever the genuine one says", async () => {
    const connectionId = crypto.randomUUID();
    for (let seed = 0; seed < 5; seed += 1) {
      const genuine = forgeWebhook({ secrets: [secret], now: new Date(), connectionId }, 0, seed)?.genuine;
      expect((await sendSigned(genuine ?? expect.fail())).status).toBe(204);
    }
    for (const body of [Buffer.from("{"), Buffer.from("[".repeat(65_536)), Buffer.alloc(0)]) {
      expect((await sendWebhook(body)).status).toBe(400);
    }
    expect((await sendWebhook(Buffer.from(`{"x":"${"x".repeat(65_536)}"}`))).status).toBe(413);
  });
});

describe("a change of the webhooks' secret", () => {
  it("needs no deploy: what the new one signs is let in soon, and what the old one signs still", async () => {
    const next = aWebhookSecret();
    const send = async (...secrets: readonly string[]) => {
      const webhook = signWebhook(secrets, { event_type: "test" });
      return (await sendSigned({ headers: headersOf(webhook), body: webhook.body })).status;
    };
    expect([await send(next), await send(secret, next)]).toEqual([401, 204]);
    await addWebhookSecret(next);
    // Functions read again for a signature that they do not know, every 30 seconds at most.
    await expect.poll(() => send(next), { ...patience, interval: 1_000 }).toBe(204);
    expect([await send(secret), await send(aWebhookSecret())]).toEqual([204, 401]);
  });
});
