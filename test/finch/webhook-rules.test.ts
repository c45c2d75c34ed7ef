import { describe, expect, it } from "vitest";
import { startFinch } from "./support.ts";
import { startWithWebhooks, webhookSecret } from "./webhook-receiver.ts";

describe("on demand, an event is", () => {
  it("lost, and sent later under its id", async () => {
    const { control, connectAndExchange, log, settled } = await startWithWebhooks();
    await control("POST", "webhooks/rules", { kind: "lose" });
    const { connection_id: connectionId } = await connectAndExchange();
    expect(await settled()).toEqual([]);
    const [lost] = (await log(connectionId)).deliveries;
    expect(lost?.status).toBe("lost");
    await control("POST", "webhooks/resend", { event_id: lost?.eventId });
    const [late] = await settled();
    expect(late?.headers["finch-event-id"]).toBe(lost?.eventId);
    expect((await control("POST", "webhooks/resend", { event_id: "nothing" })).status).toBe(404);
  });

  it("doubled, with one id", async () => {
    const { control, connectAndExchange, settled } = await startWithWebhooks();
    await control("POST", "webhooks/rules", { kind: "double", event_type: "account.updated" });
    await connectAndExchange();
    const received = await settled();
    expect(received).toHaveLength(2);
    expect(new Set(received.map(({ headers, raw }) => headers["finch-event-id"] + raw)).size).toBe(1);
  });

  it("held back until it is released, and reordered", async () => {
    const { control, connectAndExchange, settled, log } = await startWithWebhooks();
    const { connection_id: connectionId } = await connectAndExchange();
    await settled();
    await control("POST", "webhooks/rules", { kind: "hold", connection_id: connectionId, times: "until_cleared" });
    for (const status of ["reauth", "error_permissions", "connected"]) {
      await control("POST", `connections/${connectionId}`, { status });
    }
    expect((await settled()).map(({ body }) => body.data.status)).toEqual(["connected"]);
    expect((await log()).deliveries.map(({ status }) => status)).toEqual(["delivered", "held", "held", "held"]);
    await control("DELETE", `webhooks/rules?connection_id=${connectionId}`);
    await control("POST", "webhooks/release", { connection_id: "another", order: "newest_first" });
    await control("POST", "webhooks/release", { connection_id: connectionId, order: "newest_first" });
    expect((await settled()).map(({ body }) => body.data.status)).toEqual([
      "connected",
      "connected",
      "error_permissions",
      "reauth",
    ]);
    expect((await log()).rules).toEqual([]);
  });

  it("of another shape: an object as authentication_method, fields missing, fields more", async () => {
    const { control, connectAndExchange, settled } = await startWithWebhooks();
    await control("POST", "webhooks/rules", [
      { kind: "override", authentication_method: "object", remove: ["account_id", "company_id"], body: { extra: [1] } },
    ]);
    const { connection_id: connectionId } = await connectAndExchange();
    const [{ body } = { body: undefined }] = await settled();
    expect(body).toEqual({
      event_type: "account.updated",
      connection_id: connectionId,
      entity_id: null,
      data: {
        status: "connected",
        authentication_method: { type: "oauth", supported_fields: null, benefits_support: null },
      },
      extra: [1],
    });
  });

  it.each([
    ["kind", "rules", {}],
    ["kind", "rules", [{ kind: "lose" }, { kind: "mystery" }]],
    ["times", "rules", { kind: "lose", times: 0 }],
    ["connection_id", "rules", { kind: "lose", connection_id: 1 }],
    ["event_type", "rules", { kind: "lose", event_type: 1 }],
    ["remove", "rules", { kind: "override", remove: "account_id" }],
    ["authentication_method", "rules", { kind: "override", authentication_method: "both" }],
    ["body", "rules", { kind: "override", body: [] }],
    ["order", "release", { order: "random" }],
    ["secret", "rotate", { secret: "no base64" }],
    ["raw", "events", { raw: {} }],
  ])("nothing at all where the door is asked with a bad %s: %s %o", async (field, where, body) => {
    const { control, log } = await startWithWebhooks();
    const answer = await control("POST", `webhooks/${where}`, body);
    expect([answer.status, answer.body.message.startsWith(field)]).toEqual([400, true]);
    expect((await log()).rules).toEqual([]);
  });

  it.each([
    ["url", { secrets: [webhookSecret] }],
    ["url", { url: "file:///etc/passwd", secrets: [webhookSecret] }],
    ["secrets", { url: "http://localhost", secrets: [] }],
    ["secrets", { url: "http://localhost", secrets: ["5WbX5"] }],
    ["client_id", { url: "http://localhost", secrets: [webhookSecret], client_id: "nobody" }],
  ])("not sent to an address that is registered with a bad %s: %o", async (field, body) => {
    const { control } = await startFinch();
    const answer = await control("PUT", "webhooks", body);
    expect([answer.status, answer.body.message.startsWith(field)]).toEqual([400, true]);
  });
});
