/** Why a webhook is not Finch's, as the log has it, and which secrets are none. */
import { describe, expect, it } from "vitest";
import { verifyWebhook, webhookKey } from "#shared/connection/webhook-signature.ts";
import { secret } from "#shared/secret.ts";
import { aWebhookSecret, headersOf, macOf, signWebhook, type TestWebhook } from "../../support/signed-webhook.ts";

const now = new Date("2026-03-01T09:30:00.500Z");
const webhookSecret = aWebhookSecret();
const key = Buffer.from(webhookSecret, "base64");
const genuine = signWebhook([webhookSecret], { event_type: "test" }, { at: now });

const judge = (webhook: TestWebhook, keys: readonly Uint8Array[] = [key]) => {
  const headers = Object.fromEntries(
    Object.entries(headersOf(webhook)).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const verified = verifyWebhook({ headers, body: webhook.body }, keys, now);
  return verified.ok ? verified.value : verified.refusal;
};

/** The webhook with this changed, and signed as it is then. */
const signedWith = (changes: Partial<TestWebhook>): TestWebhook => {
  const webhook = { ...genuine, ...changes };
  return { ...webhook, signature: `v1,${macOf(key, webhook).toString("base64")}` };
};

describe("a webhook", () => {
  it("that Finch signed has Finch's id", () => {
    expect(judge(genuine)).toEqual({ finchEventId: genuine.eventId });
    for (const eventId of ["!", "~", "a".repeat(255)]) {
      expect(judge(signedWith({ eventId }))).toEqual({ finchEventId: eventId });
    }
  });

  it.each([
    ["no id", { eventId: "" }],
    ["a full stop in its id, which would end it elsewhere in what is signed", { eventId: "msg.1" }],
    ["a space in its id", { eventId: "msg 1" }],
    ["an id in other letters", { eventId: "msg_é" }],
    ["too long an id", { eventId: "a".repeat(256) }],
    ["no time", { timestamp: "" }],
    ["a time with a sign", { timestamp: `+${genuine.timestamp}` }],
    ["a time with a fraction", { timestamp: `${genuine.timestamp}.0` }],
    ["a time in other digits", { timestamp: "1e9" }],
    ["too long a time", { timestamp: `000${genuine.timestamp}` }],
  ])("that has %s counts as unsigned, whoever signed it", (_, changes) => {
    expect(judge(signedWith(changes))).toBe("unsigned");
  });

  const mac = macOf(key, genuine);
  it.each([
    ["none", ""],
    ["of another version", `v2,${mac.toString("base64")}`],
    ["without its comma", `v1${mac.toString("base64")}`],
    ["without its version", mac.toString("base64")],
    ["without its padding", `v1,${mac.toString("base64").replace("=", "")}`],
    ["with more padding", `v1,${mac.toString("base64")}=`],
    ["in another encoding", `v1,${mac.toString("hex")}`],
    ["a byte short", `v1,${mac.subarray(0, 31).toString("base64")}`],
    ["twice as long", `v1,${Buffer.concat([mac, mac]).toString("base64")}`],
  ])("with a signature that is %s counts as unsigned", (_, signature) => {
    expect(judge({ ...genuine, signature })).toBe("unsigned");
  });

  it("is refused with the reason for which it is", () => {
    expect(judge({ ...genuine, timestamp: "1" })).toBe("out_of_time");
    expect(judge(genuine, [])).toBe("no_secret");
    expect(judge(genuine, [Buffer.from(aWebhookSecret(), "base64")])).toBe("wrong_signature");
    expect(judge({ ...genuine, body: Buffer.from("{}") })).toBe("wrong_signature");
    expect(judge({ ...genuine, eventId: `${genuine.eventId}0` })).toBe("wrong_signature");
  });

  it.each(["finch-event-id", "finch-timestamp", "finch-signature"])("without %s counts as unsigned", (left) => {
    const headers = Object.entries(headersOf(genuine)).map(([name, value]) => [name.toLowerCase(), value]);
    const rest = Object.fromEntries(headers.filter(([name]) => name !== left));
    expect(verifyWebhook({ headers: rest, body: genuine.body }, [key], now)).toMatchObject({ refusal: "unsigned" });
  });
});

describe("the key of a secret", () => {
  it.each([16, 24, 64])("is its %i bytes", (length) => {
    const bytes = Buffer.alloc(length, 0xfb);
    expect(Buffer.from(webhookKey(secret(bytes.toString("base64"))) ?? "")).toEqual(bytes);
  });

  it.each([
    ["15 bytes", Buffer.alloc(15).toString("base64")],
    ["nothing", ""],
    ["no canonical base64", Buffer.alloc(17).toString("base64").replaceAll("=", "")],
    ["another alphabet's", Buffer.alloc(18, 0xfb).toString("base64url")],
  ])("is none for %s", (_, text) => {
    expect(webhookKey(secret(text))).toBeUndefined();
  });
});
