import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordFigure } from "../../support/evidence.ts";
import { aWebhookSecret } from "../../support/signed-webhook.ts";
import { forgeWebhook, kindsOfForgeries, waysToForge } from "../../support/webhook-forgeries.ts";
import { aReceiver, gatewayEvent } from "./receive-webhook-setting.ts";

const now = new Date("2026-03-01T09:30:00.500Z");
const setting = {
  secrets: [aWebhookSecret(), aWebhookSecret()],
  now,
  connectionId: "9f1e2d3c-4b5a-4697-8877-665544332211",
};
const runs = 12_000;

describe("forged webhooks", () => {
  it(`are refused, ${runs} of them of every kind, and none breaks anything`, async () => {
    const { send, calls } = aReceiver(setting.secrets, () => now);
    const tried = new Map<string, number>();
    let accepted = 0;
    const anyWay = fc.integer({ min: 0, max: waysToForge - 1 });
    await fc.assert(
      fc.asyncProperty(anyWay, fc.integer(), fc.boolean(), async (way, seed, encoded) => {
        const made = forgeWebhook(setting, way, seed);
        if (made === undefined) return;
        tried.set(made.kind, (tried.get(made.kind) ?? 0) + 1);
        const status = await send(gatewayEvent(made.forged, encoded));
        if (status < 400) accepted += 1;
        expect([made.kind, status]).toEqual([made.kind, 401]);
      }),
      { numRuns: runs },
    );
    const total = [...tried.values()].reduce((sum, each) => sum + each, 0);
    process.stdout.write(`forged webhooks: ${total} tried, ${accepted} accepted, ${calls.length} had an effect\n`);
    expect([...tried.keys()].toSorted()).toEqual(kindsOfForgeries.toSorted());
    expect([total >= 10_000, accepted, calls.length]).toEqual([true, 0, 0]);
    recordFigure("forged webhooks sent", total, "webhooks", "No forged webhook is accepted, and none has an effect");
  });

  it("are refused where the gateway says that the body is of another encoding than it is", async () => {
    const { send } = aReceiver(setting.secrets, () => now);
    const genuine = forgeWebhook(setting, 0, 1)?.genuine ?? expect.fail();
    for (const encoded of [true, false]) {
      expect(await send({ ...gatewayEvent(genuine, encoded), isBase64Encoded: !encoded })).toBe(401);
      expect(await send({ ...gatewayEvent(genuine, encoded), body: undefined })).toBe(401);
    }
  });

  it("are told apart from those that Finch sent: the same ones, unaltered, are let in", async () => {
    const { send, calls } = aReceiver(setting.secrets, () => now);
    for (let seed = 0; seed < 200; seed += 1) {
      const genuine = forgeWebhook(setting, seed % waysToForge, seed)?.genuine;
      if (genuine !== undefined) expect(await send(gatewayEvent(genuine))).toBe(204);
    }
    expect(calls.length).toBeGreaterThan(150);
  });
});
