import { expect, it } from "vitest";
import { rosterBody } from "#shared/http/roster-body.ts";
import { type ConnectionRead, mostItemErrors, unreadConnection, unreadEntity } from "#shared/roster/roster.ts";
import { newConnectionId } from "../../support/builders.ts";
import { aRoster } from "../../support/roster-builders.ts";

/** As much as Lambda passes on of a function's answer. */
const mostBytes = 6 * 1_048_576;
const aRead = (): ConnectionRead => {
  const error = { entityId: crypto.randomUUID(), individualId: crypto.randomUUID(), product: "individual" } as const;
  return {
    ...unreadConnection(newConnectionId()),
    entities: [1, 2, 3].map((entity) => unreadEntity(`${entity}-${crypto.randomUUID()}`)),
    itemErrors: Array.from({ length: mostItemErrors }, () => ({ ...error, error: "e".repeat(64) })),
    itemErrorCount: 4_711,
  };
};

it.each([
  [1, 50],
  [40, 50],
  [41, 49],
  [2_000, 1],
  [3_000, 1],
])("of %i connections a roster tells %i errors each, and how many there are", (connections, told) => {
  const read = aRead();
  const body = rosterBody(
    aRoster(),
    Array.from({ length: connections }, () => read),
  );
  expect(new Set(body.connections.map(({ errors, error_count: count }) => `${errors.length} ${count}`))).toEqual(
    new Set([`${told} 4711`]),
  );
  expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(mostBytes);
});
