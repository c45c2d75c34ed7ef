/** `GET /introspect`: what a token is for. */
import { findBearer } from "./credentials.ts";
import { type Call, jsonReply, type Reply } from "./http.ts";
import type { Connection, Simulation } from "./model.ts";
import { settingsAt } from "./settings.ts";

/** Answers for a connection that waits for its employer as well: with 200 and the status `reauth`. */
export const introspect = (simulation: Simulation, call: Call): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const { token, connection } = bearer;
  const connectionStatus = { status: connection.status, last_successful_sync: null };
  return jsonReply(200, {
    id: token.id,
    client_id: token.clientId,
    client_type: token.clientType,
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

/** The customer as the settings have it; only an introspection tells the e-mail address. */
export const customerFields = (
  { state }: Simulation,
  connection: Connection,
  place: "exchange" | "introspection",
): Readonly<Record<string, string | null>> => {
  const { customerIdMode: mode } = settingsAt(state, connection.companyName);
  if (mode === "absent") return {};
  const { id, name, email } = mode === "latest" ? connection.latest : connection.creator;
  const fields = { customer_id: id, customer_name: name, ...(place === "exchange" ? {} : { customer_email: email }) };
  return mode === "null" ? Object.fromEntries(Object.keys(fields).map((key) => [key, null])) : fields;
};
