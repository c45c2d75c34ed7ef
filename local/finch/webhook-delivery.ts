/** A webhook on its way to the platform, and how it is signed (Finch docs, "Webhooks"). */
import { createHmac } from "node:crypto";

/** What Finch has to tell. */
export type WebhookEvent = {
  /** The application that it is told. */
  readonly clientId: string;
  readonly eventType: string;
  /** None for an event that is about no connection, such as the dashboard's test. */
  readonly connectionId: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  /** Sent instead of the body, as it is; for what is no JSON at all. */
  readonly raw?: string;
};

/** One attempt to deliver; the platform's status and the beginning of its answer, or why there was none. */
export type WebhookAttempt = { readonly atMs: number; readonly status: number | null; readonly answer: string };

/**
 * `waiting` for its next attempt, `held` until it is released, `lost` on purpose, `delivered`, or `given_up` after the
 * last attempt.
 */
export type WebhookDeliveryStatus = "waiting" | "held" | "lost" | "delivered" | "given_up";

/** An event and what became of it. A doubled event is two deliveries with one event id. */
export type WebhookDelivery = {
  readonly id: string;
  /** `Finch-Event-Id`, by which the platform knows an event again. */
  readonly eventId: string;
  readonly clientId: string;
  readonly eventType: string;
  readonly connectionId: string | null;
  /** The body as it is sent, to the byte. */
  readonly body: string;
  status: WebhookDeliveryStatus;
  dueAtMs: number;
  /** The delivery whose attempt must have ended before; null when it need not wait. */
  after: string | null;
  attempts: WebhookAttempt[];
};

/** Finch tries at once, then after each of these (Finch docs, "Webhooks", 2023). */
export const retryDelaysMs: readonly number[] = [5_000, 5 * 60_000, 30 * 60_000, 2 * 60 * 60_000];

/** Whether this is a secret as Finch's dashboard shows it: base64 with its padding, of at least one byte. */
export const isWebhookSecret = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && Buffer.from(value, "base64").toString("base64") === value;

/** The three headers of an attempt. During a rotation there are several secrets, and each signs. */
export const signWebhook = (
  { eventId, body }: Pick<WebhookDelivery, "eventId" | "body">,
  now: Date,
  secrets: readonly string[],
): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const sign = (secret: string) =>
    createHmac("sha256", Buffer.from(secret, "base64")).update(`${eventId}.${timestamp}.${body}`).digest("base64");
  return {
    "finch-event-id": eventId,
    "finch-timestamp": timestamp,
    "finch-signature": secrets.map((secret) => `v1,${sign(secret)}`).join(" "),
  };
};
