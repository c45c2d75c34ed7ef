/** Bugs in how Perch ends something at Finch, put behind the ports on purpose. */
import type { Connection } from "#shared/connection/connection.ts";
import type { Plant } from "./perch.ts";

/** Puts another function in the place of one of a port's. */
export const replace = <Port extends object>(port: Port, changes: Partial<Port>): void =>
  void Object.assign(port, changes);

export const plantedBugsAtEnds: Readonly<Record<string, Plant>> = {
  "an entity is taken for ended when Finch cannot be reached": ({ finch }) => {
    const { disconnectEntities } = finch;
    replace(finch, {
      disconnectEntities: async (...asked) => {
        const answer = await disconnectEntities(...asked);
        return answer.kind === "undecided" ? { kind: "disconnected" } : answer;
      },
    });
  },

  "an entity is taken for ended, and Finch is not asked": ({ finch }) =>
    replace(finch, { disconnectEntities: async () => ({ kind: "disconnected" }) }),

  "an entity's end ends the connection": ({ finch }, perch) => {
    replace(finch, {
      disconnectEntities: async (accessToken) => {
        const answer = await perch.finch.port.disconnect(accessToken);
        return answer.kind === "disconnected" ? answer : { kind: "invalid_token" };
      },
    });
  },

  "the last entity may be ended": ({ connections }) => {
    const { find, replace: put, claim, release, replaceTogether } = connections;
    // One more wherever it is counted, and never stored.
    const one = { id: "one-more", name: null, sourceId: null, status: null };
    const without = <Given extends Connection>(connection: Given): Given => ({
      ...connection,
      entities: connection.entities.filter(({ id }) => id !== one.id),
    });
    replace(connections, {
      find: async (...ids) => {
        const connection = await find(...ids);
        return connection && { ...connection, entities: [...connection.entities, one] };
      },
      replace: (next, ...rest) => put(without(next), ...rest),
      claim: (asked) => claim({ ...asked, connection: without(asked.connection) }),
      release: (next, events) => release(without(next), events),
      replaceTogether: (all, events) => replaceTogether(all.map(without), events),
    });
  },

  "an entity's end is told twice": ({ connections }) => {
    const { replace: put } = connections;
    replace(connections, {
      replace: (next, events, ...rest) => {
        const end = events.find(({ type }) => type === "EntityDisconnected");
        return put(next, end === undefined ? events : [...events, { ...end, eventId: `${end.eventId}-2` }], ...rest);
      },
    });
  },

  "an entity's end is not told": ({ connections }) => {
    const { replace: put } = connections;
    replace(connections, {
      replace: (next, events, ...rest) =>
        put(
          next,
          events.filter(({ type }) => type !== "EntityDisconnected"),
          ...rest,
        ),
    });
  },

  "a look forgets that an entity is to be ended": ({ connections }) => {
    const { replace: put } = connections;
    replace(connections, {
      replace: (next, events, ...rest) => {
        const isLook = next.introspectedAt?.getTime() === next.updatedAt.getTime();
        return put(isLook ? { ...next, entityDisconnects: [] } : next, events, ...rest);
      },
    });
  },

  "a new sign-in forgets that an entity is to be ended": ({ connections }) => {
    const { claim } = connections;
    replace(connections, {
      claim: (asked) => claim({ ...asked, connection: { ...asked.connection, entityDisconnects: [] } }),
    });
  },

  "the sweep looks at no disconnect": ({ due }) => replace(due, { disconnects: async () => [] }),
};
