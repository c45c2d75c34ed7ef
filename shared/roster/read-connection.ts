import { type Connection, isInUse } from "../connection/connection.ts";
import type { ConnectionId, CustomerId } from "../connection/identifiers.ts";
import type { ConnectionStore } from "../connection/store-ports.ts";
import type { RosterStore } from "./ports.ts";
import { createReadStep, type ReadStepDependencies } from "./read-step.ts";
import { type ConnectionRead, type EntityRead, isRead, type Roster, type RosterId, unreadEntity } from "./roster.ts";

export interface ReadConnectionDependencies extends ReadStepDependencies {
  readonly connections: Pick<ConnectionStore, "find" | "findToken">;
  readonly rosters: Pick<RosterStore, "find" | "findRead" | "replaceRead" | "releaseRead">;
}

/** Which connection's part of which roster. */
export interface ReadRequest {
  readonly customerId: CustomerId;
  readonly rosterId: RosterId;
  readonly connectionId: ConnectionId;
}

/** What comes next: another step at once, another after a pause, or nothing. */
export type ReadOutcome =
  | { readonly state: "more" | "done" }
  | { readonly state: "wait"; readonly wait_seconds: number };

/** Another may be at it. */
const otherSeconds = 5;
const longestWaitSeconds = 1_800;

/**
 * Creates the use case: reads one connection's people as far as time allows, request by request. After each the sealed page
 * is stored and then how far it is, so that whoever goes on, goes on there: a step that was lost is done again and no other.
 * Where the run is over meanwhile, it ends after the request that it is at, and says that it writes no more.
 *
 * @throws what the stores throw; nothing is lost by it.
 */
export const readConnection =
  (deps: ReadConnectionDependencies) =>
  async (request: ReadRequest, leaseUntil: Date, hasTime: () => boolean): Promise<ReadOutcome> => {
    const { customerId, rosterId, connectionId } = request;
    const roster = await deps.rosters.find(customerId, rosterId);
    const found = await deps.rosters.findRead(customerId, rosterId, connectionId);
    if (roster?.state !== "running" || found === undefined || isRead(found)) return { state: "done" };
    let read: ConnectionRead = found;
    const store = async (next: ConnectionRead): Promise<boolean> => {
      const changed = { ...next, version: read.version + 1 };
      const isStored = await deps.rosters.replaceRead(roster, changed);
      if (isStored) read = changed;
      return isStored;
    };
    const connection = await deps.connections.find(customerId, connectionId);
    if (connection === undefined || !isInUse(connection)) {
      return (await store(end({ ...read, reason: "connection_ended" }))) ? { state: "done" } : later(otherSeconds);
    }
    const entities = read.entities.length > 0 ? read.entities : readableEntities(connection).map(unreadEntity);
    if (!(await store({ ...read, state: "reading", entities, leaseUntil }))) return later(otherSeconds);

    const step = createReadStep(deps, { roster, connection });
    /** The lease is our own as long as the version is, so that a deletion need not wait for its end. */
    const leave = async (): Promise<ReadOutcome> => {
      await deps.rosters.releaseRead(roster, read);
      return later(otherSeconds);
    };
    for (;;) {
      const at = nextEntity(read.entities, deps.now());
      if (at === "none") return (await store(end(read))) ? { state: "done" } : leave();
      if (at instanceof Date || !hasTime()) {
        if (!(await store({ ...read, leaseUntil: null }))) return leave();
        return at instanceof Date ? later((at.getTime() - deps.now().getTime()) / 1_000) : { state: "more" };
      }
      if (!(await store(await step(read, at)))) return leave();
    }
  };

/**
 * Creates the use case: gives up a connection that keeps failing in a way that nobody foresaw, so that the others' roster
 * comes to be.
 */
export const giveUpConnection =
  ({ rosters }: Pick<ReadConnectionDependencies, "rosters">) =>
  async ({ customerId, rosterId, connectionId }: ReadRequest): Promise<void> => {
    const roster: Roster | undefined = await rosters.find(customerId, rosterId);
    const read = await rosters.findRead(customerId, rosterId, connectionId);
    if (roster === undefined || read === undefined || isRead(read)) return;
    const failed = end({ ...read, reason: "internal_error" });
    await rosters.replaceRead(roster, { ...failed, version: read.version + 1 });
  };

const later = (seconds: number): ReadOutcome => ({
  state: "wait",
  wait_seconds: Math.min(longestWaitSeconds, Math.max(1, Math.ceil(seconds))),
});

/** Null stands for a connection of which Finch names no entity. */
const readableEntities = ({ entities, entityDisconnects }: Connection): readonly (string | null)[] => {
  if (entities.length === 0) return [null];
  const ending = new Set(entityDisconnects.map(({ entityId }) => entityId));
  return entities.filter(({ id, status }) => status !== "disconnected" && !ending.has(id)).map(({ id }) => id);
};

/** Which entity is read next: one that does not wait, by its place; else from when on one may be, or none any more. */
const nextEntity = (entities: readonly EntityRead[], now: Date): number | Date | "none" => {
  const open = entities.flatMap((entity, at) => (entity.state === "reading" ? [{ at, until: entity.waitUntil }] : []));
  const ready = open.find(({ until }) => until === null || until <= now);
  if (ready !== undefined) return ready.at;
  if (open.length === 0) return "none";
  return new Date(Math.min(...open.map(({ until }) => until?.getTime() ?? 0)));
};

/** The part as it is at its end. */
const end = (read: ConnectionRead): ConnectionRead => {
  const entities = read.entities.map(
    (entity): EntityRead => (entity.state === "reading" ? { ...entity, state: "failed", reason: read.reason } : entity),
  );
  const failed = entities.filter(({ state }) => state === "failed").length;
  const isWhole = failed === 0 && read.reason === null;
  const isNothing = failed === entities.length && (failed > 0 || read.reason !== null);
  const state = isNothing ? "failed" : isWhole && read.itemErrorCount === 0 ? "complete" : "incomplete";
  return { ...read, entities, state, leaseUntil: null };
};
