import type { Route } from "./routes.ts";

/** How many requests a second a route takes, and how many at once beyond that. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

/**
 * How many at a time run of the functions that call Finch on somebody's request. Finch counts calls by the application, so
 * that one caller's flood would use up what all customers have; the same number is theirs alone, so that a flood elsewhere
 * does not keep a code from being exchanged. An account keeps at least 100 of its (by default 1,000) unreserved.
 */
export const reservedConcurrency: ReadonlyMap<string, number> = new Map([
  ["exchange-authorization-code", 20],
  ["create-connect-session", 10],
  ["create-reauthenticate-session", 5],
  ["create-connection", 10],
  ["introspect-connection", 10],
  ["start-page-connect", 10],
]);

/** For each route, so that a flood leaves something of the account's 10,000 requests a second to its other APIs. */
export const usualThrottle: Throttle = { rate: 500, burst: 1000 };

/** Browsers come one by one; whoever is open to everybody is the first to be flooded. */
const openThrottle: Throttle = { rate: 50, burst: 100 };

/** Finch tells of each record that changes, a first sync's thousands among them; what gets 429 comes again, five times. */
const webhookThrottle: Throttle = { rate: 200, burst: 500 };

/** Finch lets an application have 1,000 requests in five minutes: what leads to one is let through little faster. */
const finchThrottle: Throttle = { rate: 10, burst: 50 };

/** A backend needs a token for a piece of work, not for each request: whoever took all of them would take a while. */
const tokenThrottle: Throttle = { rate: 20, burst: 50 };

/** The throttle of a route of its own; undefined where the usual one holds. */
export const throttleOf = ({ scopes, function: name }: Route): Throttle | undefined => {
  if (name === "receive-finch-webhook") return webhookThrottle;
  if (name === "get-access-token") return tokenThrottle;
  if (name === "forward-to-finch") return finchThrottle;
  if (reservedConcurrency.has(name)) return finchThrottle;
  return scopes.length === 0 ? openThrottle : undefined;
};
