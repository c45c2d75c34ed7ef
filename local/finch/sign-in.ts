/** What a sign-in on the Connect page makes at Finch: a connection, or one more way into one, and a code for it. */
import { createHash } from "node:crypto";
import { type AuthorizationCode, type Connection, isExpired, type Session, type Simulation, sha256 } from "./model.ts";
import { findProvider, type Provider } from "./providers.ts";

/** What a person typed on the sign-in page. */
export type Login = {
  readonly provider: Provider;
  readonly username: string;
  readonly password: string;
  readonly company: string;
};

/** Why no code came of a sign-in; the page tells the person, who may try again. */
export type SignInRefusal = "wrong_credentials" | "other_company" | "connection_ended";

const codeMinutes = 10;

/** `good_user` as in Finch's sandbox; the numbered ones are other people at the same company. */
const knownUsername = /^good_user(_[2-9])?$/;

/**
 * Signs in. The same provider, company and username always reach the same connection, whichever customer's session is
 * used; the company alone decides the `company_id`.
 *
 * @returns the authorization code, in clear this once.
 */
export const signIn = (
  simulation: Simulation,
  session: Session,
  login: Login,
): { readonly authorizationCode: string } | { readonly refused: SignInRefusal } => {
  if (!knownUsername.test(login.username) || login.password !== "good_pass") return { refused: "wrong_credentials" };
  const connection = session.connectionId
    ? keptConnection(simulation, session, session.connectionId, login)
    : matchingConnection(simulation, session, login);
  if ("refused" in connection) return connection;

  connection.latest = session.customer;
  connection.username = login.username;
  if (!connection.logins.includes(login.username)) connection.logins.push(login.username);
  connection.status = "connected";
  for (const entity of connection.entities) if (entity.status === "reauth") entity.status = "connected";
  connection.products = session.products.filter((product) => login.provider.products.includes(product));
  return { authorizationCode: issueCode(simulation, session, connection) };
};

const keptConnection = (
  simulation: Simulation,
  session: Session,
  connectionId: string,
  login: Login,
): Connection | { readonly refused: SignInRefusal } => {
  const connection = simulation.state.connections.get(connectionId);
  if (!connection || connection.status === "disconnected") return { refused: "connection_ended" };
  if (connection.companyId === companyIdOf(login)) return connection;
  // Finch lets nobody reauthenticate who does not see every entity that is connected.
  if (simulation.state.settings.reauthOtherCompany === "refuse") return { refused: "other_company" };
  return matchingConnection(simulation, session, login);
};

const matchingConnection = (simulation: Simulation, session: Session, login: Login): Connection => {
  const { state, randomId } = simulation;
  const companyId = companyIdOf(login);
  const anyLogin = state.settings.otherCredentials === "same";
  for (const known of state.connections.values()) {
    const sameEmployer = known.clientId === session.clientId && known.companyId === companyId;
    // A connection that was ended is never revived: connecting again makes a new one.
    if (!sameEmployer || known.status === "disconnected") continue;
    if (anyLogin || known.logins.includes(login.username)) return known;
  }
  const connection: Connection = {
    id: randomId(),
    accountId: randomId(),
    clientId: session.clientId,
    providerId: login.provider.id,
    companyId,
    companyName: login.company,
    connectionType: session.connectionType,
    creator: session.customer,
    latest: session.customer,
    username: login.username,
    logins: [],
    authMethod: session.authMethod ?? login.provider.authentication_methods[0].type,
    status: "connected",
    entities: [{ id: randomId(), name: login.company, sourceId: null, status: "connected" }],
    products: [],
  };
  state.connections.set(connection.id, connection);
  return connection;
};

const issueCode = (simulation: Simulation, session: Session, connection: Connection): string => {
  const { state, randomId, now, save } = simulation;
  for (const [hash, old] of state.codes) if (isExpired(old, now())) state.codes.delete(hash);
  const authorizationCode = randomId();
  const issued: AuthorizationCode = {
    hash: sha256(authorizationCode),
    clientId: session.clientId,
    redirectUri: session.redirectUri,
    connectionId: connection.id,
    products: connection.products,
    expiresAtMs: now().getTime() + codeMinutes * 60_000,
  };
  state.codes.set(issued.hash, issued);
  save();
  return authorizationCode;
};

/** A UUID made of the provider and the company's name, so that a company is the same in every run (RFC 9562, §5.8). */
const companyIdOf = ({ provider, company }: Pick<Login, "provider" | "company">): string => {
  const bytes = createHash("sha256").update(`${provider.id}\n${company}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

/** The provider that a session is bound to, else the one that the person chose, else undefined. */
export const providerOf = (session: Session, chosen: string | null): Provider | undefined => {
  const id = session.provider ?? chosen;
  return id === null ? undefined : findProvider(id);
};
