/** One customer, any number of connections, each isolated from the rest: the guide's 1:Many relationship. */
import { describe, expect, it } from "vitest";
import { callBackend } from "../support/api.ts";
import { listConnections, readBack } from "../support/connections.ts";
import { connect, createCustomer } from "../support/journey.ts";
import { type Item, itemsAbout } from "../support/table.ts";

/** What a token's item holds of the token: a ciphertext, or the name of the secret that holds it. */
const sealedOf = (item: Item) => item["ciphertext"] ?? item["secret_name"];

describe.concurrent("1:many", () => {
  it("keeps any number of connections of one customer apart", async () => {
    const customer = await createCustomer();
    const companies = ["North", "South", "West"].map((side) => `${customer.name} ${side}`);
    const ids: string[] = [];
    for (const company of companies) {
      const { connectionId, status } = await connect(customer, { company });
      expect(status).toBe("connected");
      ids.push(connectionId);
    }
    expect(new Set(ids).size).toBe(companies.length);

    const described = [];
    for (const [index, company] of companies.entries()) {
      described.push(await readBack(customer, ids[index] ?? "", { provider: "gusto", company }));
    }
    expect((await listConnections(customer)).map((each) => each.connection_id)).toEqual(ids.toReversed());
    const entityIds = described.flatMap((each) => each.entities.map((entity) => entity.id));
    const tokenIds = described.flatMap((each) => each.tokens.map((token) => token.token_id));
    expect(new Set(entityIds).size).toBe(companies.length);
    expect(new Set(tokenIds).size).toBe(companies.length);
  });

  it("gives each connection a token item of its own, sealed for it", async () => {
    const customer = await createCustomer();
    const first = await connect(customer, { company: `${customer.name} A` });
    const second = await connect(customer, { company: `${customer.name} B` });
    const tokens = (await itemsAbout(`TOKENS#${customer.id}`)).filter((item) => sealedOf(item) !== undefined);
    expect(tokens.map((item) => String(item["sk"]).split("#")[1]).toSorted()).toEqual(
      [first.connectionId, second.connectionId].toSorted(),
    );
    const [one, other] = tokens.map(sealedOf);
    expect(one).not.toEqual(other);
  });

  it("shows a customer nothing of another one's connections", async () => {
    const [mine, theirs] = [await createCustomer(), await createCustomer()];
    const own = await connect(mine);
    const foreign = await connect(theirs);
    expect((await listConnections(mine)).map((each) => each.connection_id)).toEqual([own.connectionId]);
    expect((await listConnections(theirs)).map((each) => each.connection_id)).toEqual([foreign.connectionId]);
    const crossed = await callBackend(`${mine.path}/connections/${foreign.connectionId}`);
    expect(crossed.status).toBe(404);
    expect(crossed.text).not.toContain(theirs.id);
    await readBack(mine, own.connectionId, { provider: "gusto", company: mine.name });
    await readBack(theirs, foreign.connectionId, { provider: "gusto", company: theirs.name });
  });

  it("pages through the connections, newest first, each once", async () => {
    const customer = await createCustomer();
    const ids: string[] = [];
    for (const suffix of ["1", "2", "3", "4", "5"]) {
      ids.unshift((await connect(customer, { company: `${customer.name} ${suffix}` })).connectionId);
    }
    expect((await listConnections(customer, "limit=2")).map((each) => each.connection_id)).toEqual(ids);
    expect((await listConnections(customer, "limit=1&status=connected")).map((each) => each.connection_id)).toEqual(
      ids,
    );
    expect(await listConnections(customer, "status=reauth")).toEqual([]);
  });
});
