/** The part of the control door that is about connections and their tokens. */
import {
  coverEntities,
  endConnection,
  liveEntities,
  mintToken,
  nobody,
  reachConnection,
  setConnectionStatus,
  setEntityStatus,
} from "./connections.ts";
import { asObject, type Call, jsonReply, parseJsonObject, type Reply, type Routes } from "./http.ts";
import { entitiesSeenBy, findAccount } from "./logins.ts";
import { type Connection, clientTypes, type Entity, entityStatuses, type Login, type Simulation } from "./model.ts";
import { findProvider, products as knownProducts } from "./providers.ts";
import { settingsAt } from "./settings.ts";

/** The routes, without the guard that the rest of the door has. */
export const createConnectionControls = (simulation: Simulation): Routes => ({
  "GET /_control/connections": () => jsonReply(200, { connections: listConnections(simulation) }),
  "POST /_control/connections/*": (call) => changeConnection(simulation, call),
  "POST /_control/tokens": (call) => createToken(simulation, call),
});

const refuse = (message: string): Reply => jsonReply(400, { message });

/** Every connection, ended ones too, with the tokens that still work. */
const listConnections = ({ state }: Simulation) => {
  const tokensOf = (connection: Connection) =>
    [...state.tokens.values()]
      .filter((token) => token.connectionId === connection.id)
      .map(({ hash, id, clientType, products, entityIds }) => ({ hash, id, clientType, products, entityIds }));
  return [...state.connections.values()].map((connection) => ({
    id: connection.id,
    clientId: connection.clientId,
    providerId: connection.providerId,
    companyId: connection.companyId,
    customerId: connection.creator.id,
    status: connection.status,
    entities: connection.entities,
    liveTokens: tokensOf(connection),
  }));
};

/** Takes `{status?, entities?: {id: status}, customer_id?}`, all of it or nothing. `disconnected` ends the connection. */
const changeConnection = (simulation: Simulation, call: Call): Reply => {
  const { state, save } = simulation;
  const connection = state.connections.get(call.path.split("/").at(-1) ?? "");
  if (!connection) return jsonReply(404, { message: "There is no such connection" });
  const body = parseJsonObject(call.body);
  if (!body) return refuse("The body must be a JSON object");
  const { status: askedStatus, entities = {}, customer_id: customerId } = body;
  const status = findStatus(askedStatus);
  if (askedStatus !== undefined && !status) return refuse(`status must be one of ${entityStatuses.join(", ")}`);
  const changes = readEntityChanges(connection, entities);
  if (!changes) return refuse(`entities must map ids of the connection to one of ${entityStatuses.join(", ")}`);
  if (customerId !== undefined && customerId !== null && typeof customerId !== "string") {
    return refuse("customer_id must be a string or null");
  }
  if (status === "disconnected") endConnection(simulation, connection);
  else if (status) setConnectionStatus(simulation, connection, status);
  setEntityStatus(simulation, connection, changes);
  if (customerId !== undefined) {
    connection.creator = customerId === null ? nobody : { ...connection.creator, id: customerId };
    connection.latest = connection.creator;
  }
  save();
  return jsonReply(200, connection);
};

const findStatus = (value: unknown) => entityStatuses.find((known) => known === value);

const readEntityChanges = (
  connection: Connection,
  entities: unknown,
): readonly (readonly [Entity, Entity["status"]])[] | undefined => {
  const changes: (readonly [Entity, Entity["status"]])[] = [];
  for (const [id, value] of Object.entries(asObject(entities) ?? { "": undefined })) {
    const [entity, status] = [connection.entities.find((known) => known.id === id), findStatus(value)];
    if (!entity || !status) return undefined;
    changes.push([entity, status]);
  }
  return changes;
};

/**
 * Mints a token without Connect, of any application: takes `{provider, company?, username?, customer_id?, client_id?,
 * client_type?, products?}`, where the login decides on the connection as in Connect, or `{connection_id, …}` for one more
 * token of a connection.
 */
const createToken = (simulation: Simulation, call: Call): Reply => {
  const { state, applications, save } = simulation;
  const body = parseJsonObject(call.body) ?? {};
  const [own] = applications;
  const { client_id: clientId = own?.clientId, connection_id: connectionId } = body;
  const application = applications.find((known) => known.clientId === clientId) ?? own;
  const { client_type: askedType = application?.clientType, products = ["company", "directory"] } = body;
  const clientType = clientTypes.find((known) => known === askedType);
  if (typeof clientId !== "string" || clientId === "") return refuse("client_id must be a string");
  if (!clientType) return refuse(`client_type must be one of ${clientTypes.join(", ")}`);
  if (!Array.isArray(products) || !products.every((product) => knownProducts.includes(product))) {
    return refuse(`products must be a list of ${knownProducts.join(", ")}`);
  }
  const connection =
    connectionId === undefined ? connect(simulation, clientId, body) : state.connections.get(String(connectionId));
  if (!connection || connection.status === "disconnected") {
    return refuse("connection_id must be a connection, or provider and username known ones");
  }
  if (connectionId === undefined) connection.products = products;
  const entityIds = liveEntities(connection).map(({ id }) => id);
  const { accessToken } = mintToken(simulation, { clientId, clientType, connection, products, entityIds });
  save();
  return jsonReply(200, { access_token: accessToken, connection_id: connection.id });
};

const connect = (
  simulation: Simulation,
  clientId: string,
  body: Readonly<Record<string, unknown>>,
): Connection | undefined => {
  const { provider: providerId, username = "good_user", customer_id: customerId = null } = body;
  const { company = customerId ?? "Imported Inc." } = body;
  const provider = findProvider(String(providerId));
  const account = findAccount({ username: String(username), password: "good_pass" });
  if (!provider || !account || (customerId !== null && typeof customerId !== "string")) return undefined;
  const authMethod = provider.authentication_methods[0].type;
  const login: Login = { ...account, providerId: provider.id, company: String(company), authMethod };
  const seen = entitiesSeenBy(login);
  const picked = settingsAt(simulation.state, login.company).entityMode === "multi" ? seen : seen.slice(0, 1);
  const customer = customerId === null ? nobody : { id: customerId, name: String(company), email: null };
  const connection = reachConnection(simulation, { clientId, customer, connectionType: "provider", login, picked });
  if (!connection.accounts.includes(login.account)) connection.accounts.push(login.account);
  coverEntities(simulation, connection, picked);
  return connection;
};
