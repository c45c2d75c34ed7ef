/** Finch's API: Connect sessions, the code exchange, introspection, providers and disconnecting. */
import { randomBytes } from "node:crypto";
import { findApplication, findBasicApplication, findBearer } from "./credentials.ts";
import { errorReply } from "./errors.ts";
import { type Call, jsonReply, parseJsonObject, type Reply, type Routes } from "./http.ts";
import { type AccessToken, type Connection, isExpired, type Session, type Simulation, sha256 } from "./model.ts";
import { providers } from "./providers.ts";
import { parseNewSession, parseReauthenticate } from "./session-request.ts";

/** The routes of the API. */
export const createApiRoutes = (simulation: Simulation): Routes => ({
  "POST /connect/sessions": (call) => createSession(simulation, call),
  "POST /connect/sessions/reauthenticate": (call) => createReauthentication(simulation, call),
  "POST /auth/token": (call) => exchangeCode(simulation, call),
  "GET /introspect": (call) => introspect(simulation, call),
  "GET /providers": () => jsonReply(200, providers),
  "POST /disconnect": (call) => disconnect(simulation, call),
});

const notJson = () => errorReply("bad_request", "The body must be a JSON object");

const createSession = (simulation: Simulation, call: Call): Reply => {
  const application = findBasicApplication(simulation, call);
  if (!application) return errorReply("invalid_client_error");
  const body = parseJsonObject(call.body);
  if (!body) return notJson();
  const request = parseNewSession(body, application.redirectUris);
  if ("refused" in request) return errorReply("bad_request", request.refused);
  const { minutesToExpire, ...asked } = request;
  return openSession(simulation, minutesToExpire, { ...asked, clientId: application.clientId, connectionId: null });
};

const createReauthentication = (simulation: Simulation, call: Call): Reply => {
  const application = findBasicApplication(simulation, call);
  if (!application) return errorReply("invalid_client_error");
  const body = parseJsonObject(call.body);
  if (!body) return notJson();
  const request = parseReauthenticate(body, application.redirectUris);
  if ("refused" in request) return errorReply("bad_request", request.refused);
  const connection = simulation.state.connections.get(request.connectionId);
  const usable = connection?.clientId === application.clientId && connection.status !== "disconnected";
  if (!connection || !usable) return errorReply("not_found_error", "Connection not found");
  return openSession(simulation, request.minutesToExpire, {
    clientId: application.clientId,
    customer: connection.creator,
    products: request.products ?? connection.products,
    redirectUri: request.redirectUri,
    provider: connection.providerId,
    authMethod: connection.authMethod,
    connectionType: connection.connectionType,
    connectionId: connection.id,
  });
};

const openSession = (
  { state, randomId, now, publicUrl, save }: Simulation,
  minutesToExpire: number,
  asked: Omit<Session, "id" | "expiresAtMs">,
): Reply => {
  const session: Session = { ...asked, id: randomId(), expiresAtMs: now().getTime() + minutesToExpire * 60_000 };
  state.sessions.set(session.id, session);
  save();
  return jsonReply(201, { session_id: session.id, connect_url: `${publicUrl()}/authorize?session=${session.id}` });
};

const exchangeCode = (simulation: Simulation, call: Call): Reply => {
  const { state, now, randomId, save } = simulation;
  const body = parseJsonObject(call.body);
  if (!body) return notJson();
  const application = findApplication(simulation, body["client_id"], body["client_secret"]);
  if (!application) return errorReply("invalid_client_error");
  if (typeof body["code"] !== "string" || body["code"] === "") return errorReply("bad_request", "code is required");

  const code = state.codes.get(sha256(body["code"]));
  const connection = code && state.connections.get(code.connectionId);
  // Finch documents one error for all of these, so that a caller cannot tell them apart.
  if (!code || !connection || connection.status === "disconnected") return errorReply("invalid_grant_error");
  if (code.clientId !== application.clientId || isExpired(code, now())) return errorReply("invalid_grant_error");
  if (code.redirectUri !== (body["redirect_uri"] ?? null)) return errorReply("invalid_grant_error");

  const accessToken = randomBytes(32).toString("hex");
  const token: AccessToken = {
    hash: sha256(accessToken),
    id: randomId(),
    clientId: application.clientId,
    connectionId: connection.id,
    products: code.products,
    entityIds: connection.entities.map((entity) => entity.id),
    createdAtMs: now().getTime(),
  };
  state.codes.delete(code.hash);
  state.tokens.set(token.hash, token);
  save();
  return jsonReply(200, {
    access_token: accessToken,
    token_type: "bearer",
    connection_id: connection.id,
    entity_ids: token.entityIds,
    client_type: application.clientType,
    connection_type: connection.connectionType,
    products: token.products,
    provider_id: connection.providerId,
    ...customerFields(simulation, connection, "exchange"),
    account_id: connection.accountId,
    company_id: connection.companyId,
  });
};

const introspect = (simulation: Simulation, call: Call): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const { token, connection } = bearer;
  const application = simulation.applications.find((known) => known.clientId === token.clientId);
  const connectionStatus = { status: connection.status, last_successful_sync: null };
  return jsonReply(200, {
    id: token.id,
    client_id: token.clientId,
    client_type: application?.clientType ?? "sandbox",
    connection_id: connection.id,
    connection_status: connectionStatus,
    connection_type: connection.connectionType,
    products: token.products,
    provider_id: connection.providerId,
    payroll_provider_id: connection.providerId,
    authentication_methods: [
      { type: connection.authMethod, connection_status: connectionStatus, products: token.products },
    ],
    ...customerFields(simulation, connection, "introspection"),
    entities: connection.entities
      .filter((entity) => token.entityIds.includes(entity.id))
      .map(({ id, name, sourceId, status }) => ({ id, name, source_id: sourceId, status })),
    manual: connection.authMethod === "assisted",
    username: connection.username,
    account_id: connection.accountId,
    company_id: connection.companyId,
  });
};

const customerFields = ({ state }: Simulation, connection: Connection, place: "exchange" | "introspection") => {
  const mode = state.settings.customerIdMode;
  if (mode === "absent") return {};
  const { id, name, email } = mode === "latest" ? connection.latest : connection.creator;
  const fields = { customer_id: id, customer_name: name, ...(place === "exchange" ? {} : { customer_email: email }) };
  return mode === "null" ? Object.fromEntries(Object.keys(fields).map((key) => [key, null])) : fields;
};

const disconnect = (simulation: Simulation, call: Call): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const { connection } = bearer;
  const { tokens } = simulation.state;
  connection.status = "disconnected";
  for (const entity of connection.entities) entity.status = "disconnected";
  for (const [hash, token] of tokens) if (token.connectionId === connection.id) tokens.delete(hash);
  simulation.save();
  return jsonReply(200, { status: "success" });
};
