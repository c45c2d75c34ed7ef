import type { Finch, TokenGrant } from "#shared/connection/finch-port.ts";
import type { ConnectionId } from "#shared/connection/identifiers.ts";
import type { Secret } from "#shared/secret.ts";
import { anIntrospection } from "../support/builders.ts";
import type { MeetCall } from "../support/intercept.ts";
import { ownClientId } from "../support/memory/finch.ts";

/** What Finch knows, as far as callers can get in each other's way over it. */
export interface ModelFinch {
  /** Finch gives this for the code, once. */
  readonly issue: (code: string, grant: TokenGrant) => void;
  /** A token that was issued before. */
  readonly know: (grant: TokenGrant) => void;
  /** A token that the platform got by itself, and keeps until Perch has it. */
  readonly knowElsewhere: (grant: TokenGrant) => void;
  /** Finch's API for one caller: a request arrives, has its effect, and is answered, with others in between. */
  readonly portFor: (meet: MeetCall) => Finch;
  /** Every token that was issued, the oldest first. */
  readonly issued: () => readonly TokenGrant[];
  /** Connections that Finch was asked to end, and did. */
  readonly ended: () => ReadonlySet<ConnectionId>;
  readonly isLive: (accessToken: Secret) => boolean;
  /** How often each code was sent. */
  readonly sent: (code: string) => number;
  /** The most requests with one code that ran at a time. */
  readonly mostAtOnce: () => number;
}

/** A Finch that issued nothing yet. */
export const createModelFinch = (): ModelFinch => {
  const codes = new Map<string, { readonly grant: TokenGrant; sent: number; running: number; used: boolean }>();
  const live = new Map<string, TokenGrant>();
  const issued: TokenGrant[] = [];
  const ended = new Set<ConnectionId>();
  let mostAtOnce = 0;

  const know = (grant: TokenGrant) => {
    live.set(grant.accessToken.reveal(), grant);
    issued.push(grant);
    // Signed in again: to Finch it is a connection like any other.
    ended.delete(grant.connectionId);
  };

  const take = (code: string) => {
    const known = codes.get(code);
    if (known === undefined || known.used) return { kind: "invalid_grant" } as const;
    known.used = true;
    know(known.grant);
    return { kind: "granted", grant: known.grant } as const;
  };

  return {
    issue: (code, grant) => codes.set(code, { grant, sent: 0, running: 0, used: false }),
    know,
    knowElsewhere: (grant) => live.set(grant.accessToken.reveal(), grant),
    issued: () => issued,
    ended: () => ended,
    isLive: (accessToken) => live.has(accessToken.reveal()),
    sent: (code) => codes.get(code)?.sent ?? 0,
    mostAtOnce: () => mostAtOnce,

    portFor: (meet) => {
      const serve = async <Answer>(name: string, effect: () => Answer): Promise<Answer> => {
        await meet({ name: `${name} at Finch`, moment: "before" });
        const answer = effect();
        await meet({ name: `${name} at Finch`, moment: "after" });
        return answer;
      };
      const notModelled = async () => {
        throw new Error("sessions are made before callers meet");
      };
      return {
        createSession: notModelled,
        createReauthentication: notModelled,
        clientId: async () => ownClientId,
        async exchangeCode(code) {
          const known = codes.get(code.reveal()) ?? { sent: 0, running: 0 };
          known.sent += 1;
          known.running += 1;
          mostAtOnce = Math.max(mostAtOnce, known.running);
          const answer = await serve("exchange", () => take(code.reveal()));
          known.running -= 1;
          return answer;
        },
        introspect: (accessToken) =>
          serve("introspect", () => {
            const grant = live.get(accessToken.reveal());
            return grant === undefined
              ? { kind: "invalid_token" }
              : { kind: "introspected", introspection: say(grant) };
          }),
        disconnectEntities: notModelled,
        disconnect: (accessToken) =>
          serve("disconnect", () => {
            const grant = live.get(accessToken.reveal());
            if (grant === undefined) return { kind: "invalid_token" };
            for (const [text, { connectionId }] of live) if (connectionId === grant.connectionId) live.delete(text);
            ended.add(grant.connectionId);
            return { kind: "disconnected" };
          }),
      };
    },
  };
};

const say = ({ connectionId, products, entityIds, providerId, customerId }: TokenGrant) =>
  anIntrospection({
    clientId: ownClientId,
    connectionId,
    products,
    providerId,
    customerId,
    entities: entityIds.map((id) => ({ id, name: `Acme ${id}`, sourceId: id, status: "connected" })),
  });
