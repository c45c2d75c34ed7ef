import { createCapability, parseCapability, sameHash } from "./capability.ts";
import { type ConnectSession, holderHash, openingsKept, sessionStatus } from "./connect-session.ts";
import type { Surroundings } from "./ports.ts";
import type { SessionStore } from "./store-ports.ts";

export interface OpenConnectSessionDependencies extends Surroundings {
  readonly sessions: Pick<SessionStore, "find" | "replaceOpenings">;
}

/** Where a browser that opened `connect_url` goes. */
export type Opened =
  /** To Finch; `cookie` is what the browser must hold from now on, `isNew` if it has to be set. */
  | { readonly kind: "to_finch"; readonly location: string; readonly cookie: string; readonly isNew: boolean }
  /** This browser's exchange is under way. */
  | { readonly kind: "to_pending"; readonly session: ConnectSession }
  /** There is nothing to open (any more). The same for all reasons: it names nobody. */
  | { readonly kind: "ended" };

/**
 * Creates the use case. Each opening gets a `state` of its own, bound to the browser by its cookie, and leaves every other
 * opening as it is: a mail scanner that follows the link undoes nothing. The oldest make room beyond `openingsKept`.
 */
export const openConnectSession =
  (deps: OpenConnectSessionDependencies) =>
  async (ticketText: string, cookie: string | undefined): Promise<Opened> => {
    const ticket = parseCapability(ticketText);
    if (ticket === undefined) return { kind: "ended" };
    for (;;) {
      const session = await deps.sessions.find(ticket.sessionId);
      if (session === undefined || !sameHash(session.ticketHash, ticket.hash)) return { kind: "ended" };
      const now = deps.now();
      switch (sessionStatus(session, now)) {
        case "exchanging":
          return cookie !== undefined &&
            session.exchange &&
            sameHash(session.exchange.holderHash, holderHash({ cookie }))
            ? { kind: "to_pending", session }
            : { kind: "ended" };
        case "completed":
        case "failed":
        case "cancelled":
        case "expired":
          return { kind: "ended" };
        case "open":
      }
      const browser = cookie ?? Buffer.from(deps.randomBytes(32)).toString("base64url");
      const state = createCapability(session.sessionId, deps.randomBytes(32));
      const opening = { stateHash: state.hash, holderHash: holderHash({ cookie: browser }), openedAt: now };
      const openings = [...session.openings.slice(1 - openingsKept), opening];
      if (await deps.sessions.replaceOpenings(session, openings)) {
        const location = new URL(session.finchConnectUrl);
        location.searchParams.set("state", state.text);
        return { kind: "to_finch", location: location.href, cookie: browser, isNew: cookie === undefined };
      }
      // Somebody opened it at the same moment, or it ended: look again.
    }
  };

/**
 * Creates the use case for a browser that comes back from Connect without a code: it denied, closed or met an error. Its
 * opening ends; the session stays open for another try, as do the other openings. Undefined if the opening is not this
 * browser's, which changes nothing.
 */
export const endOpening =
  (deps: OpenConnectSessionDependencies) =>
  async (stateText: string, cookie: string | undefined): Promise<ConnectSession | undefined> => {
    const state = parseCapability(stateText);
    if (state === undefined || cookie === undefined) return undefined;
    const browserHash = holderHash({ cookie });
    for (;;) {
      const session = await deps.sessions.find(state.sessionId);
      if (session === undefined || sessionStatus(session, deps.now()) !== "open") return undefined;
      const mine = session.openings.find((opening) => sameHash(opening.stateHash, state.hash));
      if (mine === undefined || !sameHash(mine.holderHash, browserHash)) return undefined;
      const openings = session.openings.filter((opening) => opening !== mine);
      if (await deps.sessions.replaceOpenings(session, openings)) return session;
    }
  };

/** Whether a session's exchange was begun by the browser that holds this cookie. */
export const isExchangeOf = (session: ConnectSession, cookie: string | undefined): boolean =>
  cookie !== undefined && session.exchange !== null && sameHash(session.exchange.holderHash, holderHash({ cookie }));
