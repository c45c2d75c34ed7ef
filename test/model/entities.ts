/** The end of single entities, while the connection's others go on. */
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { requestEntityDisconnect } from "#shared/connection/request-entity-disconnect.ts";
import { type Action, type Prediction, unchanged } from "./action.ts";
import { type Outcome, wrong } from "./compare.ts";
import { entityKey } from "./finch.ts";
import type { Model, ModelConnection } from "./model.ts";
import type { Perch } from "./perch.ts";

/** The backend asks for the end of one entity. */
export const disconnectEntity = (customerId: string, connectionId: string, entityId: string): Action => ({
  label: `${customerId} disconnects the entity ${entityId} of ${connectionId}`,
  predict(model) {
    const stays = unchanged(model, { connection: connectionId });
    const connection = model.connections.get(connectionId);
    if (connection?.customerId !== customerId) return { right: [stays], faulty: [] };
    const { entities, endingEntities, ending, held } = connection;
    const goOn = Object.keys(entities).filter((id) => !endingEntities.includes(id));
    const mayEnd = ending === null && held === null && goOn.includes(entityId) && goOn.length > 1;
    if (!mayEnd) return { right: [stays], faulty: [] };
    const asked = { ...connection, endingEntities: [...endingEntities, entityId] };
    return { right: [{ connections: { [connectionId]: asked } }], faulty: [stays] };
  },
  act: (ports) => requestEntityDisconnect(ports)(customerId as CustomerId, connectionId as ConnectionId, entityId),
});

/** How far the end of one entity may come in a step: nothing is done, Finch has ended it, or Perch knows it, too. */
type Reached = "nothing" | "at Finch" | "known";

/** The prediction for a step of the driver towards the ends of entities. */
export const predictEntities = (
  model: Model,
  perch: Perch,
  connectionId: string,
  connection: ModelConnection,
): Prediction => {
  const isReachable = (id: string) => isEndable(model, perch, connectionId, connection, id);
  const { endingEntities } = connection;
  const right = endingEntities.map((id): Reached => (isReachable(id) ? "known" : "nothing"));
  const outcomeOf = (reached: readonly Reached[]) => endOf(connectionId, connection, reached);
  const partly = combine(right).map(outcomeOf);
  return { right: [outcomeOf(right)], faulty: partly, meeting: partly };
};

const combine = ([first, ...rest]: readonly Reached[]): Reached[][] => {
  if (first === undefined) return [[]];
  const each: readonly Reached[] = first === "known" ? ["nothing", "at Finch", "known"] : ["nothing"];
  return each.flatMap((reached) => combine(rest).map((others) => [reached, ...others]));
};

const endOf = (connectionId: string, connection: ModelConnection, reached: readonly Reached[]): Outcome => {
  const { endingEntities, entities, tokens } = connection;
  const those = (...meant: readonly Reached[]) =>
    endingEntities.filter((_, at) => meant.includes(reached[at] ?? "nothing"));
  const known = those("known");
  const isLeft = (id: string) => !known.includes(id);
  const keysOf = (ids: readonly string[]) => ids.map((id) => entityKey(connectionId, id));
  const after: ModelConnection = {
    ...connection,
    endingEntities: endingEntities.filter(isLeft),
    entities: Object.fromEntries(Object.entries(entities).filter(([id]) => isLeft(id))),
    tokens: tokens.map((token) => ({ ...token, entityIds: token.entityIds.filter(isLeft) })),
  };
  return {
    connections: { [connectionId]: after },
    endedEntities: keysOf(known),
    goneAtFinch: keysOf(those("known", "at Finch")),
  };
};

/** Finch ends it; or says that it is gone, of every token that opened it. */
const isEndable = (
  { goneAtFinch }: Model,
  { finch }: Perch,
  connectionId: string,
  { tokens }: ModelConnection,
  entityId: string,
): boolean => {
  const openers = tokens.filter(({ entityIds }) => entityIds.includes(entityId));
  if (openers.length === 0) return true;
  if (finch.trouble() !== undefined) return false;
  const live = ({ text }: { readonly text: string }) => {
    const token = finch.tokens.get(text);
    return token !== undefined && finch.isLive(token) && !goneAtFinch.has(text);
  };
  const there = finch.connections.get(connectionId as ConnectionId)?.entities;
  const isThere = there?.has(entityId) && !goneAtFinch.has(entityKey(connectionId, entityId));
  if (isThere) return (there?.size ?? 0) > 1 || !tokens.some(live);
  return openers.every(({ text }) => !finch.sayOf(text, goneAtFinch).isSignedOut);
};

/** Sees to it that no entity is taken for ended that Finch goes on billing, and could have been asked about. */
export const watchBilling = (connectionId: string) => {
  let asked: readonly string[] = [];
  return {
    begin: (model: Model, { finch }: Perch) => {
      const { tokens = [], endingEntities = [] } = model.connections.get(connectionId) ?? {};
      const isAskable = ({ text }: { readonly text: string }) => {
        const token = finch.tokens.get(text);
        return token !== undefined && finch.isLive(token);
      };
      asked = endingEntities.filter(
        (id) => tokens.some(({ entityIds }) => entityIds.includes(id)) && tokens.some(isAskable),
      );
    },
    end: (model: Model, perch: Perch) => {
      const connection = model.connections.get(connectionId);
      const billed = perch.finch.connections.get(connectionId as ConnectionId);
      for (const id of asked) {
        if (connection === undefined || connection.endingEntities.includes(id)) continue;
        if (billed?.endedBy !== "nobody" || !billed.entities.has(id)) continue;
        throw wrong(perch, `${id} of ${connectionId} is told to be disconnected, and Finch bills it`);
      }
    },
  };
};

/** Each end has come, and is told of once; nobody waits for one that Finch could be asked for. */
export const auditEntities = (model: Model, perch: Perch): string[] => {
  const told = new Map<string, number>();
  for (const { type, subject, detail } of perch.memory.written) {
    if (type !== "EntityDisconnected" || !("entity_id" in detail)) continue;
    const key = entityKey(subject.id, detail.entity_id ?? "");
    told.set(key, (told.get(key) ?? 0) + 1);
  }
  const wrongly = [...new Set([...told.keys(), ...model.entityEnds.keys()])].filter(
    (key) => !model.unsure.has(key) && told.get(key) !== model.entityEnds.get(key),
  );
  return [
    ...wrongly.map((key) => `${key} was ended ${model.entityEnds.get(key)} times, and told ${told.get(key)} times`),
    ...[...model.connections].flatMap(([connectionId, { tokens, endingEntities }]) => {
      // Signed out, Finch does not say which entities there are: whether one of them has ended shows afterwards.
      const isUntold = tokens.some(({ text }) => perch.finch.sayOf(text, model.goneAtFinch).isSignedOut);
      const entities = perch.finch.connections.get(connectionId as ConnectionId)?.entities;
      return endingEntities
        .filter((id) => !isUntold || entities?.has(id))
        .map((id) => `${id} of ${connectionId} is never disconnected`);
    }),
  ];
};
