/** The connections at Finch: which one a login reaches, what it covers, the tokens for it, and its end. */
import { randomBytes } from "node:crypto";
import { companyIdOf, type SeenEntity } from "./logins.ts";
import {
  type AccessToken,
  type ClientType,
  type Connection,
  type ConnectionStatus,
  type Customer,
  type Entity,
  type Login,
  type Simulation,
  sha256,
} from "./model.ts";
import { settingsAt } from "./settings.ts";
import { announce } from "./webhook-events.ts";

/** Who connects what: the application, its customer, the login, and the entities that were picked. */
export type Arrival = {
  readonly clientId: string;
  readonly customer: Customer;
  readonly connectionType: "provider" | "finch";
  readonly login: Login;
  readonly picked: readonly SeenEntity[];
};

/** A customer where no Connect session named one. */
export const nobody: Customer = { id: null, name: null, email: null };

/**
 * The connection that a login reaches, which is made when there is none. The same provider, company and account always
 * reach the same one, whichever customer's session is used; in single mode each entity has its own.
 */
export const reachConnection = (simulation: Simulation, arrival: Arrival): Connection =>
  findConnection(simulation, arrival) ?? createConnection(simulation, arrival);

const findConnection = ({ state }: Simulation, { clientId, login, picked }: Arrival): Connection | undefined => {
  const { otherCredentials, entityMode } = settingsAt(state, login.company);
  const companyId = companyIdOf(login);
  return [...state.connections.values()].find((known) => {
    const sameEmployer = known.clientId === clientId && known.companyId === companyId;
    // A connection that was ended is never revived: connecting again makes a new one.
    if (!sameEmployer || known.status === "disconnected") return false;
    if (otherCredentials === "new" && !known.accounts.includes(login.account)) return false;
    return entityMode === "multi" && known.entityMode === "multi" ? true : holdsExactly(known, picked);
  });
};

const holdsExactly = ({ entities }: Connection, picked: readonly SeenEntity[]): boolean =>
  entities.length === picked.length && picked.every(({ name }) => entities.some((entity) => entity.name === name));

/** Makes a connection that holds no entity yet. */
export const createConnection = (simulation: Simulation, arrival: Omit<Arrival, "picked">): Connection => {
  const { state, randomId } = simulation;
  const { clientId, customer, connectionType, login } = arrival;
  const { entityMode } = settingsAt(state, login.company);
  const connection: Connection = {
    id: randomId(),
    accountId: randomId(),
    clientId,
    providerId: login.providerId,
    companyId: companyIdOf(login),
    companyName: login.company,
    connectionType,
    entityMode,
    creator: customer,
    latest: customer,
    username: login.username,
    accounts: [],
    authMethod: login.authMethod,
    status: "connected",
    entities: [],
    products: [],
  };
  state.connections.set(connection.id, connection);
  return connection;
};

/**
 * Makes the connection healthy and lets it cover these entities, besides those that it covers already.
 *
 * @param people how many people there are to be at each of them; as before, when it is not given.
 * @returns the ids of these entities.
 */
export const coverEntities = (
  { randomId }: Simulation,
  connection: Connection,
  picked: readonly SeenEntity[],
  people?: number,
): readonly string[] => {
  connection.status = "connected";
  return picked.map(({ name, sourceId }) => {
    const known = connection.entities.find((entity) => entity.name === name);
    if (known) known.status = "connected";
    const entity: Entity = known ?? { id: randomId(), name, sourceId, status: "connected" };
    if (!known) connection.entities.push(entity);
    if (people !== undefined) entity.data = { ...entity.data, people };
    return entity.id;
  });
};

/** The entities of a connection that were not removed. */
export const liveEntities = ({ entities }: Connection): Connection["entities"] =>
  entities.filter(({ status }) => status !== "disconnected");

/** Mints an access token; it is returned in clear this once. */
export const mintToken = (
  { state, randomId, now }: Simulation,
  grant: {
    readonly clientId: string;
    readonly clientType: ClientType;
    readonly connection: Connection;
    readonly products: readonly string[];
    readonly entityIds: readonly string[];
  },
): { readonly accessToken: string; readonly token: AccessToken } => {
  const { connection, ...granted } = grant;
  const accessToken = randomBytes(32).toString("hex");
  const token: AccessToken = {
    ...granted,
    hash: sha256(accessToken),
    id: randomId(),
    connectionId: connection.id,
    createdAtMs: now().getTime(),
  };
  state.tokens.set(token.hash, token);
  return { accessToken, token };
};

/** Sets the status of a connection and of all its entities that were not removed, and tells the platform what changed. */
export const setConnectionStatus = (
  simulation: Pick<Simulation, "emit">,
  connection: Connection,
  status: ConnectionStatus,
): void => {
  const live = liveEntities(connection);
  const isNew = connection.status !== status;
  const changed = live.filter((entity) => isNew || entity.status !== status);
  connection.status = status;
  for (const entity of live) entity.status = status;
  // A connection whose entities were all removed has a state, too.
  announce(simulation, connection, isNew && live.length === 0 ? connection.entities.slice(-1) : changed);
};

/** Sets the status of some entities, and tells the platform what changed. */
export const setEntityStatus = (
  simulation: Pick<Simulation, "emit">,
  connection: Connection,
  changes: Iterable<readonly [Entity, ConnectionStatus]>,
): void => {
  const changed = [...changes].filter(([entity, status]) => entity.status !== status);
  for (const [entity, status] of changed) entity.status = status;
  announce(
    simulation,
    connection,
    changed.map(([entity]) => entity),
  );
};

/** Ends a connection for good, with every token of it. */
export const endConnection = (simulation: Simulation, connection: Connection): void => {
  const { tokens } = simulation.state;
  setConnectionStatus(simulation, connection, "disconnected");
  for (const [hash, token] of tokens) if (token.connectionId === connection.id) tokens.delete(hash);
};
