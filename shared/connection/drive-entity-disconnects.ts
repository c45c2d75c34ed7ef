import type { Secret } from "../secret.ts";
import { afterAttempt, whenNotAsked } from "./attempts.ts";
import { eventOf } from "./change-connection.ts";
import type { NudgeChecks } from "./check-request.ts";
import { type Connection, connectionStatus, type TokenRecord } from "./connection.ts";
import { type Finch, isNotAsked, type NotAsked } from "./finch-port.ts";
import type { ConnectionId, CustomerId } from "./identifiers.ts";
import type { Surroundings, TokenVault } from "./ports.ts";
import type { ConnectionStore } from "./store-ports.ts";

export interface DriveEntityDisconnectsDependencies extends Pick<Surroundings, "now" | "newId"> {
  readonly connections: Pick<ConnectionStore, "find" | "findToken" | "replace">;
  readonly vault: Pick<TokenVault, "open">;
  readonly finch: Pick<Finch, "disconnectEntities" | "introspect">;
  readonly nudgeChecks: NudgeChecks;
}

/** What Finch's answers about an entity come to. */
interface Said {
  readonly isEnded: boolean;
  /** It could not be asked to the end: this was no attempt. */
  readonly notAsked?: NotAsked;
  readonly unopened: readonly unknown[];
}

/** What one step takes on; the rest is still due. */
const mostAtOnce = 10;

/**
 * Creates one step towards the disconnects of a connection's entities, those that are due first. As with a whole connection,
 * the table drives it: without Finch's word the next attempt is due after a growing pause, for ever.
 *
 * @throws what the vault threw for a token that does not open, when the others did not end its entity.
 */
export const driveEntityDisconnects =
  (deps: DriveEntityDisconnectsDependencies) =>
  async ({
    customerId,
    connectionId,
    entityDisconnects,
  }: Connection): Promise<"confirmed" | "not_yet" | "not_asked"> => {
    const due = entityDisconnects
      .toSorted((a, b) => a.nextAttemptAt.getTime() - b.nextAttemptAt.getTime())
      .slice(0, mostAtOnce);
    const unopened: unknown[] = [];
    let areAllEnded = due.length === entityDisconnects.length;
    let isAsked = true;
    for (const { entityId } of due) {
      const said = await driveOne(deps, customerId, connectionId, entityId);
      isAsked &&= said.notAsked === undefined;
      areAllEnded &&= said.isEnded;
      unopened.push(...said.unopened);
    }
    if (!areAllEnded && unopened.length > 0) throw unopened[0];
    if (areAllEnded) return "confirmed";
    return isAsked ? "not_yet" : "not_asked";
  };

const driveOne = async (
  deps: DriveEntityDisconnectsDependencies,
  customerId: CustomerId,
  connectionId: ConnectionId,
  entityId: string,
): Promise<Said> => {
  const connection = await deps.connections.find(customerId, connectionId);
  const asked = connection?.entityDisconnects.find((each) => each.entityId === entityId);
  // Ended by another step, or overridden by the disconnect of the whole connection.
  if (connection === undefined || asked === undefined) return { isEnded: true, unopened: [] };
  const said = await askFinch(deps, connection, entityId);
  const now = deps.now();
  const rest = connection.entityDisconnects.filter((each) => each !== asked);
  if (!said.isEnded) {
    const next = said.notAsked ? whenNotAsked(asked, said.notAsked, now) : afterAttempt(asked, now);
    const tried = connection.entityDisconnects.map((each) => (each === asked ? next : each));
    // Lost to another change: the due time stands as it is, and the next look comes no later.
    await deps.connections.replace({ ...connection, entityDisconnects: tried, version: connection.version + 1 }, []);
    // While an entity is being ended, the sweep of checks does not come by.
    if (connection.nextCheckAt <= now) await askForCheck(deps, connection);
    return said;
  }
  const next: Connection = {
    ...withoutEntity(connection, entityId),
    entityDisconnects: rest,
    nextCheckAt: now,
    updatedAt: now,
    version: connection.version + 1,
  };
  const event = eventOf(deps, "EntityDisconnected", next, connectionStatus(next), { entity_id: entityId });
  // Lost to another change: it is asked again, and Finch says again that the entity is gone.
  if (!(await deps.connections.replace(next, [event]))) return { isEnded: false, unopened: [] };
  await askForCheck(deps, next);
  return said;
};

/**
 * Finch's yes ends it. So does it that every token that opens the entity is invalid, or belongs to a connection that does not
 * list it any more: Finch refuses an entity that it does not know just as one that is the last, so that it is asked which.
 * The connection's other tokens are tried as well, since any of them may do it.
 */
const askFinch = async (
  deps: DriveEntityDisconnectsDependencies,
  { customerId, connectionId, tokens }: Connection,
  entityId: string,
): Promise<Said> => {
  const opens = ({ entityIds }: TokenRecord) => entityIds.includes(entityId);
  const openers = tokens.filter(opens).toReversed();
  // An introspection has told that it is gone.
  if (openers.length === 0) return { isEnded: true, unopened: [] };
  const unopened: unknown[] = [];
  let isGone = true;
  for (const record of [...openers, ...tokens.filter((each) => !opens(each)).toReversed()]) {
    const token = await deps.connections.findToken(customerId, connectionId, record.tokenId);
    if (token === undefined) {
      // Superseded just now, or missing: it has not been tried.
      isGone = false;
      continue;
    }
    let accessToken: Secret;
    try {
      accessToken = await deps.vault.open(token.sealed, { customerId, connectionId });
    } catch (error) {
      unopened.push(error);
      isGone = false;
      continue;
    }
    const answer = await deps.finch.disconnectEntities(accessToken, [entityId]);
    if (answer.kind === "disconnected") return { isEnded: true, unopened };
    if (answer.kind === "invalid_token") continue;
    if (isNotAsked(answer)) return { isEnded: false, notAsked: answer, unopened };
    if (answer.kind !== "unknown_entity") isGone = false;
    else if (opens(record)) isGone &&= await isUnlisted(deps, accessToken, entityId);
  }
  return { isEnded: isGone, unopened };
};

/** Whether Finch lists other entities for a token, and not this one. */
const isUnlisted = async (
  { finch }: Pick<DriveEntityDisconnectsDependencies, "finch">,
  accessToken: Secret,
  entityId: string,
): Promise<boolean> => {
  const answer = await finch.introspect(accessToken);
  if (answer.kind === "invalid_token") return true;
  if (answer.kind !== "introspected" || answer.introspection.entities.length === 0) return false;
  return !answer.introspection.entities.some(({ id, status }) => id === entityId && status !== "disconnected");
};

const withoutEntity = (connection: Connection, entityId: string): Connection => ({
  ...connection,
  entities: connection.entities.filter(({ id }) => id !== entityId),
  tokens: connection.tokens.map((record) => ({
    ...record,
    entityIds: record.entityIds.filter((id) => id !== entityId),
  })),
});

/** A hint: the connection is due for a look in any case. */
const askForCheck = async (
  deps: Pick<DriveEntityDisconnectsDependencies, "nudgeChecks" | "now">,
  { customerId, connectionId, createdAt }: Connection,
): Promise<void> => {
  try {
    await deps.nudgeChecks([{ customerId, connectionId, reason: "sibling", askedAt: deps.now(), madeAt: createdAt }]);
  } catch {
    // It falls due by itself.
  }
};
