/**
 * What befalls the next webhooks, as a test asks for it. Of the rules that wait for an event, the oldest that decides how
 * it travels applies, and the oldest that decides what is in it; each is used up by the events that it meets.
 */
import { asObject } from "./http.ts";
import type { WebhookEvent } from "./webhook-delivery.ts";

const ways = ["lose", "hold", "double"] as const;

/** `lose`: never sent. `hold`: not before it is released. `double`: twice, with one event id. */
export type Way = (typeof ways)[number];

/** Other contents: fields of the body, `data` included, that are there, another value, or missing. */
export type Contents = {
  readonly kind: "override";
  readonly body: Readonly<Record<string, unknown>>;
  readonly remove: readonly string[];
  /** The documentation has a string, the SDK's types an object. */
  readonly authenticationMethod: "string" | "object" | undefined;
};

/** A rule that waits for events. */
export type WebhookRule = {
  readonly rule: { readonly kind: Way } | Contents;
  /** Undefined means any. */
  readonly connectionId: string | undefined;
  readonly eventType: string | undefined;
  /** Infinity until it is cleared. */
  remaining: number;
};

/** The rules of one simulator; they do not outlive it. */
export type WebhookRules = {
  add(rule: WebhookRule): void;
  /** Uses up what applies to this event. */
  apply(event: WebhookEvent): { readonly event: WebhookEvent; readonly way: Way | undefined };
  /** Those of one connection, or all. */
  clear(connectionId?: string): void;
  list(): readonly WebhookRule[];
};

/** No rules: everything is sent once, as it is. */
export const createWebhookRules = (): WebhookRules => {
  let rules: WebhookRule[] = [];
  const take = (event: WebhookEvent, isContents: boolean): WebhookRule["rule"] | undefined => {
    const found = rules.find(
      ({ rule, connectionId = event.connectionId, eventType = event.eventType }) =>
        (rule.kind === "override") === isContents &&
        connectionId === event.connectionId &&
        eventType === event.eventType,
    );
    if (!found) return undefined;
    found.remaining -= 1;
    if (found.remaining === 0) rules = rules.filter((rule) => rule !== found);
    return found.rule;
  };
  return {
    add: (rule) => {
      rules.push(rule);
    },
    apply: (event) => {
      const [contents, way] = [take(event, true), take(event, false)];
      return {
        event: contents?.kind === "override" ? { ...event, body: withContents(event.body, contents) } : event,
        way: way?.kind === "override" ? undefined : way?.kind,
      };
    },
    clear: (connectionId) => {
      rules = connectionId === undefined ? [] : rules.filter((rule) => rule.connectionId !== connectionId);
    },
    list: () => rules,
  };
};

const withContents = (
  original: Readonly<Record<string, unknown>>,
  { body, remove, authenticationMethod }: Contents,
): Readonly<Record<string, unknown>> => {
  const data = asObject(original["data"]);
  const method = data?.["authentication_method"];
  const changed =
    authenticationMethod === "object" && data && typeof method === "string"
      ? { data: { ...data, authentication_method: { type: method, supported_fields: null, benefits_support: null } } }
      : {};
  const fields = Object.entries({ ...original, ...changed, ...body });
  return Object.fromEntries(fields.filter(([field]) => !remove.includes(field)));
};

/**
 * Parses `{kind, connection_id?, event_type?, times?, body?, remove?, authentication_method?}`; `times` is 1, another
 * number or `until_cleared`.
 *
 * @returns a sentence that names the bad field, when there is one.
 */
export const parseWebhookRule = (value: unknown): WebhookRule | { readonly refused: string } => {
  const { kind, connection_id: connectionId, event_type: eventType, times = 1, ...contents } = asObject(value) ?? {};
  if (connectionId !== undefined && typeof connectionId !== "string")
    return { refused: "connection_id must be a string" };
  if (eventType !== undefined && typeof eventType !== "string") return { refused: "event_type must be a string" };
  const remaining = times === "until_cleared" ? Number.POSITIVE_INFINITY : times;
  if (typeof remaining !== "number" || remaining < 1 || (times === remaining && !Number.isInteger(times))) {
    return { refused: "times must be 1 or more, or until_cleared" };
  }
  const way = ways.find((known) => known === kind);
  if (way) return { rule: { kind: way }, connectionId, eventType, remaining };
  if (kind !== "override") return { refused: `kind must be one of ${[...ways, "override"].join(", ")}` };
  const rule = parseContents(contents);
  return "refused" in rule ? rule : { rule, connectionId, eventType, remaining };
};

const parseContents = (value: Readonly<Record<string, unknown>>): Contents | { readonly refused: string } => {
  const { body = {}, remove = [], authentication_method: method } = value;
  const fields = asObject(body);
  if (!fields) return { refused: "body must be an object" };
  if (!Array.isArray(remove) || !remove.every((field) => typeof field === "string")) {
    return { refused: "remove must be a list of fields" };
  }
  if (method !== undefined && method !== "string" && method !== "object") {
    return { refused: "authentication_method must be string or object" };
  }
  return { kind: "override", body: fields, remove, authenticationMethod: method };
};
