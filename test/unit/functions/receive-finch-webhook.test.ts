/** Which webhooks are let in, and what they ask for. */
import { describe, expect, it } from "vitest";
import {
  aWebhookSecret,
  documentedWebhook,
  headersOf,
  signWebhook,
  type TestWebhook,
} from "../../support/signed-webhook.ts";
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

describe("a signed webhook", () => {
  it("asks for a look at its connection in one round trip, and keeps nothing of its body", async () => {
    const { send, requests, calls, lines } = aReceiver([secret], () => now);
    const webhook = sign();
    expect(await send(gatewayEvent(webhook))).toBe(204);
    expect(requests).toEqual([
      {
        customerId: undefined,
        connectionId: connection_id,
        reason: "webhook",
        askedAt: now,
        finchEventId: webhook.eventId,
      },
    ]);
    expect(calls).toEqual(["queue"]);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ http_status: 204, finch_event_id: webhook.eventId, connection_id }),
    ]);
    expect(lines.join()).not.toContain(webhook.signature.slice(3, 20));
    expect(lines.join()).not.toContain("reauth");
  });

  it("is let in as Finch documents it", async () => {
    const at = new Date(Number(documentedWebhook.timestamp) * 1_000);
    const { send } = aReceiver([documentedWebhook.secret], () => at);
    expect(await send(gatewayEvent(documentedWebhook))).toBe(204);
  });

  it("is let in whichever way the gateway hands it over", async () => {
    const { send, requests } = aReceiver([secret], () => now);
    const webhook = sign({ ...accountUpdated, data: { status: "reauth", note: "Zoë ✓ 𝕏" } });
    const headers = headersOf(webhook);
    const spelt = (change: (name: string) => string) =>
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [change(name), value]));
    for (const encoded of [true, false]) {
      for (const names of [headers, spelt((name) => name.toLowerCase()), spelt((name) => name.toUpperCase())]) {
        expect(await send(toGatewayEvent({ headers: names, body: webhook.body }, encoded))).toBe(204);
      }
    }
    expect(requests).toHaveLength(6);
  });

  it("is let in under each secret of a rotation, and under a header that both have signed", async () => {
    const next = aWebhookSecret();
    const { send } = aReceiver([next, secret], () => now);
    for (const secrets of [[next], [secret], [secret, next], [next, aWebhookSecret()], [aWebhookSecret(), secret]]) {
      expect(await send(gatewayEvent(sign(accountUpdated, secrets)))).toBe(204);
    }
    expect(await send(gatewayEvent(sign(accountUpdated, [aWebhookSecret()])))).toBe(401);
  });

  it("is let in among entries of other versions and what is no entry", async () => {
    const { send } = aReceiver([secret], () => now);
    const webhook = sign();
    const other = "v2,eyJub3QiOiJvdXJzIn0=";
    for (const signature of [
      `${other} ${webhook.signature}`,
      `${webhook.signature} ${other}`,
      `  ${webhook.signature}  `,
      `v1, ${webhook.signature}`,
      `v1a,x , v1 ${webhook.signature}`,
    ]) {
      expect([signature, await send(gatewayEvent({ ...webhook, signature }))]).toEqual([signature, 204]);
    }
  });

  it.each([
    [-301, 401],
    [-300, 204],
    [0, 204],
    [300, 204],
    [301, 401],
  ])("of %i seconds from now is answered with %i", async (seconds, status) => {
    const { send } = aReceiver([secret], () => now);
    const at = new Date(Math.floor(now.getTime() / 1_000) * 1_000 + seconds * 1_000);
    expect(await send(gatewayEvent(sign(accountUpdated, [secret], at)))).toBe(status);
  });

  const aboutConnection = { event_type: "account.updated", connection_id };
  it.each([
    ["a status as the documents have it", { ...aboutConnection, data: { authentication_method: "oauth" } }],
    ["as the SDK has it", { ...aboutConnection, data: { authentication_method: { type: "oauth" } } }],
    ["disconnected", { ...aboutConnection, data: { status: "disconnected" } }],
    ["one entity's", { ...aboutConnection, entity_id: "720be419-0293-4d32-a707-32179b0827ab" }],
    ["a type that is new", { event_type: "connection.paused", connection_id, data: null, when: 1 }],
    ["a type that only begins like one that is of no interest", { event_type: "jobs.changed", connection_id }],
    ["no type", { connection_id }],
    ["a type that is no text", { event_type: 1, connection_id }],
    ["a type in a list", { event_type: ["company"], connection_id }],
    ["fields that objects have", { ...aboutConnection, __proto__: null, constructor: 1, toString: 1 }],
    [
      "data as deep as it gets",
      `{"connection_id":"${connection_id}","data":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
    ],
  ])("makes Perch look: %s", async (_, body) => {
    const { send, requests } = aReceiver([secret], () => now);
    expect(await send(gatewayEvent(sign(typeof body === "string" ? Buffer.from(body) : body)))).toBe(204);
    expect(requests.map((request) => request.connectionId)).toEqual([connection_id]);
  });

  it.each([
    ...["directory.created", "individual.updated", "employment.deleted", "payment.created"],
    ...["pay_statement.updated", "job.data_sync_all.completed", "job.data_sync_all.complete", "test"],
  ])("is accepted and asks for nothing: %s", async (event_type) => {
    const { send, calls, lines } = aReceiver([secret], () => now);
    const webhook = sign({ event_type, connection_id, data: null });
    expect(await send(gatewayEvent(webhook))).toBe(204);
    expect(calls).toEqual([]);
    expect(JSON.parse(lines.join())).toMatchObject({ finch_event_id: webhook.eventId });
  });

  it("makes Perch look, and read the employer, where the company has changed", async () => {
    const { send, requests } = aReceiver([secret], () => now);
    expect(await send(gatewayEvent(sign({ event_type: "company.updated", connection_id, data: null })))).toBe(204);
    expect(requests).toMatchObject([{ connectionId: connection_id, reason: "company" }]);
  });

  it.each([
    ["none", { event_type: "account.updated" }],
    ["null", { event_type: "account.updated", connection_id: null }],
    ["a number", { event_type: "account.updated", connection_id: 1 }],
    ["what cannot be in a key", { event_type: "account.updated", connection_id: "a#b" }],
    ["too long a text", { event_type: "account.updated", connection_id: "x".repeat(129) }],
  ])("asks for nothing when its connection is %s", async (_, body) => {
    const { send, calls } = aReceiver([secret], () => now);
    expect(await send(gatewayEvent(sign(body)))).toBe(204);
    expect(calls).toEqual([]);
  });

  it.each([
    ["no JSON", Buffer.from("connection_id=1")],
    ["half of an object", Buffer.from('{"connection_id":')],
    ["no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["nothing", Buffer.alloc(0)],
    ["a list", Buffer.from("[]")],
    ["as deep a list as fits", Buffer.from("[".repeat(65_536))],
    ["null", Buffer.from("null")],
    ["a text", Buffer.from('"connection_id"')],
    ["a number", Buffer.from("7")],
  ])("that holds %s is answered with 400, without a repetition of it", async (_, body) => {
    const { send, calls, texts, lines } = aReceiver([secret], () => now);
    expect(await send(gatewayEvent(sign(body)))).toBe(400);
    expect(calls).toEqual([]);
    expect(JSON.parse(lines.join())).toMatchObject({ reason: "unreadable" });
    expect(JSON.parse(texts.join()).errors).toEqual([{ field: "body", message: "must be a JSON object" }]);
  });

  it("may have 65,536 bytes and no more", async () => {
    const { send } = aReceiver([secret], () => now);
    const ofLength = (length: number) => sign(Buffer.from(`{"x":"${"x".repeat(length - 8)}"}`));
    expect(await send(gatewayEvent(ofLength(65_536)))).toBe(204);
    expect(await send(gatewayEvent(ofLength(65_537)))).toBe(413);
  });

  it("is not acknowledged when the queue did not take it", async () => {
    const { send, requests } = aReceiver([secret], () => now, { queueIsOut: true });
    expect(await send(gatewayEvent(sign()))).toBe(500);
    expect(requests).toEqual([]);
  });
});
