/** `POST /connect/sessions` and `POST /connect/sessions/reauthenticate`. */
import { findBasicApplication } from "./credentials.ts";
import { errorReply, notJson } from "./errors.ts";
import { type Call, jsonReply, parseJsonObject, type Reply } from "./http.ts";
import type { Session, Simulation } from "./model.ts";
import { parseNewSession, parseReauthenticate } from "./session-request.ts";

/** Opens a session in which a customer of the application may connect one provider. */
export const createSession = (simulation: Simulation, call: Call): Reply => {
  const application = findBasicApplication(simulation, call);
  if (!application) return errorReply("invalid_client_error");
  const body = parseJsonObject(call.body);
  if (!body) return notJson();
  const request = parseNewSession(body, application.redirectUris);
  if ("refused" in request) return errorReply("bad_request", request.refused);
  const { minutesToExpire, ...asked } = request;
  return openSession(simulation, minutesToExpire, { ...asked, clientId: application.clientId, connectionId: null });
};

/** Opens a session that keeps a connection. Its error for a connection that is unknown or ended is not documented. */
export const createReauthentication = (simulation: Simulation, call: Call): Reply => {
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
