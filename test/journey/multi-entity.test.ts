/**
 * Multi-entity: pay groups, legal entities and PEO clients are several entities of one connection, or a connection each, as
 * Finch has it for the application.
 */
import { describe, expect, it } from "vitest";
import { expectAgreement } from "../support/agreement.ts";
import { createBrowser } from "../support/browser.ts";
import { introspect, listConnections, readBack, readConnection } from "../support/connections.ts";
import { withSetting } from "../support/finch.ts";
import { comeBack, connect, createCustomer, reachCallback, readReturn, type TestCustomer } from "../support/journey.ts";
import { connectEmbedded, startReauthentication } from "../support/ways-in.ts";

const username = "multi_entity";
const entitiesOf = ({ name }: TestCustomer) => [name, `${name} East`, `${name} West`];

describe("one connection with several entities", () => {
  it("connects all of them with one sign-in, by link and embedded", async () => {
    for (const isEmbedded of [false, true]) {
      const customer = await createCustomer();
      const who = { username: "mfa_multi_entity", entities: "all" } as const;
      const connectionId = isEmbedded
        ? (await connectEmbedded(customer, who)).json<{ connection_id: string }>().connection_id
        : (await connect(customer, who)).connectionId;
      const described = await readBack(customer, connectionId, {
        provider: "gusto",
        company: customer.name,
        entities: entitiesOf(customer),
      });
      expect(new Set(described.entities.map((entity) => entity.source_id)).size).toBe(3);
      expect(described.tokens.map((token) => token.entity_ids.length)).toEqual([3]);
      await expectAgreement({ customers: [customer] });
    }
  });

  it("gains entities with later sign-ins: the connection's are those of all its tokens together", async () => {
    const customer = await createCustomer();
    const [main = "", east = "", west = ""] = entitiesOf(customer);
    const first = await connect(customer, { username, entities: [main] });
    const second = await connect(customer, { username, entities: [east] });
    expect(second).toMatchObject({ status: "known", connectionId: first.connectionId });
    const stored = await readConnection(customer, first.connectionId);
    expect(stored.tokens.map((token) => token.entity_ids.length)).toEqual([1, 1]);
    expect(stored.entities).toHaveLength(2);
    // The newest token opens one of them only: the other's name is not known yet, and it stays.
    const seen = await introspect(customer, first.connectionId);
    expect(seen.tokens).toHaveLength(2);
    expect(seen.entities).toHaveLength(2);
    // With all three the older tokens are covered, and go.
    await connect(customer, { username, entities: [main, east, west] });
    const described = await readBack(customer, first.connectionId, {
      provider: "gusto",
      company: customer.name,
      entities: entitiesOf(customer),
    });
    expect(described.tokens).toHaveLength(1);
    expect(await listConnections(customer)).toHaveLength(1);
    await expectAgreement({ customers: [customer], unkept: 2 });
  });

  it("keeps its entities when it is signed in again, and may gain more", async () => {
    const customer = await createCustomer();
    const [main = "", east = "", west = ""] = entitiesOf(customer);
    const { connectionId } = await connect(customer, { username, entities: [main, east] });
    const before = await introspect(customer, connectionId);
    const [session, browser] = [await startReauthentication(customer, connectionId), createBrowser()];
    const callback = await reachCallback(browser, session, { username, entities: [west] });
    expect(readReturn(await comeBack(browser, callback))).toMatchObject({ status: "reconnected" });
    const after = await readBack(customer, connectionId, {
      provider: "gusto",
      company: customer.name,
      entities: entitiesOf(customer),
    });
    expect(after.entities).toEqual(
      expect.arrayContaining(before.entities.map(({ id }) => expect.objectContaining({ id }))),
    );
    await expectAgreement({ customers: [customer], unkept: after.tokens.length === 1 ? 1 : 0 });
  });
});

describe("several connections with one entity each", () => {
  it("is what each sign-in makes where Finch has it so; each is isolated", async () => {
    const customer = await createCustomer();
    const connected = await withSetting(customer.name, { entityMode: "single" }, async () => {
      const ids: string[] = [];
      for (const entity of entitiesOf(customer)) {
        const { connectionId, status } = await connect(customer, { username, entities: [entity] });
        expect(status).toBe("connected");
        ids.push(connectionId);
      }
      const [first = ""] = entitiesOf(customer);
      expect(await connect(customer, { username, entities: [first] })).toMatchObject({
        status: "known",
        connectionId: ids[0],
      });
      return ids;
    });
    expect(new Set(connected).size).toBe(3);
    const companies = new Set<string | null>();
    for (const [index, entity] of entitiesOf(customer).entries()) {
      const described = await readBack(customer, connected[index] ?? "", {
        provider: "gusto",
        company: customer.name,
        entities: [entity],
      });
      companies.add(described.company_id);
    }
    // One company, three connections: its id is no identity of a connection.
    expect(companies.size).toBe(1);
    expect(await listConnections(customer)).toHaveLength(3);
    await expectAgreement({ customers: [customer], unkept: 1 });
  });
});
