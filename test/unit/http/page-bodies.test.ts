/** What the connections page is shown, where no journey looks closely. */
import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import type { PageSessionId } from "#shared/connection/identifiers.ts";
import { pageConnectionBody, pagePreviewBody } from "#shared/http/page-bodies.ts";
import { pageCaller } from "#shared/http/page-endpoint.ts";
import { aConnection, anEmployer } from "../../support/builders.ts";

describe("the employers of a connection", () => {
  const shown = (changes: Partial<Connection>) => pageConnectionBody(aConnection(changes)).entities;
  const ofNone = anEmployer({ entityId: null });

  it("are its one employer, where it has no entities", () => {
    expect(shown({ entities: [], employers: [ofNone] })).toEqual([
      { id: null, name: null, status: null, legal_name: "Acme West LLC", ein_last_four: "6789" },
    ]);
    expect(shown({ entities: [], employers: [] })).toEqual([]);
  });

  it("are its entities, where it has some", () => {
    expect(shown({ employers: [ofNone] })).toMatchObject([{ id: "entity-1", legal_name: null }]);
  });
});

it("what would fall is told with its products and the customer's own siblings", () => {
  const [connection, sibling] = [aConnection(), aConnection()];
  const siblings = { own: [sibling], others: [aConnection()], isCapped: false };
  expect(pagePreviewBody({ connection, products: ["company", "payment"], siblings })).toMatchObject({
    products: ["company", "payment"],
    siblings: [sibling.connectionId],
    tokens: 1,
  });
});

it("who acts by the page is its session, for the audit", () => {
  expect(pageCaller({ pageSessionId: "one" as PageSessionId } as Parameters<typeof pageCaller>[0])).toBe("page:one");
});
