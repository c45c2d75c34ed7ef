import { type ConnectionId, parseConnectionId } from "./identifiers.ts";

/**
 * What a webhook of Finch means to Perch. `about_data`: something of the employer's data changed, which Perch does not keep.
 * `about_nothing`: it names no connection.
 */
export type WebhookEvent =
  | { readonly kind: "about_connection"; readonly connectionId: ConnectionId }
  | { readonly kind: "about_data" }
  | { readonly kind: "about_nothing" };

/** Families of events that say nothing of how a connection is (Finch docs, "Webhooks"). */
const dataFamilies = [
  "company",
  "directory",
  "individual",
  "employment",
  "payment",
  "pay_statement",
  "job",
  // What the dashboard sends to try an address.
  "test",
];

/**
 * Reads the body of a webhook that Finch has signed; undefined if it is no JSON object. No field is needed and none is in
 * the way: Finch adds fields and types of events, and has written `authentication_method` in two shapes. What it says of a
 * status is not even read, since a webhook decides nothing. An event of a type that nobody knows may be about the connection.
 */
export const readWebhookEvent = (body: Uint8Array): WebhookEvent | undefined => {
  const event = parseObject(body);
  if (event === undefined) return undefined;
  const { event_type: type, connection_id: id } = event;
  if (typeof type === "string" && dataFamilies.includes(type.split(".", 1)[0] ?? "")) return { kind: "about_data" };
  const connectionId = typeof id === "string" ? parseConnectionId(id) : undefined;
  return connectionId === undefined ? { kind: "about_nothing" } : { kind: "about_connection", connectionId };
};

const utf8 = new TextDecoder("utf-8", { fatal: true });

const parseObject = (body: Uint8Array): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(utf8.decode(body));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
};
