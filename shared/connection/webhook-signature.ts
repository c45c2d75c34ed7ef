import { createHmac, timingSafeEqual } from "node:crypto";
import { ok, type Result, refuse } from "../result.ts";
import type { Secret } from "../secret.ts";

/** A webhook as it came: nothing of it is believed yet. */
export interface SignedWebhook {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as they came: the signature is over these and no others. */
  readonly body: Uint8Array;
}

/** What a good signature vouches for besides the body. */
export interface VerifiedWebhook {
  /** Finch's id of the event: doubles have the same one. */
  readonly finchEventId: string;
}

/** Why a webhook is not Finch's. For the log: whoever sent it is told none of this. */
export type SignatureRefusal = "no_secret" | "unsigned" | "out_of_time" | "wrong_signature";

/** How far Finch's clock and ours may be apart, in seconds; so long can a webhook be replayed. */
const toleranceSeconds = 300;

/** The least that a secret may have: anybody can sign with an empty one. Finch's have 24 bytes. */
const fewestSecretBytes = 16;

// Without the full stop that ends it in what is signed: two webhooks cannot have the same signed bytes.
const eventIdPattern = /^[!-\-/-~]{1,255}$/;
const timestampPattern = /^[0-9]{1,12}$/;

/**
 * Whether Finch signed this, in the last five minutes, with one of the secrets: HMAC-SHA256 over `id.timestamp.body`, in
 * base64 behind `v1,` (Finch docs, "Webhooks"). One good entry of the header is enough: during a rotation there are
 * several, and entries of other versions mean nothing here.
 *
 * @param keys of `webhookKey`, each of which Finch may use.
 */
export const verifyWebhook = (
  { headers, body }: SignedWebhook,
  keys: readonly Uint8Array[],
  now: Date,
): Result<VerifiedWebhook, SignatureRefusal> => {
  const eventId = headers["finch-event-id"] ?? "";
  const timestamp = headers["finch-timestamp"] ?? "";
  const signatures = (headers["finch-signature"] ?? "").split(" ").flatMap(readSignature);
  if (!eventIdPattern.test(eventId) || !timestampPattern.test(timestamp) || signatures.length === 0) {
    return refuse("unsigned");
  }
  // Whole seconds, as Finch counts.
  const age = Math.floor(now.getTime() / 1_000) - Number(timestamp);
  if (Math.abs(age) > toleranceSeconds) return refuse("out_of_time");
  if (keys.length === 0) return refuse("no_secret");
  const signed = keys.map((key) => createHmac("sha256", key).update(`${eventId}.${timestamp}.`).update(body).digest());
  if (!signed.some((mac) => signatures.some((signature) => timingSafeEqual(mac, signature)))) {
    return refuse("wrong_signature");
  }
  return ok({ finchEventId: eventId });
};

/**
 * The key that a secret of Finch's dashboard stands for; undefined for what is none: not canonical base64 (RFC 4648
 * section 4), or too short.
 */
export const webhookKey = (secret: Secret): Uint8Array | undefined => {
  const key = decodeBase64(secret.reveal());
  return key !== undefined && key.byteLength >= fewestSecretBytes ? key : undefined;
};

/** The MAC of one entry, if it is one of version 1; none for what is of another version or malformed. */
const readSignature = (entry: string): Uint8Array[] => {
  const mac = entry.startsWith("v1,") ? decodeBase64(entry.slice("v1,".length)) : undefined;
  return mac?.byteLength === 32 ? [mac] : [];
};

/** Strict: Node's own decoder skips what is no base64, so that many texts would stand for the same bytes. */
const decodeBase64 = (text: string): Uint8Array | undefined => {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
};
