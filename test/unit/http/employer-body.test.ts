/** The employers behind a connection as the API shows them. */
import { expect, it } from "vitest";
import { connectionEmployersBody } from "#shared/http/employer-body.ts";
import { aConnection, anEmployer, noon } from "../../support/builders.ts";

const unread = { legal_name: null, entity_type: null, entity_subtype: null, ein_last_four: null, read_at: null };

it("are one for each entity, with what Finch said of it, or unread", () => {
  const entities = [
    { id: "entity-1", name: "Acme West", sourceId: "west", status: "connected" },
    { id: "entity-2", name: null, sourceId: null, status: null },
  ];
  const employers = [anEmployer({ entitySubtype: "s_corporation" })];
  const connection = aConnection({ entities, employers });
  expect(connectionEmployersBody(connection)).toEqual({
    connection_id: connection.connectionId,
    provider_id: connection.providerId,
    connection_status: "connected",
    employers: [
      {
        ...{ entity_id: "entity-1", entity_name: "Acme West", source_id: "west", status: "available" },
        ...{ legal_name: "Acme West LLC", entity_type: "llc", entity_subtype: "s_corporation", ein_last_four: "6789" },
        read_at: noon.toISOString(),
      },
      { entity_id: "entity-2", entity_name: null, source_id: null, status: "unread", ...unread },
    ],
  });
});

it("are one where the connection has no entities", () => {
  const of = (employers: ReturnType<typeof anEmployer>[]) =>
    connectionEmployersBody(aConnection({ entities: [], employers })).employers;
  expect(of([])).toEqual([{ entity_id: null, entity_name: null, source_id: null, status: "unread", ...unread }]);
  expect(of([anEmployer({ entityId: null })])).toMatchObject([{ entity_id: null, legal_name: "Acme West LLC" }]);
});
