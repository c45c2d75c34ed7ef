/** What the backend does with connections, and what runs by itself. */
import { answerCheckRequest } from "#shared/connection/answer-check-request.ts";
import { acceptConnection, discardConnection, requestDisconnect } from "#shared/connection/change-connection.ts";
import { checkConnection } from "#shared/connection/check-connection.ts";
import type { CheckRequest } from "#shared/connection/check-request.ts";
import type { Connection } from "#shared/connection/connection.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import type { ConnectionId, CustomerId } from "#shared/connection/identifiers.ts";
import { type Action, unchanged } from "./action.ts";
import { wrong } from "./compare.ts";
import { predictEntities, watchBilling } from "./entities.ts";
import { predictLook, signedOut } from "./looks.ts";
import { isAtLimit, isInUse, type Model, type ModelConnection, type ModelToken } from "./model.ts";
import type { Perch } from "./perch.ts";

type UseCase = typeof acceptConnection | typeof discardConnection | typeof requestDisconnect;

/** An action of the backend on one connection: `change` says what must come of it; nothing where it is refused. */
const onConnection =
  (
    name: string,
    useCase: UseCase,
    change: (connection: ModelConnection, model: Model) => ModelConnection | undefined | "refused",
  ) =>
  (customerId: string, connectionId: string): Action => ({
    label: `${customerId} ${name} ${connectionId}`,
    predict(model) {
      const stays = unchanged(model, { connection: connectionId });
      const connection = model.connections.get(connectionId);
      if (connection?.customerId !== customerId) return { right: [stays], faulty: [] };
      const next = change(connection, model);
      if (next === "refused") return { right: [stays], faulty: [] };
      const comesIntoUse = connection.held !== null && next !== undefined && isInUse(next);
      const prompts = comesIntoUse && signedOut(next).length > 0 ? [connectionId] : [];
      return { right: [{ connections: { [connectionId]: next }, prompts }], faulty: [stays] };
    },
    act: (ports) => useCase(ports)(customerId as CustomerId, connectionId as ConnectionId),
  });

export const accept = onConnection("accepts", acceptConnection, (connection, model) =>
  connection.held === null ||
  connection.ending !== null ||
  isAtLimit(model, connection.customerId) ||
  model.customers.get(connection.customerId)?.isDeleting === true
    ? "refused"
    : { ...connection, held: null },
);

export const discard = onConnection("discards", discardConnection, ({ held, ending }) =>
  held === null || ending !== null ? "refused" : undefined,
);

export const disconnect = onConnection("disconnects", requestDisconnect, (connection) => ({
  ...connection,
  endingEntities: [],
  ending: connection.ending ?? (connection.held === null ? "requested" : "discarded"),
}));

/** Sees to it that what may have fallen with a connection is looked at, and at once. Only a fault excuses. */
const watchSiblings = (connectionId: string) => {
  let those: readonly Connection[] = [];
  return {
    begin: ({ memory }: Perch) => {
      const all = [...memory.connections.values()];
      // A look has put it under its company.
      const isMarked = (of: Connection) =>
        [...memory.marks.values()].some(
          ({ mark, connectionId, madeAt }) =>
            mark.kind === "company" && connectionId === of.connectionId && madeAt.getTime() === of.createdAt.getTime(),
        );
      const one = all.find((each) => each.connectionId === connectionId);
      those = all.filter(
        (each) =>
          one !== undefined &&
          each !== one &&
          each.providerId === one.providerId &&
          each.companyId === one.companyId &&
          each.disconnect === null &&
          isMarked(each),
      );
    },
    end: (perch: Perch) => {
      const isGone = ![...perch.memory.connections.values()].some((each) => each.connectionId === connectionId);
      if (!isGone) return;
      for (const { connectionId: sibling } of those) {
        if (perch.queue.some((each) => each.connectionId === sibling && each.reason === "sibling")) continue;
        throw wrong(perch, `${sibling} may have fallen with ${connectionId}, and nobody looks at it`);
      }
    },
  };
};

/** The tokens of other connections that end at Finch with this one, if it is asked. */
const siblingsOf = (
  { goneAtFinch }: Model,
  { finch }: Perch,
  connectionId: string,
  { tokens }: ModelConnection,
): string[] => {
  const isLive = ({ text }: ModelToken) => {
    const token = finch.tokens.get(text);
    return token !== undefined && finch.isLive(token) && !goneAtFinch.has(text);
  };
  const isAsked = finch.trouble() === undefined && tokens.some(isLive);
  return isAsked ? finch.siblingTokens(connectionId as ConnectionId) : [];
};

/** One step of the driver. */
export const drive = (customerId: string, connectionId: string): Action => {
  const billing = watchBilling(connectionId);
  const siblings = watchSiblings(connectionId);
  return {
    label: `the driver takes a step for ${connectionId}`,
    note(model, perch, wasFaulty) {
      billing.end(model, perch);
      if (!wasFaulty) siblings.end(perch);
    },
    predict(model, perch) {
      billing.begin(model, perch);
      siblings.begin(perch);
      const stays = unchanged(model, { connection: connectionId });
      const connection = model.connections.get(connectionId);
      if (connection?.customerId !== customerId) return { right: [stays], faulty: [] };
      if (connection.ending === null) return predictEntities(model, perch, connectionId, connection);
      const goneAtFinch = siblingsOf(model, perch, connectionId, connection);
      const gone = { connections: { [connectionId]: undefined }, tombstones: [connectionId], goneAtFinch };
      // Without a token there is nobody to ask: Finch has called all of them invalid for a week.
      const isDecided = perch.finch.trouble() === undefined || connection.tokens.length === 0;
      return { right: [isDecided ? gone : stays], faulty: [stays], meeting: [stays, { ...stays, goneAtFinch }] };
    },
    // A step that threw is tried again: its queue brings the message back.
    act: async (ports) => {
      const step = () => driveDisconnect(ports)(customerId as CustomerId, connectionId as ConnectionId);
      await step().catch(step);
    },
  };
};

/** Finch is asked about a connection, because the backend says so. */
export const look = (customerId: string, connectionId: string): Action => ({
  label: `Finch is asked about ${connectionId}`,
  predict: (model, perch) => predictLook(model, perch, customerId, connectionId),
  act: async (ports) => {
    const looked = await checkConnection(ports)(customerId as CustomerId, connectionId as ConnectionId);
    if (looked.ok) await ports.afterLook(looked.value);
  },
});

/** A request for a look is taken from the queue. A double of a webhook that has had its effect may be left alone. */
export const answer = (request: CheckRequest): Action => {
  const { connectionId, customerId, askedAt, madeAt, finchEventId = "" } = request;
  const find = ({ memory }: Perch) =>
    [...memory.connections.values()].find((each) => each.connectionId === connectionId);
  let lookedAt: Date | null | undefined;
  return {
    label: `a request for a look at ${connectionId} is answered (${request.reason} ${finchEventId})`,
    predict(model, perch) {
      const owner = model.connections.get(connectionId)?.customerId;
      const stored = find(perch);
      lookedAt = stored?.introspectedAt;
      const stays = unchanged(model, { connection: connectionId });
      const isVoid =
        owner === undefined ||
        stored === undefined ||
        (customerId !== undefined && customerId !== owner) ||
        (madeAt !== undefined && madeAt.getTime() !== stored.createdAt.getTime()) ||
        (stored.introspectedAt !== null && askedAt < stored.introspectedAt);
      if (isVoid) return { right: [stays], faulty: [] };
      const look = predictLook(model, perch, owner, connectionId);
      return model.seen.has(finchEventId) ? { ...look, right: [...look.right, stays] } : look;
    },
    act: (ports) => answerCheckRequest(ports)(request),
    note(model, perch) {
      if (find(perch)?.introspectedAt?.getTime() !== lookedAt?.getTime()) model.seen.add(finchEventId);
    },
  };
};
