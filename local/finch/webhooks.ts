/** Sends webhooks to the platform: signed, again when they fail, and as a test has asked for. */
import { randomBytes } from "node:crypto";
import type { FinchState } from "./model.ts";
import { retryDelaysMs, signWebhook, type WebhookDelivery, type WebhookEvent } from "./webhook-delivery.ts";
import { createWebhookRules, type WebhookRules } from "./webhook-rules.ts";

/** A secret, and until when it signs; null for as long as it is registered. */
export type SigningSecret = { readonly secret: string; readonly untilMs: number | null };

/** Where an application wants its webhooks. Like the application it belongs to no state file: who starts Finch says it. */
export type WebhookEndpoint = {
  readonly clientId: string;
  readonly url: string;
  /** The newest first. */
  readonly secrets: readonly SigningSecret[];
};

/** The webhooks of one simulator. */
export type Webhooks = {
  endpoint: WebhookEndpoint | undefined;
  readonly rules: WebhookRules;
  /** Sends an event of the application that has an endpoint; without one, nothing is sent and nothing remembered. */
  readonly emit: (event: WebhookEvent) => readonly WebhookDelivery[];
  /** Sends an event once more, under its old id, whatever became of it. */
  readonly resend: (original: WebhookDelivery) => WebhookDelivery;
  /** Looks for what is due; to be called when the endpoint, the clock or a delivery has changed. */
  readonly wake: () => void;
  /** Sends nothing more. */
  readonly stop: () => void;
};

/** What sending takes. */
export type WebhooksDependencies = {
  readonly state: FinchState;
  readonly now: () => Date;
  readonly randomId: () => string;
  readonly save: () => void;
};

/** Finch publishes no limit; those who send webhooks for others commonly wait as long. */
const answerWithinMs = 15_000;
const inFlightAtMost = 20;
/** Finished deliveries that the log keeps. */
const finishedAtMost = 1_000;
const longestTimerMs = 2 ** 31 - 1;
const longestAnswer = 300;

/** The secrets that sign at this time. */
export const currentSecrets = ({ secrets }: WebhookEndpoint, now: Date): readonly string[] =>
  secrets.filter(({ untilMs }) => untilMs === null || now.getTime() < untilMs).map(({ secret }) => secret);

/** Webhooks of a Finch that knows no endpoint yet. */
export const createWebhooks = ({ state, now, randomId, save }: WebhooksDependencies): Webhooks => {
  const inFlight = new Set<string>();
  const stopped = new AbortController();
  const rules = createWebhookRules();
  let timer: NodeJS.Timeout | undefined;

  const add = (event: WebhookEvent, eventId: string, status: WebhookDelivery["status"]): WebhookDelivery => {
    const { clientId, eventType, connectionId } = event;
    const delivery: WebhookDelivery = {
      id: randomId(),
      eventId,
      clientId,
      eventType,
      connectionId,
      body: event.raw ?? JSON.stringify(event.body),
      status,
      dueAtMs: now().getTime(),
      after: null,
      attempts: [],
    };
    state.deliveries.set(delivery.id, delivery);
    return delivery;
  };

  /** Not before the change of which the event tells is saved, which the route does that calls this. */
  const wake = () => lookAfter(0);

  const lookAfter = (delayMs: number) => {
    clearTimeout(timer);
    if (stopped.signal.aborted) return;
    timer = setTimeout(look, Math.min(delayMs, longestTimerMs));
  };

  const look = () => {
    const { endpoint } = webhooks;
    if (!endpoint) return;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const delivery of state.deliveries.values()) {
      if (delivery.status !== "waiting" || delivery.clientId !== endpoint.clientId) continue;
      // The end of an attempt looks again.
      if (inFlight.has(delivery.id) || delivery.after !== null || inFlight.size >= inFlightAtMost) continue;
      const waitMs = delivery.dueAtMs - now().getTime();
      if (waitMs > 0) nextMs = Math.min(nextMs, waitMs);
      else void attempt(endpoint, delivery);
    }
    if (nextMs !== Number.POSITIVE_INFINITY) lookAfter(nextMs);
  };

  const attempt = async (endpoint: WebhookEndpoint, delivery: WebhookDelivery) => {
    inFlight.add(delivery.id);
    const atMs = now().getTime();
    const signed = signWebhook(delivery, new Date(atMs), currentSecrets(endpoint, new Date(atMs)));
    const { status, answer } = await post(endpoint.url, signed, delivery.body, stopped.signal);
    inFlight.delete(delivery.id);
    // What was under way when the simulator ended is sent again by the next one, as Finch delivers at least once.
    if (stopped.signal.aborted) return;
    delivery.attempts.push({ atMs, status, answer });
    const delayMs = retryDelaysMs[delivery.attempts.length - 1];
    if (status !== null && status >= 200 && status < 300) delivery.status = "delivered";
    else if (delayMs === undefined) delivery.status = "given_up";
    else delivery.dueAtMs = atMs + delayMs;
    for (const follower of state.deliveries.values()) if (follower.after === delivery.id) follower.after = null;
    forgetOldest();
    save();
    wake();
  };

  const forgetOldest = () => {
    const finished = [...state.deliveries.values()].filter(({ status }) => status !== "waiting" && status !== "held");
    for (const { id } of finished.slice(0, Math.max(0, finished.length - finishedAtMost))) state.deliveries.delete(id);
  };

  const webhooks: Webhooks = {
    endpoint: undefined,
    rules,
    emit: (original) => {
      if (webhooks.endpoint?.clientId !== original.clientId) return [];
      const { event, way } = rules.apply(original);
      const eventId = `msg_${randomBytes(20).toString("base64url").replaceAll(/[-_]/g, "x")}`;
      const first = way === "lose" ? "lost" : way === "hold" ? "held" : "waiting";
      const made = [add(event, eventId, first), ...(way === "double" ? [add(event, eventId, "waiting")] : [])];
      wake();
      return made;
    },
    resend: ({ clientId, eventType, connectionId, body, eventId }) => {
      const again = add({ clientId, eventType, connectionId, body: {}, raw: body }, eventId, "waiting");
      wake();
      return again;
    },
    wake,
    stop: () => {
      clearTimeout(timer);
      stopped.abort();
    },
  };
  return webhooks;
};

/** Posts a webhook; a redirection is no success, and is not followed. */
const post = async (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  stopped: AbortSignal,
): Promise<{ readonly status: number | null; readonly answer: string }> => {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body,
      redirect: "manual",
      signal: AbortSignal.any([stopped, AbortSignal.timeout(answerWithinMs)]),
    });
    return { status: response.status, answer: (await response.text()).slice(0, longestAnswer) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { status: null, answer: cause instanceof Error ? cause.message : "unknown error" };
  }
};
