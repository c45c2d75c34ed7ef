/** Signs webhooks as Finch documents it, without any code of Perch's. */
import { createHmac, randomBytes } from "node:crypto";
import type { Random } from "./random.ts";

/** A webhook with its signature. */
export interface TestWebhook {
  readonly eventId: string;
  /** Unix seconds, as Finch writes them. */
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Buffer;
}

/** The example of Finch's documentation. */
export const documentedWebhook = {
  secret: "5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH",
  eventId: "msg_2Lh9KRb0pzN4LePd3XiA4v12Axj",
  timestamp: "1676312382",
  signature: "v1,m7y0TV2C+hlHxU42wCieApTSTaA8/047OAplBqxIV/s=",
  body: Buffer.from('{"company_id":"720be419-0293-4d32-a707-32179b0827ab"}'),
} as const;

/** A secret as Finch's dashboard shows it: 24 bytes in base64. */
export const aWebhookSecret = (): string => randomBytes(24).toString("base64");

/** Finch's id of a new event. */
const anEventId = (): string => `msg_${randomBytes(20).toString("hex")}`;

/** The MAC over what is signed. */
export const macOf = (
  key: string | Uint8Array,
  { eventId, timestamp, body }: Pick<TestWebhook, "eventId" | "timestamp" | "body">,
  hash = "sha256",
): Buffer =>
  createHmac(hash, typeof key === "string" ? Buffer.from(key, "base64") : key)
    .update(Buffer.concat([Buffer.from(`${eventId}.${timestamp}.`), body]))
    .digest();

/** A webhook of now, unless it is said otherwise, that each of the secrets signs. */
export const signWebhook = (
  secrets: readonly string[],
  body: unknown,
  { eventId = anEventId(), at = new Date() }: { readonly eventId?: string; readonly at?: Date } = {},
): TestWebhook => {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const webhook = { eventId, timestamp, body: bytes };
  const signature = secrets.map((secret) => `v1,${macOf(secret, webhook).toString("base64")}`).join(" ");
  return { ...webhook, signature };
};

/** The three headers, named as Finch names them. */
export const headersOf = ({ eventId, timestamp, signature }: TestWebhook): Record<string, string> => ({
  "Finch-Event-Id": eventId,
  "Finch-Timestamp": timestamp,
  "Finch-Signature": signature,
});

/** What is known to the forger's victim, and what a genuine webhook is made with. */
export interface ForgerySetting {
  /** The first signs alone, or all do. */
  readonly secrets: readonly string[];
  readonly now: Date;
  readonly connectionId: string;
}

/** A genuine webhook, in JSON with spaces and escapes, so that to write it again changes its bytes. */
export const aGenuineWebhook = ({ secrets, now, connectionId }: ForgerySetting, random: Random): TestWebhook => {
  const data = `{ "status": "${random.pick(["reauth", "connected", "disconnected"])}", "n": 1.0, "s": "\\u0041é" }`;
  const body = `{ "event_type": "account.updated",\n "connection_id": "${connectionId}", "data": ${data} }`;
  return signWebhook(random.pick([secrets.slice(0, 1), secrets]), Buffer.from(body), { at: now });
};
