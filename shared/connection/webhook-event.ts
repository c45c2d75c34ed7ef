import { type ConnectionId, parseConnectionId } from "./identifiers.ts";

/** What a webhook of Finch means to Perch. */
export interface WebhookEvent {
  /** What to look at; undefined when it names no connection, or tells only of people and payments, which Perch does not keep. */
  readonly connectionId: ConnectionId | undefined;
  /** The employer's company has changed, of which Perch keeps a little. */
  readonly isAboutCompany: boolean;
}

/** Families of events that say nothing of how a connection is (Finch docs, "Webhooks"). */
const dataFamilies = [
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
  const isAboutData = typeof type === "string" && dataFamilies.some((family) => `${type}.`.startsWith(`${family}.`));
  const isAboutCompany = typeof type === "string" && `${type}.`.startsWith("company.");
  return { isAboutCompany, connectionId: isAboutData || typeof id !== "string" ? undefined : parseConnectionId(id) };
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
