/** A token that the platform has kept itself until now is taken over: Finch is asked first, and what it says decides. */
import { describe, expect, it, vi } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { expectAgreement } from "../support/agreement.ts";
import { type Answer, callBackend } from "../support/api.ts";
import { accept, introspect, listConnections, readBack, readConnection } from "../support/connections.ts";
import { controlFinch, mintToken } from "../support/finch.ts";
import { withFault } from "../support/finch-faults.ts";
import { connect, createCustomer, type TestCustomer } from "../support/journey.ts";
import { patience } from "../support/patience.ts";
import { countKinds, itemsAbout } from "../support/table.ts";
import { expectSameAgain } from "../support/unchanged.ts";
import { importToken, problemOf } from "../support/ways-in.ts";

const products = ["company", "directory"];

/** A token for the customer's own company at Gusto, which Finch names no customer for. */
const mint = (customer: TestCustomer, input: object = {}) =>
  mintToken({ provider: "gusto", company: customer.name, products, ...input });

const expectRefusedToken = (answer: Answer) => {
  expect([answer.status, problemOf(answer)]).toEqual([400, "invalid_request"]);
  expect(answer.json<schema.Problem>().errors).toMatchObject([{ field: "body.access_token" }]);
};

const expectNothingKept = async (customer: TestCustomer) =>
  expect(countKinds(await itemsAbout(customer.id))).toEqual({ CUSTOMER: 1 });

describe.concurrent("an imported token", () => {
  it("makes a connection, with all that Finch says of it; imported again, nothing changes", async () => {
    const customer = await createCustomer();
    const { accessToken, connectionId } = await mint(customer, { customer_id: customer.id, username: "multi_entity" });
    const first = await importToken(customer, accessToken);
    expect(first.status, first.text).toBe(201);
    expect(first.json()).toMatchObject({ connection_id: connectionId, status: "connected", provider_id: "gusto" });
    expect(first.json<schema.Connection>().introspected_at).not.toBeNull();
    // Perch looks by itself soon after: then the connection and its three entities are in the index of employers.
    const lookedAt = async () =>
      expect((await itemsAbout(customer.id)).filter(({ pk }) => /^(COMPANY|SOURCE)#/.test(`${pk}`))).toHaveLength(4);
    await vi.waitFor(lookedAt, patience);
    await expectSameAgain({ customer, connectionId }, 200, () => importToken(customer, accessToken));
    const entities = ["", " East", " West"].map((suffix) => `${customer.name}${suffix}`);
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name, products, entities });
    await expectAgreement({ customers: [customer] });
  });

  it("five times at once is one token", async () => {
    const customer = await createCustomer();
    const { accessToken, connectionId } = await mint(customer);
    const answers = await Promise.all(Array.from({ length: 5 }, () => importToken(customer, accessToken)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 201]);
    expect((await readConnection(customer, connectionId)).tokens).toHaveLength(1);
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name, products });
    await expectAgreement({ customers: [customer] });
  });

  it("of a connection that the customer has is one more token of it", async () => {
    const customer = await createCustomer();
    const first = await mint(customer);
    expect((await importToken(customer, first.accessToken)).status).toBe(201);
    const others = ["payment", "pay_statement"];
    const second = await mintToken({ connection_id: first.connectionId, products: others });
    expect((await importToken(customer, second.accessToken)).status).toBe(200);
    await readBack(customer, first.connectionId, {
      provider: "gusto",
      company: customer.name,
      products: [...products, ...others],
      tokens: [products, others],
    });
    await expectAgreement({ customers: [customer] });
  });

  it("is refused and not kept: another application's, one that Finch does not know, one that is too long", async () => {
    const customer = await createCustomer();
    const foreign = await mint(customer, { client_id: crypto.randomUUID() });
    expectRefusedToken(await importToken(customer, foreign.accessToken));
    expectRefusedToken(await importToken(customer, crypto.randomUUID()));
    expectRefusedToken(await importToken(customer, "x".repeat(4_097)));
    const { accessToken, connectionId } = await mint(customer);
    await controlFinch("POST", `connections/${connectionId}`, { status: "disconnected" });
    expectRefusedToken(await importToken(customer, accessToken));
    await expectNothingKept(customer);
  });

  it("is refused and not kept: one of another environment", async () => {
    const customer = await createCustomer();
    const { accessToken } = await mint(customer, { client_type: "production" });
    const refused = await importToken(customer, accessToken);
    expect([refused.status, problemOf(refused)]).toEqual([409, "wrong_client_type"]);
    await expectNothingKept(customer);
  });

  it("of a connection that another customer owns is refused, and says nothing about the owner", async () => {
    const [owner, customer] = [await createCustomer(), await createCustomer()];
    const { connectionId } = await connect(owner);
    const minted = await mintToken({ connection_id: connectionId, products });
    const refused = await importToken(customer, minted.accessToken);
    expect([refused.status, problemOf(refused)]).toEqual([409, "connection_conflict"]);
    for (const secret of [owner.id, owner.name, connectionId]) expect(refused.text).not.toContain(secret);
    await expectNothingKept(customer);
    await readBack(owner, connectionId, { provider: "gusto", company: owner.name });
    // The token goes on at Finch: ending it would cut the owner off.
    await expectAgreement({ customers: [owner, customer], unkept: 1 });
  });

  it("for which Finch names another customer is refused and not kept", async () => {
    const [named, customer] = [await createCustomer(), await createCustomer()];
    const { accessToken } = await mint(customer, { customer_id: named.id });
    const refused = await importToken(customer, accessToken);
    expect([refused.status, problemOf(refused)]).toEqual([409, "connection_conflict"]);
    await expectNothingKept(customer);
    await expectNothingKept(named);
    expect((await importToken(named, accessToken)).status).toBe(201);
    await expectAgreement({ customers: [named, customer] });
  });

  it("waits for its customer where Finch says so", async () => {
    const customer = await createCustomer();
    const { accessToken, connectionId } = await mint(customer);
    await controlFinch("POST", `connections/${connectionId}`, { status: "reauth" });
    const imported = await importToken(customer, accessToken);
    expect([imported.status, imported.json()]).toMatchObject([201, { status: "reauth" }]);
    await controlFinch("POST", `connections/${connectionId}`, { status: "connected" });
    expect(await introspect(customer, connectionId)).toMatchObject({ status: "connected" });
  });

  it("of a held connection, or one too many for mode single, is refused and not kept", async () => {
    const customer = await createCustomer("single");
    const held = await connectHeld(customer);
    const ofHeld = await mintToken({ connection_id: held, products });
    const refused = await importToken(customer, ofHeld.accessToken);
    expect([refused.status, problemOf(refused)]).toEqual([409, "connection_held"]);
    expect((await accept(customer, held)).status).toBe(200);
    const second = await mint(customer, { provider: "rippling" });
    const tooMany = await importToken(customer, second.accessToken);
    expect([tooMany.status, problemOf(tooMany)]).toEqual([409, "connection_limit_reached"]);
    expect((await listConnections(customer)).map((each) => each.connection_id)).toEqual([held]);
    await expectAgreement({ customers: [customer], unkept: 1 });
  });
});

/** Connects with a session whose connection is held. */
const connectHeld = async (customer: TestCustomer): Promise<string> => {
  const { connectionId } = await connect(customer, { input: { require_acceptance: true } });
  return connectionId;
};

describe.concurrent("an import while Finch is in trouble", () => {
  it.for(["server_error", "upstream_rate_limit_exceeded", "reset_before", "answer_lost", "unreadable"])(
    "%s: nothing is changed, and the same request works later",
    async (kind) => {
      const customer = await createCustomer();
      const { accessToken, connectionId } = await mint(customer);
      const request = { json: { access_token: accessToken }, mayFail: true };
      const failed = await withFault({ connectionId, path: "/introspect" }, { kind }, () =>
        callBackend(`${customer.path}/connections`, request),
      );
      expect([failed.status, problemOf(failed)]).toEqual([503, "finch_unavailable"]);
      expect(failed.json<schema.Problem>().retry_after).toBeGreaterThan(0);
      await expectNothingKept(customer);
      expect((await importToken(customer, accessToken)).status).toBe(201);
      await readBack(customer, connectionId, { provider: "gusto", company: customer.name, products });
    },
  );
});
