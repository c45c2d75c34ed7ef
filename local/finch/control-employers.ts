/** The part of the control door that is about employers: what they hold, who their people are, and Finch's limits. */
import { liveEntities } from "./connections.ts";
import { individualIdsOf, sampleOf } from "./employer-data.ts";
import { parseEntityData } from "./entity-data.ts";
import { type Call, jsonReply, parseJsonObject, type Reply, type Routes } from "./http.ts";
import type { Limits } from "./limits.ts";
import type { Connection, Entity, Simulation } from "./model.ts";
import { readPage } from "./page.ts";
import { personOf } from "./people.ts";
import { commonFields } from "./webhook-events.ts";

/** The routes, without the guard that the rest of the door has. */
export const createEmployerControls = (simulation: Simulation, limits: Limits): Routes => ({
  "GET /_control/limits": () => jsonReply(200, limits.counters()),
  "DELETE /_control/limits": () => {
    limits.clear();
    return jsonReply(200, { status: "ok" });
  },
  "POST /_control/manual-jobs": (call) => createManualJob(simulation, call),
  "POST /_control/employers/*": (call) => changeEmployer(simulation, call),
  "GET /_control/employers/*": (call) => listPeople(simulation, call),
});

/**
 * Sets what the entities of a connection hold, or the one that `entity_id` names; what is not given stays. With
 * `company_updated` Finch tells the platform that the company has changed.
 */
const changeEmployer = (simulation: Simulation, call: Call): Reply => {
  const connection = findConnection(simulation, call);
  if (!connection) return notFound();
  const body = parseJsonObject(call.body);
  if (!body) return refuse("The body must be a JSON object");
  const { entity_id: entityId, company_updated: tells = false } = body;
  const entities = liveEntities(connection).filter(({ id }) => entityId === undefined || entityId === id);
  if (entities.length === 0) return refuse("entity_id must be an entity of the connection");
  if (typeof tells !== "boolean") return refuse("company_updated must be true or false");
  const data = parseEntityData(body);
  if ("refused" in data) return refuse(data.refused);
  const given = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  for (const entity of entities) entity.data = { ...entity.data, ...given };
  simulation.save();
  if (tells) for (const entity of entities) tellOfCompany(simulation, connection, entity);
  return jsonReply(200, { entities });
};

const tellOfCompany = ({ emit }: Simulation, connection: Connection, entity: Entity): void =>
  emit({
    clientId: connection.clientId,
    eventType: "company.updated",
    connectionId: connection.id,
    body: { event_type: "company.updated", ...commonFields(connection, entity.id), data: null },
  });

/** Lets somebody at Finch begin to work on a connection by hand, as Finch does behind assisted ones. */
const createManualJob = ({ state, now, randomId, save }: Simulation, call: Call): Reply => {
  const connectionId = parseJsonObject(call.body)?.["connection_id"];
  if (typeof connectionId !== "string" || !state.connections.has(connectionId)) {
    return refuse("connection_id must be a connection");
  }
  const job = { id: randomId(), kind: "manual" as const, connectionId, createdAtMs: now().getTime() };
  state.jobs.set(job.id, job);
  save();
  return jsonReply(200, { job_id: job.id });
};

/** The truth about the people of an entity: who is the same person as somebody elsewhere. No personal data. */
const listPeople = (simulation: Simulation, call: Call): Reply => {
  const connection = findConnection(simulation, call);
  if (!connection) return notFound();
  const asked = call.query.get("entity_id");
  const entity = liveEntities(connection).find(({ id }) => asked === null || id === asked);
  if (!entity) return refuse("entity_id must be an entity of the connection");
  const sample = sampleOf(connection, entity);
  const page = readPage(call, sample.count);
  if (!page) return refuse("limit must be 1 or more, and offset 0 or more");
  const { idOf } = individualIdsOf(connection, entity);
  const people = Array.from({ length: page.length }, (_, at) => {
    const { index, origin, variation = null } = personOf(sample, page.offset + at);
    return { individual_id: idOf(index), person: `${origin.seed}#${origin.index}`, variation };
  });
  return jsonReply(200, { entity_id: entity.id, seed: sample.seed, count: sample.count, people });
};

const findConnection = ({ state }: Simulation, call: Call): Connection | undefined =>
  state.connections.get(call.path.split("/").at(-1) ?? "");

const refuse = (message: string): Reply => jsonReply(400, { message });
const notFound = (): Reply => jsonReply(404, { message: "There is no such connection" });
