/** Bugs in how Perch ends something at Finch, put behind the ports on purpose. */

import { hashOf } from "#shared/connection/capability.ts";
import type { Connection } from "#shared/connection/connection.ts";
import { type Secret, secret } from "#shared/secret.ts";
import { isEventOf } from "../support/traces.ts";
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
        const end = events.find(isEventOf("EntityDisconnected"));
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
          events.filter((trace) => !isEventOf("EntityDisconnected")(trace)),
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

  "a token of another kind of client is kept": ({ finch }) => {
    const { exchangeCode } = finch;
    replace(finch, {
      exchangeCode: async (...asked) => {
        const answer = await exchangeCode(...asked);
        return answer.kind === "granted" ? { ...answer, grant: { ...answer.grant, clientType: "sandbox" } } : answer;
      },
    });
  },

  "a token that is refused is disconnected at Finch": ({ finch, sessions }) => {
    const { exchangeCode } = finch;
    const { end } = sessions;
    let last: Secret | undefined;
    replace(finch, {
      exchangeCode: async (...asked) => {
        const answer = await exchangeCode(...asked);
        if (answer.kind === "granted") last = answer.grant.accessToken;
        return answer;
      },
    });
    replace(sessions, {
      end: async (session, ending) => {
        const isRefused = ending.end.status === "failed" && ending.end.reason === "wrong_client_type";
        if (isRefused && last !== undefined) await finch.disconnect(last);
        return end(session, ending);
      },
    });
  },

  "a long token is cut": ({ finch }) => {
    const { exchangeCode } = finch;
    replace(finch, {
      exchangeCode: async (...asked) => {
        const answer = await exchangeCode(...asked);
        if (answer.kind !== "granted") return answer;
        return {
          ...answer,
          grant: { ...answer.grant, accessToken: secret(answer.grant.accessToken.reveal().slice(0, 4096)) },
        };
      },
    });
  },

  "what is held is given up, and not ended at Finch": ({ finch }, { memory }) => {
    const { disconnect } = finch;
    replace(finch, {
      disconnect: async (accessToken) => {
        const isHeld = [...memory.connections.values()].some(
          (each) =>
            each.disconnect?.reason === "discarded" &&
            each.tokens.some(({ fingerprint }) => fingerprint === hashOf(accessToken.reveal())),
        );
        return isHeld ? { kind: "disconnected" } : disconnect(accessToken);
      },
    });
  },

  "a connection that falls with another is taken for disconnected": ({ connections, finch }, { memory }) => {
    const { disconnect } = finch;
    replace(finch, {
      disconnect: async (accessToken) => {
        const answer = await disconnect(accessToken);
        const all = [...memory.connections.values()];
        const own = all.find(({ tokens }) => tokens.some((each) => each.fingerprint === hashOf(accessToken.reveal())));
        const sibling = all.find((each) => each !== own && own !== undefined && each.companyId === own.companyId);
        if (answer.kind === "disconnected" && sibling?.providerId === own?.providerId && sibling?.disconnect === null) {
          const { version, updatedAt } = sibling;
          const asked = { reason: "requested", requestedAt: updatedAt, attempts: 0, nextAttemptAt: updatedAt } as const;
          await connections.replace({ ...sibling, disconnect: asked, version: version + 1 }, []);
        }
        return answer;
      },
    });
  },

  "the siblings of what was disconnected are not looked at": (ports) => {
    const { nudgeChecks } = ports;
    replace(ports, {
      nudgeChecks: (requests) => nudgeChecks(requests.filter(({ reason }) => reason !== "sibling")),
    });
  },
};
