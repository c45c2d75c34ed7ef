/** `POST /disconnect` and `POST /disconnect-entity`. */
import { endConnection, liveEntities, setEntityStatus } from "./connections.ts";
import { findBearer } from "./credentials.ts";
import { errorReply, notJson } from "./errors.ts";
import { type Call, jsonReply, parseJsonObject, type Reply } from "./http.ts";
import type { Simulation } from "./model.ts";
import { settingsAt } from "./settings.ts";

const done = (): Reply => jsonReply(200, { status: "success" });

/** Ends a connection for good: every entity, and every token of it, not only the one that asks; its siblings by setting. */
export const disconnect = (simulation: Simulation, call: Call): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const { state } = simulation;
  const { id, clientId, companyId, companyName } = bearer.connection;
  const { disconnectScope } = settingsAt(state, companyName);
  for (const connection of [...state.connections.values()]) {
    // A company's id is of one provider.
    const isSibling = connection.clientId === clientId && connection.companyId === companyId;
    const falls = disconnectScope === "connection" ? connection.id === id : isSibling;
    if (falls && connection.status !== "disconnected") endConnection(simulation, connection);
  }
  simulation.save();
  return done();
};

/**
 * Removes entities from a connection, all that are named or none; its tokens live on. An entity comes back when it is
 * picked in a reauthentication. That the last one can be removed, which leaves a connection without any, and that none can
 * be removed twice, is not documented.
 */
export const disconnectEntity = (simulation: Simulation, call: Call): Reply => {
  const bearer = findBearer(simulation, call);
  if ("status" in bearer) return bearer;
  const body = parseJsonObject(call.body);
  if (!body) return notJson();
  const ids = body["entity_ids"];
  if (!Array.isArray(ids) || ids.length === 0) return errorReply("bad_request", "entity_ids must name an entity");
  const live = liveEntities(bearer.connection);
  if (!ids.every((id) => live.some((entity) => entity.id === id))) {
    return errorReply("bad_request", "entity_ids must be entities of this connection");
  }
  const removed = live.filter(({ id }) => ids.includes(id));
  setEntityStatus(
    simulation,
    bearer.connection,
    removed.map((entity) => [entity, "disconnected"]),
  );
  simulation.save();
  return done();
};
