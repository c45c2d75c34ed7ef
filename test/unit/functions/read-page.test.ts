import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Connection } from "#shared/connection/connection.ts";
import type { CustomerId } from "#shared/connection/identifiers.ts";
import {
  aClaim,
  aConnection,
  afterNoon,
  anEmployer,
  aSession,
  newConnectionId,
  newSessionId,
} from "../../support/builders.ts";
import { createPageSetting } from "./page-setting.ts";
import { codeOf } from "./support.ts";

const [view, list] = ["GET /page/view", "GET /page/connections"];
const one = "GET /page/connections/{connection_id}";
const session = "GET /page/connect-sessions/{session_id}";

type Setting = ReturnType<typeof createPageSetting>;

const connectionsOf = async (
  { stores }: Setting,
  customerId: CustomerId,
  ...changes: readonly Partial<Connection>[]
) => {
  const connections = changes.map((each) => aConnection({ customerId, connectionId: newConnectionId(), ...each }));
  for (const connection of connections)
    expect(await stores.connections.claim(aClaim(connection))).toMatchObject({ ok: true });
  return connections;
};

describe("the connections page", () => {
  it("shows the customer and its connections in one request, and nothing that is not for the customer", async () => {
    const setting = createPageSetting();
    const { customerId, cookies } = await setting.openPage();
    const entities = [{ id: "e1", name: "Acme Bakery", sourceId: "C-1", status: "connected" }];
    const employers = [anEmployer({ entityId: "e1", legalName: "Acme Bakery LLC", einLastFour: "6789" })];
    const [connection] = await connectionsOf(setting, customerId, { entities, employers, companyId: "company-1" });
    const shown = await setting.ask("read", view, { cookies });
    expect(shown.body).toMatchObject({
      customer: { name: "Acme Inc.", mode: "multiple", connection_count: 1 },
      session: { idle_minutes: 30 },
      connections: [
        {
          connection_id: connection?.connectionId,
          provider_name: "Gusto",
          entities: [{ id: "e1", name: "Acme Bakery", legal_name: "Acme Bakery LLC", ein_last_four: "6789" }],
        },
      ],
      next_cursor: null,
    });
    for (const hidden of ["company-1", "C-1", "metadata", "token", "people@acme.example", customerId]) {
      expect(shown.text).not.toContain(hidden);
    }
  });

  it("shows 500 connections in one request, compressed; or page by page", async () => {
    const setting = createPageSetting();
    const { customerId, cookies } = await setting.openPage();
    const many = Array.from({ length: 500 }, (_, at) => ({ createdAt: afterNoon(at) }));
    const connections = await connectionsOf(setting, customerId, ...many);
    const newestFirst = connections.map((each) => each.connectionId).toReversed();
    const idsIn = ({ body }: { readonly body: Readonly<Record<string, unknown>> }) =>
      (body["connections"] as { connection_id: string }[]).map((each) => each.connection_id);
    const all = await setting.ask("read", view, { cookies, query: { limit: "500" } });
    expect([idsIn(all), all.body["next_cursor"]]).toEqual([newestFirst, null]);

    const found: string[] = [];
    let page = await setting.ask("read", view, { cookies });
    for (;;) {
      found.push(...idsIn(page));
      if (page.body["next_cursor"] === null) break;
      const query = { cursor: String(page.body["next_cursor"]), limit: "200" };
      page = await setting.ask("read", list, { cookies, query });
    }
    expect(found).toEqual(newestFirst);

    const compressed = await setting.handlers.read({
      ...{ routeKey: view, queryStringParameters: { limit: "500" }, cookies, headers: { "accept-encoding": "gzip" } },
      requestContext: { http: { method: "GET" } },
    });
    expect(compressed).toMatchObject({ headers: { "content-encoding": "gzip" }, isBase64Encoded: true });
    expect(gunzipSync(Buffer.from(compressed.body, "base64")).toString()).toBe(all.text);
    expect(compressed.body.length).toBeLessThan(all.text.length / 4);
  });

  it("tells of a held connection that it is there, and nothing of what is in it", async () => {
    const setting = createPageSetting();
    const { customerId, cookies } = await setting.openPage();
    const entities = [{ id: "e1", name: "Somebody's Bakery", sourceId: null, status: null }];
    const [held] = await connectionsOf(setting, customerId, {
      ...{ heldReason: "customer_mismatch", entities, username: "kim@somebody.example" },
    });
    const shown = await setting.ask("read", one, { cookies, path: { connection_id: held?.connectionId ?? "" } });
    expect(shown.body).toMatchObject({ status: "held", username: null, entities: [], products: [] });
    expect(shown.text).not.toMatch(/omebody/);
  });

  it("has neither a connection nor a session of another customer", async () => {
    const setting = createPageSetting();
    const [mine, theirs] = [await setting.openPage(), await setting.openPage()];
    const [connection] = await connectionsOf(setting, theirs.customerId, {});
    const sessionId = newSessionId();
    const { customerId, incarnation } = theirs;
    await setting.stores.sessions.create(aSession({ sessionId, customerId, incarnation }));
    const paths = [
      [one, { connection_id: connection?.connectionId ?? "" }],
      [session, { session_id: sessionId }],
    ] as const;
    for (const [name, path] of paths) {
      const [own, others] = [theirs, mine].map(({ cookies }) => setting.ask("read", name, { cookies, path }));
      expect((await own)?.status).toBe(200);
      const nobodys = await setting.ask("read", name, {
        cookies: mine.cookies,
        path: { connection_id: newConnectionId(), session_id: newSessionId() },
      });
      expect([(await others)?.status, (await others)?.text]).toEqual([404, nobodys.text]);
    }
    expect((await setting.ask("read", view, mine)).body["connections"]).toEqual([]);
  });

  it("refuses a cursor that no page has given out", async () => {
    const setting = createPageSetting();
    const { cookies } = await setting.openPage();
    const query = { cursor: "AAAA" };
    expect(codeOf(await setting.ask("read", list, { cookies, query, rawQuery: "cursor=AAAA" }))).toBe(
      "invalid_request",
    );
  });
});
