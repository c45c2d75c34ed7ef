/** What a sign-in on the Connect pages makes at Finch: a connection, or one more way into one, and a code for it. */
import { coverEntities, liveEntities, reachConnection } from "./connections.ts";
import { type Credentials, companyIdOf, entitiesSeenBy, findAccount, isMfaCode, needsMfaCode } from "./logins.ts";
import type { Connection, Login, PendingSignIn, Session, Simulation } from "./model.ts";
import { isExpired, sha256 } from "./model.ts";
import { type AuthMethod, findProvider, type Provider } from "./providers.ts";
import { type EntityMode, settingsAt } from "./settings.ts";
import { announce } from "./webhook-events.ts";

/** What a person typed on the sign-in page. */
export type SignIn = {
  readonly provider: Provider;
  readonly company: string;
  readonly authMethod: AuthMethod;
  readonly credentials: Credentials;
  /** How many people there are to be; undefined leaves it as it is. */
  readonly people?: number | undefined;
};

/** Why a sign-in goes no further; the page tells the person. The first three may be tried again on the same page. */
export type SignInRefusal =
  | { readonly refused: "wrong_credentials" | "wrong_mfa_code" | "no_such_entities" | "connection_ended" }
  | { readonly refused: "other_company" | "other_entity" }
  | { readonly refused: "missing_entities"; readonly names: readonly string[] };

/** What comes next: one more page, the way back with an authorization code (in clear this once), or a refusal. */
export type SignInStep = { readonly pending: PendingSignIn } | { readonly authorizationCode: string } | SignInRefusal;

/** What the entity picker offers. In single mode exactly one can be picked; what is locked stays connected. */
export type EntityChoice = {
  readonly mode: EntityMode;
  readonly entities: readonly { readonly name: string; readonly checked: boolean; readonly locked: boolean }[];
};

const codeMinutes = 10;
const pendingMinutes = 60;

/** Takes the sign-in page's fields. */
export const signIn = (simulation: Simulation, session: Session, typed: SignIn): SignInStep => {
  const { provider, company, authMethod, people } = typed;
  const account = findAccount(typed.credentials);
  if (!account) return { refused: "wrong_credentials" };
  const login: Login = { ...account, providerId: provider.id, company, authMethod, people };
  return needsMfaCode(login) ? waitFor(simulation, session, login, "mfa_code") : enter(simulation, session, login);
};

/** Takes the code that the provider asked for. */
export const enterMfaCode = (
  simulation: Simulation,
  session: Session,
  { login }: PendingSignIn,
  mfaCode: string,
): SignInStep => (isMfaCode(mfaCode) ? enter(simulation, session, login) : { refused: "wrong_mfa_code" });

/** Takes the names of the entities that were picked. */
export const pickEntities = (
  simulation: Simulation,
  session: Session,
  { login }: PendingSignIn,
  names: readonly string[],
): SignInStep => {
  const seen = entitiesSeenBy(login).map(({ name }) => name);
  const { mode, entities } = entityChoice(simulation, session, login);
  const locked = entities.filter((entity) => entity.locked).map(({ name }) => name);
  const picked = [...new Set([...locked, ...names])];
  const countFits = mode === "multi" ? picked.length >= 1 : picked.length === 1;
  if (!countFits || !picked.every((name) => seen.includes(name))) return { refused: "no_such_entities" };
  return finish(simulation, session, login, picked);
};

/** What the picker shows to this login. */
export const entityChoice = (simulation: Simulation, session: Session, login: Login): EntityChoice => {
  const target = findTarget(simulation, session, login);
  const kept = target && "refused" in target ? undefined : target;
  const mode = kept?.entityMode ?? settingsAt(simulation.state, login.company).entityMode;
  const seen = entitiesSeenBy(login);
  const connected = kept && liveEntities(kept).map((entity) => entity.name);
  const isChecked = (name: string, index: number) =>
    connected ? connected.includes(name) : mode === "multi" || index === 0;
  return {
    mode,
    entities: seen.map(({ name }, index) => ({
      name,
      checked: isChecked(name, index),
      locked: mode === "multi" && (connected?.includes(name) ?? false),
    })),
  };
};

/** Finds a sign-in of this session that waits. */
export const findPending = ({ state, now }: Simulation, session: Session, id: string): PendingSignIn | undefined => {
  const pending = state.pendingSignIns.get(id);
  return pending?.sessionId === session.id && !isExpired(pending, now()) ? pending : undefined;
};

const waitFor = (
  { state, randomId, now, save }: Simulation,
  session: Session,
  login: Login,
  waitsFor: PendingSignIn["waitsFor"],
): SignInStep => {
  for (const [id, old] of state.pendingSignIns) if (isExpired(old, now())) state.pendingSignIns.delete(id);
  const expiresAtMs = now().getTime() + pendingMinutes * 60_000;
  const pending: PendingSignIn = { id: randomId(), sessionId: session.id, login, waitsFor, expiresAtMs };
  state.pendingSignIns.set(pending.id, pending);
  save();
  return { pending };
};

/** The person is who they say. The picker is skipped where there is one entity. */
const enter = (simulation: Simulation, session: Session, login: Login): SignInStep => {
  const target = findTarget(simulation, session, login);
  if (target && "refused" in target) return target;
  const [first, ...others] = entitiesSeenBy(login).map(({ name }) => name);
  if (first === undefined || others.length > 0) return waitFor(simulation, session, login, "entities");
  return finish(simulation, session, login, [first]);
};

/** The connection that a reauthentication keeps, or why it cannot; undefined when an ordinary sign-in is due. */
const findTarget = (
  { state }: Simulation,
  { connectionId }: Session,
  login: Login,
): Connection | SignInRefusal | undefined => {
  if (connectionId === null) return undefined;
  const connection = state.connections.get(connectionId);
  if (!connection || connection.status === "disconnected") return { refused: "connection_ended" };
  if (connection.companyId !== companyIdOf(login)) {
    const { reauthOtherCompany } = settingsAt(state, connection.companyName);
    return reauthOtherCompany === "refuse" ? { refused: "other_company" } : undefined;
  }
  // Finch lets nobody reauthenticate who does not see every entity that is connected.
  const seen = entitiesSeenBy(login).map(({ name }) => name);
  const names = liveEntities(connection).flatMap(({ name }) => (name === null || seen.includes(name) ? [] : [name]));
  return names.length === 0 ? connection : { refused: "missing_entities", names };
};

const finish = (simulation: Simulation, session: Session, login: Login, names: readonly string[]): SignInStep => {
  let kept = findTarget(simulation, session, login);
  if (kept && "refused" in kept) return kept;
  const otherEntity = kept?.entityMode === "single" && !kept.entities.some(({ name }) => name === names[0]);
  if (kept && otherEntity) {
    const { reauthOtherCompany } = settingsAt(simulation.state, kept.companyName);
    if (reauthOtherCompany === "refuse") return { refused: "other_entity" };
    kept = undefined;
  }

  const picked = entitiesSeenBy(login).filter(({ name }) => names.includes(name));
  const connection = kept ?? reachConnection(simulation, { ...session, login, picked });
  // A reauthentication is nobody's new sign-in: the customer stays as it is.
  if (!kept) connection.latest = session.customer;
  connection.username = login.username;
  connection.authMethod = login.authMethod;
  if (!connection.accounts.includes(login.account)) connection.accounts.push(login.account);
  const supported = findProvider(login.providerId)?.products ?? [];
  connection.products = session.products.filter((product) => supported.includes(product));
  const entityIds = coverEntities(simulation, connection, picked, login.people);
  // The platform may hear of a connection before it has exchanged the code.
  announce(
    simulation,
    connection,
    connection.entities.filter(({ id }) => entityIds.includes(id)),
  );
  return { authorizationCode: issueCode(simulation, session, connection, entityIds) };
};

const issueCode = (
  { state, randomId, now, save }: Simulation,
  session: Session,
  connection: Connection,
  entityIds: readonly string[],
): string => {
  for (const [hash, old] of state.codes) if (isExpired(old, now())) state.codes.delete(hash);
  const authorizationCode = randomId();
  const hash = sha256(authorizationCode);
  state.codes.set(hash, {
    hash,
    clientId: session.clientId,
    redirectUri: session.redirectUri,
    connectionId: connection.id,
    products: connection.products,
    entityIds,
    expiresAtMs: now().getTime() + codeMinutes * 60_000,
  });
  save();
  return authorizationCode;
};
