import type { AuthenticationMethod, Entity } from "../connection/connection.ts";
import type { Introspection, PlatformTrouble, TokenGrant, Undecided } from "../connection/finch-port.ts";
import { parseConnectionId } from "../connection/identifiers.ts";
import { secret } from "../secret.ts";
import type { FinchAnswer } from "./request.ts";

type Body = Readonly<Record<string, unknown>>;

/**
 * Reads Finch's answer to `POST /auth/token`. Unknown fields and values pass; undefined if what Perch must know is not
 * there: then a token may have been issued, and nothing is known.
 */
export const readTokenGrant = (body: Body): TokenGrant | undefined => {
  const accessToken = text(body["access_token"]);
  const connectionId = parseConnectionId(text(body["connection_id"]) ?? "");
  const providerId = text(body["provider_id"]);
  const clientType = text(body["client_type"]);
  if (!accessToken || !connectionId || !providerId || !clientType) return undefined;
  return {
    accessToken: secret(accessToken),
    connectionId,
    providerId,
    clientType,
    entityIds: texts(body["entity_ids"]),
    connectionType: text(body["connection_type"]) ?? "provider",
    products: texts(body["products"]),
    customerId: text(body["customer_id"]) ?? null,
    companyId: text(body["company_id"]) ?? null,
  };
};

/** Reads Finch's answer to `GET /introspect`; undefined if what Perch must know is not there. */
export const readIntrospection = (body: Body): Introspection | undefined => {
  const connectionId = parseConnectionId(text(body["connection_id"]) ?? "");
  const connectionStatus = map(body["connection_status"]);
  const status = text(connectionStatus["status"]);
  // `payroll_provider_id` is the field's name in older answers.
  const providerId = text(body["provider_id"]) ?? text(body["payroll_provider_id"]);
  const clientType = text(body["client_type"]);
  if (!connectionId || !status || !providerId || !clientType) return undefined;
  return {
    connectionId,
    providerId,
    clientType,
    clientId: text(body["client_id"]) ?? null,
    connectionType: text(body["connection_type"]) ?? "provider",
    // Older answers and the sandbox's documentation say `error_reauth` for the same status.
    status: status === "error_reauth" ? "reauth" : status,
    lastSuccessfulSync: date(connectionStatus["last_successful_sync"]),
    products: texts(body["products"]),
    authenticationMethods: maps(body["authentication_methods"]).flatMap(readAuthenticationMethod),
    entities: maps(body["entities"]).flatMap(readEntity),
    customerId: text(body["customer_id"]) ?? null,
    companyId: text(body["company_id"]) ?? null,
    username: text(body["username"]) ?? null,
  };
};

const readAuthenticationMethod = (method: Body): AuthenticationMethod[] => {
  const type = text(method["type"]);
  const status = text(map(method["connection_status"])["status"]) ?? null;
  return type === undefined ? [] : [{ type, status, products: texts(method["products"]) }];
};

const readEntity = (entity: Body): Entity[] => {
  // A support article calls the field `entity_id`.
  const id = text(entity["id"]) ?? text(entity["entity_id"]);
  if (id === undefined) return [];
  const { name, source_id: sourceId, status } = entity;
  return [{ id, name: text(name) ?? null, sourceId: text(sourceId) ?? null, status: text(status) ?? null }];
};

/**
 * What an answer that is no success means where no rule of the call's own fits. Finch's error bodies are read `finch_code`
 * first, then `name`, never `message` (Finch docs, "Error types").
 */
export const readFailure = ({ status, body }: FinchAnswer): PlatformTrouble | Undecided => {
  if (status === 429) return { kind: "undecided", reason: "rate_limited" };
  if (status === 408 || status >= 500) return { kind: "undecided", reason: "server_error" };
  if (status < 400) return { kind: "undecided", reason: "unreadable" };
  return { kind: "platform_trouble", reason: errorName(body) ?? `http_${status}` };
};

/** True if an error's body gives one of these as its `finch_code` or its `name`, whichever Finch writes them into. */
export const isError = (body: Body | undefined, ...names: readonly string[]): boolean =>
  names.some((name) => body?.["finch_code"] === name || body?.["name"] === name);

/** The name of an error; undefined if the body has none. */
const errorName = (body: Body | undefined): string | undefined =>
  // Bounded and plain, since it goes into logs.
  (text(body?.["finch_code"]) ?? text(body?.["name"]))?.replace(/[^a-z0-9_]/gi, "").slice(0, 64);

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
const map = (value: unknown): Body => ({ ...Object(value) });
const maps = (value: unknown): Body[] => (Array.isArray(value) ? value.map(map) : []);
const date = (value: unknown): Date | null => {
  const time = Date.parse(text(value) ?? "");
  return Number.isNaN(time) ? null : new Date(time);
};
