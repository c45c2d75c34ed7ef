/** What must come of a look at a connection: Finch is asked about each of its tokens, and what it says decides. */
import type { Introspection } from "#shared/connection/finch-port.ts";
import { type Prediction, unchanged } from "./action.ts";
import type { Outcome } from "./compare.ts";
import { isInUse, type Model, type ModelConnection, type ModelToken } from "./model.ts";
import type { Perch } from "./perch.ts";

const weekMs = 7 * 24 * 3_600_000;

/** The entities that only a new sign-in brings back. */
export const signedOut = ({ status, entities }: ModelConnection): string[] =>
  Object.entries(entities).flatMap(([id, each]) => (status === "reauth" || each === "reauth" ? [id] : []));

const needsItsCustomer = (before: ModelConnection, after: ModelConnection): boolean => {
  if (!isInUse(after)) return false;
  if (after.status === "reauth") return before.status !== "reauth";
  const known = signedOut(before);
  return signedOut(after).some((id) => !known.includes(id));
};

/** The prediction for a look that `customerId` has asked for, or that nobody has. */
export const predictLook = (model: Model, perch: Perch, customerId: string, connectionId: string): Prediction => {
  const stays = unchanged(model, { connection: connectionId });
  const before = model.connections.get(connectionId);
  const isNobodys = before === undefined || before.customerId !== customerId;
  // What is to be ended is left to the driver.
  if (isNobodys || before.ending !== null || perch.finch.trouble() !== undefined) {
    return { right: [stays], faulty: [] };
  }
  const outcomeOf = (after: ModelConnection): Outcome => ({
    connections: { [connectionId]: after },
    prompts: needsItsCustomer(before, after) ? [connectionId] : [],
  });
  // Where a newer token's answer decides, an older one may go unheard.
  const older = before.tokens.slice(
    0,
    before.tokens.findLastIndex(({ text }) => isAccepted(model, perch, text)),
  );
  return {
    right: [outcomeOf(afterLook(model, before, perch, connectionId))],
    faulty: [stays, ...older.map(({ text }) => outcomeOf(afterLook(model, before, perch, connectionId, text)))],
  };
};

const isAccepted = ({ goneAtFinch }: Model, { finch }: Perch, text: string): boolean => {
  const { said, isSignedOut } = finch.sayOf(text, goneAtFinch);
  return said !== undefined || isSignedOut;
};

/** The connection follows the newest token that Finch accepts; a healthy token makes the older ones superfluous that it covers. */
const afterLook = (
  { goneAtFinch }: Model,
  before: ModelConnection,
  perch: Perch,
  connectionId: string,
  unheard?: string,
): ModelConnection => {
  if (before.tokens.length === 0) return before;
  const nothing = { said: undefined, isSignedOut: false };
  const asked = before.tokens.map((token) => ({
    token,
    ...(token.text === unheard ? nothing : perch.finch.sayOf(token.text, goneAtFinch)),
  }));
  const accepted = asked.findLast(({ said, isSignedOut }) => said !== undefined || isSignedOut);
  if (accepted === undefined) {
    return { ...before, status: "reauth", tokens: hasExpired(perch, connectionId) ? [] : before.tokens };
  }
  const tokens = asked.map(({ token, said }): ModelToken => {
    if (said === undefined) return token;
    return { text: token.text, products: said.products, entityIds: liveOf(said).map(({ id }) => id) };
  });
  const isHealthy = (at: number) => asked[at]?.said?.status === "connected";
  const isCovered = (older: ModelToken, at: number) =>
    tokens.some(
      (newer, place) =>
        place > at &&
        isHealthy(place) &&
        older.products.every((each) => newer.products.includes(each)) &&
        older.entityIds.every((each) => newer.entityIds.includes(each)),
    );
  // Oldest first, so that of an entity that two tokens open the newest one's word stays.
  const said = asked.flatMap((each) => (each.said === undefined ? [] : [each.said]));
  return {
    ...before,
    status: accepted.said?.status ?? "reauth",
    tokens: tokens.filter((token, at) => !isCovered(token, at)),
    entities: entitiesAfter(before.entities, tokens, said),
  };
};

const liveOf = ({ entities }: Introspection) => entities.filter(({ status }) => status !== "disconnected");

/** The entities that some token opens, with what Finch has just said of them; those that it calls ended are gone. */
export const entitiesAfter = (
  before: ModelConnection["entities"],
  tokens: readonly ModelToken[],
  said: readonly Introspection[],
): ModelConnection["entities"] => {
  const told = new Map(said.flatMap(({ entities }) => entities).map(({ id, status }) => [id, status]));
  const opened = tokens.flatMap(({ entityIds }) => entityIds);
  const kept = Object.entries(before).filter(([id]) => !told.has(id) && opened.includes(id));
  return Object.fromEntries([...kept, ...[...told].filter(([, status]) => status !== "disconnected")]);
};

/** Finch has said for a week that none of its tokens is one, and it is true. */
const hasExpired = ({ memory, finch, now }: Perch, connectionId: string): boolean => {
  const stored = [...memory.connections.values()].find((each) => each.connectionId === connectionId);
  const isOld = (since: Date | null | undefined) => since != null && now().getTime() - since.getTime() >= weekMs;
  return (
    stored?.tokens.every(
      ({ fingerprint, invalidSince }) => isOld(invalidSince) && isOld(finch.invalidSince(fingerprint)),
    ) ?? false
  );
};
