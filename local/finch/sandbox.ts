/** The calls that only Finch's sandbox has (Finch API reference, "Sandbox"): connections and tokens without Connect. */
import {
  coverEntities,
  createConnection,
  liveEntities,
  mintToken,
  nobody,
  setConnectionStatus,
} from "./connections.ts";
import { findBasicApplication, findBearer } from "./credentials.ts";
import { isPeopleCount } from "./entity-data.ts";
import { errorReply, notJson } from "./errors.ts";
import { type Call, jsonReply, parseJsonObject, type Reply } from "./http.ts";
import { type AccessToken, type Application, type Connection, connectionStatuses, type Simulation } from "./model.ts";
import { peopleRange } from "./people.ts";
import { type AuthMethod, findProvider, products as knownProducts, type Provider } from "./providers.ts";
import { announce } from "./webhook-events.ts";

type Body = Readonly<Record<string, unknown>>;

/** `POST /sandbox/connections`: a new company with one entity, and a token for it. No customer has anything to do with it. */
export const createSandboxConnection = (simulation: Simulation, call: Call): Reply =>
  withSandbox(simulation, call, (application, body, provider) => {
    const { employee_size: size = 20 } = body;
    if (!isPeopleCount(size)) {
      return errorReply("bad_request", `employee_size must be a whole number from 1 to ${peopleRange.most}`);
    }
    const authMethod = readAuthMethod(body, provider) ?? provider.authentication_methods[0].type;
    const company = `Sandbox Company ${simulation.randomId().slice(0, 8)}`;
    const account = { account: "sandbox", username: null };
    const login = { ...account, providerId: provider.id, company, authMethod };
    const connection = createConnection(simulation, {
      clientId: application.clientId,
      customer: nobody,
      connectionType: "finch",
      login,
    });
    coverEntities(simulation, connection, [{ name: company, sourceId: null }], size);
    connection.accounts.push(login.account);
    connection.products = readProducts(body, provider);
    announce(simulation, connection, connection.entities);
    return grant(simulation, application, connection, connection.products);
  });

/** `POST /sandbox/connections/accounts`: one more token for a company that is connected. */
export const createSandboxAccount = (simulation: Simulation, call: Call): Reply =>
  withSandbox(simulation, call, (application, body, provider) => {
    const connection = [...simulation.state.connections.values()].findLast(
      ({ clientId, companyId, providerId, status }) =>
        clientId === application.clientId &&
        companyId === body["company_id"] &&
        providerId === provider.id &&
        status !== "disconnected",
    );
    if (!connection) return errorReply("not_found_error", "Company not found");
    return grant(simulation, application, connection, readProducts(body, provider));
  });

/** `PUT /sandbox/connections/accounts`: lets the connection of a token be in another state, for instance `reauth`. */
export const updateSandboxAccount = (simulation: Simulation, call: Call): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const { token, connection } = bearer;
  if (token.clientType !== "sandbox") return errorReply("invalid_client_error");
  const body = parseJsonObject(call.body || "{}");
  if (!body) return notJson();
  const { connection_status: asked } = body;
  const status = connectionStatuses.find((known) => known === asked);
  if (asked !== undefined && !status) {
    return errorReply("bad_request", `connection_status must be one of ${connectionStatuses.join(", ")}`);
  }
  if (status) setConnectionStatus(simulation, connection, status);
  simulation.save();
  return jsonReply(200, accountFields(connection, token));
};

/** Checks what the calls have in common: a sandbox application, and a provider with its way to sign in. */
const withSandbox = (
  simulation: Simulation,
  call: Call,
  respond: (application: Application, body: Body, provider: Provider) => Reply,
): Reply => {
  const application = findBasicApplication(simulation, call);
  if (application?.clientType !== "sandbox") return errorReply("invalid_client_error");
  const body = parseJsonObject(call.body);
  if (!body) return notJson();
  const { provider_id: id, authentication_type: type, products = [] } = body;
  const provider = typeof id === "string" ? findProvider(id) : undefined;
  if (!provider) return errorReply("validation_error", "provider_id must be a known provider");
  if (type !== undefined && !readAuthMethod(body, provider)) {
    return errorReply("validation_error", "authentication_type must be one of the provider's");
  }
  if (!Array.isArray(products) || !products.every((product) => knownProducts.includes(product))) {
    return errorReply("bad_request", `products must be a list of ${knownProducts.join(", ")}`);
  }
  return respond(application, body, provider);
};

const readAuthMethod = (body: Body, provider: Provider): AuthMethod | undefined =>
  provider.authentication_methods.find(({ type }) => type === body["authentication_type"])?.type;

const organizationProducts = ["company", "directory", "employment", "individual"];

const readProducts = (body: Body, provider: Provider): readonly string[] => {
  const asked = (body["products"] as string[] | undefined) ?? organizationProducts;
  return [...new Set(asked)].filter((product) => provider.products.includes(product));
};

const grant = (
  simulation: Simulation,
  { clientId, clientType }: Application,
  connection: Connection,
  products: readonly string[],
): Reply => {
  const entityIds = liveEntities(connection).map(({ id }) => id);
  const { accessToken, token } = mintToken(simulation, { clientId, clientType, connection, products, entityIds });
  simulation.save();
  return jsonReply(200, { access_token: accessToken, token_type: "bearer", ...accountFields(connection, token) });
};

const accountFields = (connection: Connection, token: AccessToken) => ({
  connection_id: connection.id,
  entity_id: token.entityIds[0],
  account_id: connection.accountId,
  company_id: connection.companyId,
  provider_id: connection.providerId,
  authentication_type: connection.authMethod,
  products: token.products,
});
