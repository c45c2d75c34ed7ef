import type { Company, Connection } from "../model/connection.ts";
import { providerName } from "../model/provider-name.ts";
import { count, type Fields, fieldsOf, moment, text, textsOf } from "./json.ts";
import type { About, ConnectEnd, PageSession, Preview } from "./types.ts";

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const decodeCompany = (value: unknown): Company => {
  const fields = fieldsOf(value);
  return {
    id: text(fields["id"]) ?? "",
    name: text(fields["legal_name"]) ?? text(fields["name"]),
    status: text(fields["status"]),
    taxDigits: text(fields["ein_last_four"]),
  };
};

/** A connection of an answer. What is missing is shown as unknown: the page outlives an older or newer API. */
export const decodeConnection = (value: unknown): Connection => {
  const fields = fieldsOf(value);
  const providerId = text(fields["provider_id"]) ?? "";
  const connectedAt = moment(fields["created_at"]) ?? new Date(0);
  return {
    id: text(fields["connection_id"]) ?? "",
    providerId,
    providerName: text(fields["provider_name"]) ?? providerName(providerId),
    status: text(fields["status"]) ?? "",
    username: text(fields["username"]),
    methods: listOf(fields["authentication_methods"]).flatMap((method) => text(fieldsOf(method)["type"]) ?? []),
    products: textsOf(fields["products"]),
    companies: listOf(fields["entities"]).map(decodeCompany),
    lastUpdate: moment(fields["last_successful_sync"]),
    isLookedAt: fields["introspected_at"] !== null,
    connectedAt,
    changedAt: moment(fields["updated_at"]) ?? connectedAt,
    version: count(fields["version"]) ?? 0,
    possibleDuplicates: textsOf(fields["possible_duplicates"]),
  };
};

/** The session of an answer; one whose end is not told lasts half an hour. */
export const decodeSession = (fields: Fields): PageSession => {
  const soon = new Date(Date.now() + 30 * 60_000);
  const endsAt = moment(fields["ends_at"]) ?? moment(fields["expires_at"]) ?? soon;
  return {
    id: text(fields["page_session_id"]) ?? "",
    idleEndsAt: moment(fields["expires_at"]) ?? endsAt,
    endsAt,
    idleMinutes: count(fields["idle_minutes"]) ?? 30,
    returnUrl: safeUrl(text(fields["return_url"])),
  };
};

/** What the first view's answer says beside the connections. */
export const decodeView = (fields: Fields): About => {
  const customer = fieldsOf(fields["customer"]);
  return {
    customerName: text(customer["name"]) ?? "",
    single: customer["mode"] === "single",
    count: count(customer["connection_count"]) ?? listOf(fields["connections"]).length,
    session: decodeSession(fieldsOf(fields["session"])),
  };
};

/** What an answer says would fall. */
export const decodePreview = (fields: Fields): Preview => ({
  companies: listOf(fields["entities"]).map((entity) => {
    const { id, name } = decodeCompany(entity);
    return { id, name };
  }),
  signIns: count(fields["tokens"]) ?? 0,
  siblings: textsOf(fields["siblings"]),
  version: count(fields["version"]) ?? 0,
});

/** How an answer says that a Connect session stands. */
export const decodeEnd = (fields: Fields): ConnectEnd => ({
  status: text(fields["status"]) ?? "",
  outcome: text(fields["outcome"]),
  failureReason: text(fields["failure_reason"]),
  connectionId: text(fields["connection_id"]),
  reauthenticates: text(fields["reauthenticates"]),
});

/** A link that may be followed: https, or http on this machine. */
const safeUrl = (url: string | null): string | null => {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && hostname === "localhost") ? url : null;
};
