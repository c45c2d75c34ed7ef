/**
 * Bugs that are put behind the ports on purpose. Each breaks a rule of the product. The file is long because each bug is a few
 * lines, and together they say what the stories must be able to find.
 */

import type { Claim } from "#shared/connection/store-ports.ts";
import { keyOf } from "../support/memory/state.ts";
import { isEvent, isEventOf } from "../support/traces.ts";
import type { Plant } from "./perch.ts";
import { plantedBugsAtEnds, replace } from "./planted-bugs-at-ends.ts";

/** Each claim goes through with changes of its own. */
const claimWith =
  (change: (claim: Claim) => Claim): Plant =>
  ({ connections }) => {
    const { claim } = connections;
    replace(connections, { claim: (asked) => claim(change(asked)) });
  };

export const plantedBugs: Readonly<Record<string, Plant>> = {
  "a claim without the condition on the owner": ({ connections }, { memory }) => {
    const { claim } = connections;
    replace(connections, {
      claim: (asked) => {
        const { connectionId, customerId } = asked.connection;
        const owner = memory.owners.get(connectionId);
        if (owner !== undefined && owner !== customerId) memory.owners.delete(connectionId);
        return claim(asked);
      },
    });
  },

  "a wrong account's token is put in use": claimWith((claim) =>
    claim.connection.heldReason === "wrong_account"
      ? { ...claim, takesIntoUse: true, connection: { ...claim.connection, heldReason: null } }
      : claim,
  ),

  "one that is to be accepted first is put in use": claimWith((claim) =>
    claim.connection.heldReason === "acceptance_required"
      ? { ...claim, takesIntoUse: true, connection: { ...claim.connection, heldReason: null } }
      : claim,
  ),

  "mode single counts nothing": claimWith((claim) => ({ ...claim, takesIntoUse: false })),

  "an event is lost between change and outbox": ({ connections }) => {
    const { replace: put } = connections;
    replace(connections, { replace: (next, _events, superseded) => put(next, [], superseded) });
  },

  "an event is taken from the outbox and not published": ({ outbox }, { memory }) => {
    replace(outbox, {
      find: async (eventId) => {
        memory.outbox.delete(eventId);
        return undefined;
      },
    });
  },

  "an event is published that nobody wrote": (ports, { bus }) => {
    const { putOntoBus } = ports;
    replace(ports, {
      putOntoBus: async (events) => {
        const [first] = events;
        if (first !== undefined) bus.push({ ...first, eventId: `${first.eventId} once more` });
        return putOntoBus(events);
      },
    });
  },

  "the last token is superseded": ({ connections }) => {
    const { replace: put } = connections;
    replace(connections, {
      replace: (next, events, superseded = []) => {
        const last = next.tokens.at(-1);
        if (superseded.length === 0 || last === undefined) return put(next, events, superseded);
        return put({ ...next, tokens: [] }, events, [...superseded, last.tokenId]);
      },
    });
  },

  "a token is superseded by one that opens less": ({ connections }) => {
    const { replace: put } = connections;
    replace(connections, {
      replace: (next, events, superseded = []) => {
        const [first, ...rest] = next.tokens;
        if (rest.length === 0 || first === undefined || next.disconnect !== null) return put(next, events, superseded);
        return put({ ...next, tokens: rest }, events, [...superseded, first.tokenId]);
      },
    });
  },

  "the ciphertext goes before Finch's word": ({ connections }, { memory }) => {
    const { replace: put } = connections;
    replace(connections, {
      replace: async (next, events, superseded) => {
        const done = await put(next, events, superseded);
        const first = next.tokens[0];
        if (done && next.disconnect !== null && first !== undefined) {
          memory.tokens.delete(keyOf(next.customerId, next.connectionId, first.tokenId));
        }
        return done;
      },
    });
  },

  "a disconnect is done when one token is invalid": ({ finch }) => {
    const { disconnect } = finch;
    replace(finch, {
      disconnect: async (token) => {
        const answer = await disconnect(token);
        return answer.kind === "invalid_token" ? { kind: "disconnected" } : answer;
      },
    });
  },

  "a disconnect is done when Finch cannot be reached": ({ finch }) => {
    const { disconnect } = finch;
    replace(finch, {
      disconnect: async (token) => {
        const answer = await disconnect(token);
        return answer.kind === "undecided" ? { kind: "invalid_token" } : answer;
      },
    });
  },

  "a dropped token is disconnected at Finch": ({ sessions, finch }, perch) => {
    const { end } = sessions;
    replace(sessions, {
      end: async (session, ending) => {
        const [...tokens] = perch.finch.tokens.values();
        const last = tokens.at(-1);
        if (ending.end.status === "failed" && ending.end.reason === "connection_conflict" && last !== undefined) {
          await finch.disconnect({ reveal: () => last.text });
        }
        return end(session, ending);
      },
    });
  },

  "trouble of the platform's signs a connection out": ({ finch }) => {
    const { introspect } = finch;
    replace(finch, {
      introspect: async (token) => {
        const answer = await introspect(token);
        return answer.kind === "platform_trouble" ? { kind: "reauthenticate_user" } : answer;
      },
    });
  },

  "the sweep looks at no exchange": ({ due }) => replace(due, { exchanges: async () => [] }),

  "an exchange may begin twice": ({ sessions }, { memory }) => {
    const { beginExchange } = sessions;
    replace(sessions, {
      beginExchange: (request, lease) => {
        const session = memory.sessions.get(request.sessionId);
        if (session?.status === "exchanging" && session.exchange !== null) {
          memory.sessions.set(request.sessionId, {
            ...session,
            exchange: { ...session.exchange, leaseUntil: new Date(0) },
          });
        }
        return beginExchange(request, lease);
      },
    });
  },

  "what is sealed opens for everybody": ({ vault }) => {
    const { seal, open } = vault;
    const nobody = { customerId: "nobody", connectionId: "none" } as unknown as Parameters<typeof open>[1];
    replace(vault, {
      seal: (token, _, tokenId) => seal(token, nobody, tokenId),
      open: (sealed) => open(sealed, nobody),
    });
  },

  "a webhook's word is stored instead of what Finch says when asked": ({ finch }, perch) => {
    const { introspect } = finch;
    replace(finch, {
      introspect: async (token) => {
        const answer = await introspect(token);
        if (answer.kind !== "introspected") return answer;
        const { introspection } = answer;
        const told = perch.delivered.findLast(({ connectionId }) => connectionId === introspection.connectionId);
        return { ...answer, introspection: { ...introspection, status: told?.status ?? introspection.status } };
      },
    });
  },

  "a webhook is marked as seen before its effect": ({ webhooks }, { memory }) => {
    const { hasSeen } = webhooks;
    replace(webhooks, {
      hasSeen: async (finchEventId) => {
        const seen = await hasSeen(finchEventId);
        memory.seenWebhooks.add(finchEventId);
        return seen;
      },
    });
  },

  "a webhook is acknowledged and not queued": (ports) => {
    let received = 0;
    const { nudgeChecks } = ports;
    replace(ports, {
      nudgeChecks: async (requests) => {
        received += 1;
        if (received % 3 !== 0) await nudgeChecks(requests);
      },
    });
  },

  "a report of somebody else's is believed": ({ connections }, { memory }) => {
    const { findOwner } = connections;
    replace(connections, {
      findOwner: async (connectionId) => {
        const owner = await findOwner(connectionId);
        return [...memory.customers.keys()].find((each) => each !== owner) ?? owner;
      },
    });
  },

  "tokens are given up after a day": ({ connections }) => {
    const { find } = connections;
    replace(connections, {
      find: async (...ids) => {
        const connection = await find(...ids);
        if (connection === undefined) return undefined;
        const earlier = (since: Date | null) => since && new Date(since.getTime() - 6 * 24 * 3_600_000);
        const tokens = connection.tokens.map((each) => ({ ...each, invalidSince: earlier(each.invalidSince) }));
        return { ...connection, tokens };
      },
    });
  },

  "a prompt comes at each look": ({ connections }) => {
    const { replace: put } = connections;
    replace(connections, {
      replace: (next, events, ...rest) => {
        const prompt = events.find(isEventOf("ReauthenticationRequired"));
        return put(
          next,
          prompt === undefined ? events : [...events, { ...prompt, eventId: `${prompt.eventId}-2` }],
          ...rest,
        );
      },
    });
  },

  "a prompt is forgotten": ({ connections }) => {
    const { replace: put } = connections;
    replace(connections, {
      replace: (next, events, ...rest) =>
        put(
          next,
          events.filter((trace) => !isEventOf("ReauthenticationRequired")(trace)),
          ...rest,
        ),
    });
  },

  "a duplicate event is invented": ({ connections }) => {
    const { claim } = connections;
    replace(connections, {
      claim: (asked) =>
        claim({
          ...asked,
          events: asked.events.filter(isEvent).flatMap((event) => [event, { ...event, eventId: `${event.eventId}-2` }]),
        }),
    });
  },

  "the sweep of checks looks at nothing": ({ due }) => replace(due, { checks: async () => [] }),

  "what Finch did not decide is put off for ever": ({ connections }) => {
    const { postpone } = connections;
    replace(connections, { postpone: (connection) => postpone(connection, new Date("2099-01-01T00:00:00Z")) });
  },

  "a sweep that pauses does so for ever": ({ pauses }) => {
    const { pause } = pauses;
    replace(pauses, { pause: (begun) => pause({ ...begun, until: new Date("2099-01-01T00:00:00Z") }) });
  },

  "a sweep in trouble stores what it did not hear": ({ finch }) => {
    const { introspect } = finch;
    replace(finch, {
      introspect: async (token) => {
        const answer = await introspect(token);
        return answer.kind === "undecided" ? { kind: "invalid_token" } : answer;
      },
    });
  },

  "duplicates are marked on one side": ({ connections }) => {
    const { replaceTogether } = connections;
    replace(connections, { replaceTogether: ([first], events) => replaceTogether(first ? [first] : [], events) });
  },

  "duplicates are told of each time that somebody looks": ({ marks }, { memory }) => {
    const { listOwn } = marks;
    replace(marks, {
      listOwn: (...asked) => {
        for (const [key, each] of memory.connections) memory.connections.set(key, { ...each, possibleDuplicates: [] });
        return listOwn(...asked);
      },
    });
  },

  "a deletion leaves open what was open": ({ deletions }) => replace(deletions, { cancelSession: async () => {} }),

  "an exchange begins after the customer's deletion was answered": ({ sessions }, { memory }) => {
    const { beginExchange } = sessions;
    replace(sessions, {
      beginExchange: async (request, lease) => {
        const session = memory.sessions.get(request.sessionId);
        const isDeleting = session !== undefined && memory.customers.get(session.customerId)?.deletion !== null;
        if (session?.status === "cancelled" && isDeleting) {
          const { stateHash, holderHash } = request;
          const openings = [{ stateHash, holderHash, openedAt: lease.now }];
          memory.sessions.set(session.sessionId, { ...session, status: "open", openings });
        }
        return beginExchange(request, lease);
      },
    });
  },

  "a deletion sees no session": ({ deletions }) => replace(deletions, { sessions: async () => [] }),

  "a deletion ends while connections are left": ({ connections }) =>
    replace(connections, { list: async () => ({ items: [], next: undefined }) }),

  "a deletion ends without a word": ({ deletions }, { memory }) => {
    const { complete } = deletions;
    replace(deletions, {
      complete: async (deletion, completion) => {
        const done = await complete(deletion, completion);
        if (done) memory.written.pop();
        return done;
      },
    });
  },

  ...plantedBugsAtEnds,
};
