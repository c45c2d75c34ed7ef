/** Why no token of a connection serves, where more than one reason seems true. */
import { expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import { chooseToken } from "#shared/use/choose-token.ts";
import { aConnection, aTokenRecord } from "../../support/builders.ts";

it.each<[string, Partial<Connection>, string, object]>([
  [
    "no token is left of an entity that has ended",
    { tokens: [], entities: [{ id: "entity-1", name: null, sourceId: null, status: "disconnected" }] },
    "entity-1",
    { reason: "reauthentication_required" },
  ],
  [
    "the one healthy token tells of no such entity, and another needs a sign-in",
    { tokens: [aTokenRecord({ status: "reauth" }), aTokenRecord()] },
    "entity-9",
    { reason: "entity_unknown" },
  ],
])("%s", (_, changes, entityId, refusal) => {
  expect(chooseToken(aConnection(changes), { products: [], entityId })).toEqual({ refusal });
});
