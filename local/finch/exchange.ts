/** `POST /auth/token`: an access token for an authorization code. */
import { mintToken } from "./connections.ts";
import { findApplication } from "./credentials.ts";
import { errorReply, notJson } from "./errors.ts";
import { type Call, jsonReply, parseJsonObject, type Reply } from "./http.ts";
import { customerFields } from "./introspect.ts";
import { isExpired, type Simulation, sha256 } from "./model.ts";

/**
 * Exchanges a code once, with the `redirect_uri` of its session: in embedded mode there was none, so there must be none.
 * The token covers what was picked in Connect, less what was removed since.
 */
export const exchangeCode = (simulation: Simulation, call: Call): Reply => {
  const { state, now, save } = simulation;
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

  const removed = connection.entities.filter(({ status }) => status === "disconnected").map(({ id }) => id);
  const { accessToken, token } = mintToken(simulation, {
    clientId: application.clientId,
    clientType: application.clientType,
    connection,
    products: code.products,
    entityIds: code.entityIds.filter((id) => !removed.includes(id)),
  });
  state.codes.delete(code.hash);
  save();
  return jsonReply(200, {
    access_token: accessToken,
    token_type: "bearer",
    connection_id: connection.id,
    entity_ids: token.entityIds,
    client_type: token.clientType,
    connection_type: connection.connectionType,
    products: token.products,
    provider_id: connection.providerId,
    ...customerFields(simulation, connection, "exchange"),
    account_id: connection.accountId,
    company_id: connection.companyId,
  });
};

/** The hash of the code that a call exchanges; undefined when it exchanges none. */
export const exchangedCodeHash = ({ path, body }: Call): string | undefined => {
  const code = path === "/auth/token" ? parseJsonObject(body)?.["code"] : undefined;
  return typeof code === "string" ? sha256(code) : undefined;
};
