/** The part of the control door that is about webhooks: where they go, what befalls them, and their log. */
import { asObject, type Call, jsonReply, parseJsonObject, type Reply, type Routes } from "./http.ts";
import type { Simulation } from "./model.ts";
import { isWebhookSecret, type WebhookDelivery, type WebhookEvent } from "./webhook-delivery.ts";
import { commonFields } from "./webhook-events.ts";
import { parseWebhookRule, type WebhookRule } from "./webhook-rules.ts";
import { currentSecrets, type Webhooks } from "./webhooks.ts";

/** What the routes have to do with. */
type Door = { readonly simulation: Simulation; readonly webhooks: Webhooks };

/** Finch's old secret signs beside the new one for a day (Finch docs, "Webhooks"). */
const rotationMs = 24 * 60 * 60_000;

/** The routes, without the guard that the rest of the door has. */
export const createWebhookControls = (simulation: Simulation, webhooks: Webhooks): Routes => {
  const door: Door = { simulation, webhooks };
  return {
    "GET /_control/webhooks": (call) => jsonReply(200, describe(door, call.query.get("connection_id"))),
    "PUT /_control/webhooks": (call) => register(door, call),
    "DELETE /_control/webhooks": () => {
      webhooks.endpoint = undefined;
      return jsonReply(200, { status: "ok" });
    },
    "POST /_control/webhooks/rotate": (call) => rotate(door, call),
    "POST /_control/webhooks/rules": (call) => addRules(door, call),
    "DELETE /_control/webhooks/rules": (call) => {
      webhooks.rules.clear(call.query.get("connection_id") ?? undefined);
      return jsonReply(200, { status: "ok" });
    },
    "POST /_control/webhooks/events": (call) => sendEvent(door, call),
    "POST /_control/webhooks/release": (call) => release(door, call),
    "POST /_control/webhooks/retry": (call) => retry(door, call),
    "POST /_control/webhooks/resend": (call) => resend(door, call),
  };
};

const refuse = (message: string): Reply => jsonReply(400, { message });

/** The log, without any secret or signature. */
const describe = ({ simulation: { state, now }, webhooks }: Door, connectionId: string | null) => ({
  endpoint: webhooks.endpoint
    ? { url: webhooks.endpoint.url, signingSecrets: currentSecrets(webhooks.endpoint, now()).length }
    : null,
  rules: webhooks.rules.list().map(({ remaining, ...rule }) => ({
    ...rule,
    remaining: Number.isFinite(remaining) ? remaining : "until_cleared",
  })),
  deliveries: [...state.deliveries.values()]
    .filter((delivery) => connectionId === null || delivery.connectionId === connectionId)
    .map(describeDelivery),
});

const describeDelivery = ({ id, eventId, eventType, connectionId, body, status, ...sending }: WebhookDelivery) => ({
  id,
  eventId,
  eventType,
  connectionId,
  body: parseJsonObject(body) ?? body,
  status,
  attempts: sending.attempts.map(({ atMs, ...attempt }) => ({ at: new Date(atMs).toISOString(), ...attempt })),
  nextAttemptAt: status === "waiting" ? new Date(sending.dueAtMs).toISOString() : null,
});

const describeAll = (deliveries: readonly WebhookDelivery[]): Reply =>
  jsonReply(200, { deliveries: deliveries.map(describeDelivery) });

/** Takes `{url, secrets: [newest, older?], client_id?}`; of two secrets, the older signs for a day. */
const register = ({ simulation: { applications, now }, webhooks }: Door, call: Call): Reply => {
  const { url, secrets, client_id: clientId = applications[0]?.clientId } = parseJsonObject(call.body) ?? {};
  if (typeof url !== "string" || !/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    return refuse("url must be the http or https address of the webhooks");
  }
  if (!Array.isArray(secrets) || secrets.length < 1 || secrets.length > 2 || !secrets.every(isWebhookSecret)) {
    return refuse("secrets must be one or two secrets in base64");
  }
  const application = applications.find((known) => known.clientId === clientId);
  if (!application) return refuse("client_id must be an application");
  const untilMs = now().getTime() + rotationMs;
  webhooks.endpoint = {
    clientId: application.clientId,
    url,
    secrets: secrets.map((secret, index) => ({ secret, untilMs: index === 0 ? null : untilMs })),
  };
  webhooks.wake();
  return jsonReply(200, { status: "ok" });
};

/** Takes `{secret}`, the new one; the one that is registered signs for one more day. */
const rotate = ({ simulation: { now }, webhooks }: Door, call: Call): Reply => {
  const { endpoint } = webhooks;
  const { secret } = parseJsonObject(call.body) ?? {};
  if (!endpoint) return refuse("no address is registered");
  if (!isWebhookSecret(secret)) return refuse("secret must be in base64");
  const untilMs = now().getTime() + rotationMs;
  const older = endpoint.secrets.slice(0, 1).map((old) => ({ ...old, untilMs }));
  webhooks.endpoint = { ...endpoint, secrets: [{ secret, untilMs: null }, ...older] };
  return jsonReply(200, { status: "ok" });
};

/** Takes one rule or a list; a list as a whole or not at all. */
const addRules = ({ webhooks }: Door, call: Call): Reply => {
  const parsed = [parseJson(call.body)].flat().map(parseWebhookRule);
  const refused = parsed.find((rule) => "refused" in rule);
  if (refused) return refuse(refused.refused);
  for (const rule of parsed) webhooks.rules.add(rule as WebhookRule);
  return jsonReply(200, { status: "ok" });
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Takes `{event_type, connection_id?, entity_id?, data?, body?, remove?}` or `{raw}`, and sends that event: `test` as the
 * dashboard does, one of another kind, or one that Finch does not document yet. Rules apply.
 */
const sendEvent = ({ simulation, webhooks }: Door, call: Call): Reply => {
  const { event_type: eventType = "test", connection_id: connectionId, ...rest } = parseJsonObject(call.body) ?? {};
  const { entity_id: entityId = null, data = {}, body = {}, remove = [], raw } = rest;
  const { endpoint } = webhooks;
  if (!endpoint) return refuse("no address is registered");
  if (typeof eventType !== "string") return refuse("event_type must be a string");
  if (connectionId !== undefined && typeof connectionId !== "string") return refuse("connection_id must be a string");
  if (entityId !== null && typeof entityId !== "string") return refuse("entity_id must be a string");
  if (!asObject(body)) return refuse("body must be an object");
  if (!Array.isArray(remove)) return refuse("remove must be a list of fields");
  if (raw !== undefined && typeof raw !== "string") return refuse("raw must be a string");
  const connection = connectionId === undefined ? undefined : simulation.state.connections.get(connectionId);
  const nobodys = { connection_id: connectionId ?? simulation.randomId(), entity_id: entityId };
  const common = connection
    ? { ...commonFields(connection, entityId), ...(entityId === null ? {} : { entity_id: entityId }) }
    : { ...nobodys, company_id: simulation.randomId(), account_id: simulation.randomId() };
  const fields = Object.entries({ event_type: eventType, ...common, data, ...asObject(body) });
  const event: WebhookEvent = {
    clientId: endpoint.clientId,
    eventType,
    connectionId: connectionId ?? null,
    body: Object.fromEntries(fields.filter(([field]) => !remove.includes(field))),
    ...(raw === undefined ? {} : { raw }),
  };
  const made = webhooks.emit(event);
  simulation.save();
  return describeAll(made);
};

/** Takes `{connection_id?, order?}` and sends what is held, one after another, `oldest_first` or `newest_first`. */
const release = (door: Door, call: Call): Reply => {
  const { connection_id: connectionId, order = "oldest_first" } = parseJsonObject(call.body || "{}") ?? {};
  if (order !== "oldest_first" && order !== "newest_first") return refuse("order must be oldest_first or newest_first");
  const held = deliveriesOf(door, connectionId).filter(({ status }) => status === "held");
  if (order === "newest_first") held.reverse();
  for (const [index, delivery] of held.entries()) delivery.after = held[index - 1]?.id ?? null;
  return sendNow(door, held);
};

/** Takes `{connection_id?}` and tries at once what has failed and waits for its next attempt. */
const retry = (door: Door, call: Call): Reply => {
  const { connection_id: connectionId } = parseJsonObject(call.body || "{}") ?? {};
  const failed = deliveriesOf(door, connectionId).filter(({ status, attempts }) => {
    return status === "waiting" && attempts.length > 0;
  });
  return sendNow(door, failed);
};

const deliveriesOf = ({ simulation: { state } }: Door, connectionId: unknown): WebhookDelivery[] =>
  [...state.deliveries.values()].filter((delivery) => {
    return connectionId === undefined || delivery.connectionId === connectionId;
  });

const sendNow = ({ simulation: { now, save }, webhooks }: Door, deliveries: readonly WebhookDelivery[]): Reply => {
  for (const delivery of deliveries) {
    delivery.status = "waiting";
    delivery.dueAtMs = now().getTime();
  }
  save();
  webhooks.wake();
  return describeAll(deliveries);
};

/** Takes `{event_id}` and sends that event once more, also one that was lost or delivered long ago. */
const resend = ({ simulation: { state, save }, webhooks }: Door, call: Call): Reply => {
  const { event_id: eventId } = parseJsonObject(call.body) ?? {};
  const original = [...state.deliveries.values()].find((delivery) => delivery.eventId === eventId);
  if (!original) return jsonReply(404, { message: "There is no such event in the log" });
  const again = webhooks.resend(original);
  save();
  return describeAll([again]);
};
