/** Held connections are known and encrypted, and nobody's to use until the backend accepts them. */
import { describe, expect, it } from "vitest";
import { expectAgreement } from "../support/agreement.ts";
import { callBackend } from "../support/api.ts";
import { tokensEver } from "../support/aws.ts";
import { type Browser, createBrowser } from "../support/browser.ts";
import { accept, introspect, listConnections, pathOf, readBack, readConnection } from "../support/connections.ts";
import { controlFinch, finchConnectionsOf } from "../support/finch.ts";
import { awaitDisconnected } from "../support/functions.ts";
import {
  comeBack,
  connect,
  createCustomer,
  reachCallback,
  readReturn,
  readSession,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";
import { countKinds, itemsAbout, readOwner } from "../support/table.ts";
import { problemOf } from "../support/ways-in.ts";

interface Held {
  /** Whom Finch names. */
  readonly customer: TestCustomer;
  /** Whose session it came out of. */
  readonly other: TestCustomer;
  readonly company: string;
  readonly connectionId: string;
  /** The customer's own way back, which has not been used. */
  readonly browser: Browser;
  readonly callback: URL;
}

/** A customer signs in, and before it comes back, another one does so to the same account: Finch names the first. */
const hold = async (mode?: "single"): Promise<Held> => {
  const [customer, other] = [await createCustomer(mode), await createCustomer()];
  const company = `${crypto.randomUUID()} Ltd.`;
  const browser = createBrowser();
  const callback = await reachCallback(browser, await startSession(customer), { company });
  const [made] = await finchConnectionsOf(customer.id);
  const connectionId = made?.id ?? "";
  const stranger = createBrowser();
  const session = await startSession(other);
  const back = readReturn(await comeBack(stranger, await reachCallback(stranger, session, { company })));
  expect(back).toEqual({ session_id: session.session_id, status: "failed" });
  expect(await readSession(other, session.session_id)).toMatchObject({
    status: "failed",
    failure_reason: "connection_conflict",
    connection_id: null,
  });
  return { customer, other, company, connectionId, browser, callback };
};

const remove = (customer: TestCustomer, connectionId: string, query = "") =>
  callBackend(`${pathOf(customer, connectionId)}${query}`, { method: "DELETE" });

describe.concurrent("a connection for which Finch names another customer", () => {
  it("is held under that customer, and the session's own learns nothing", async () => {
    const { customer, other, connectionId } = await hold();
    expect(await listConnections(other)).toEqual([]);
    expect(countKinds(await itemsAbout(`TOKENS#${other.id}`))).toEqual({});
    const [held, ...more] = await listConnections(customer, "status=held");
    expect(more).toEqual([]);
    expect(held).toMatchObject({
      connection_id: connectionId,
      customer_id: customer.id,
      status: "held",
      held_reason: "customer_mismatch",
    });
    expect(await readOwner(connectionId)).toBe(customer.id);
    expect((await callBackend(pathOf(other, connectionId))).status).toBe(404);
    await expectAgreement({ customers: [customer, other] });
  });

  it("accepted, is in use", async () => {
    const { customer, other, connectionId, company } = await hold();
    const accepted = await accept(customer, connectionId);
    expect([accepted.status, accepted.json()]).toMatchObject([200, { status: "connected", held_reason: null }]);
    const again = await accept(customer, connectionId);
    expect([again.status, problemOf(again)]).toEqual([409, "not_held"]);
    expect((await accept(other, connectionId)).status).toBe(404);
    await readBack(customer, connectionId, { provider: "gusto", company });
    await expectAgreement({ customers: [customer, other] });
  });

  it("comes into use by the customer's own session, too", async () => {
    const { customer, other, connectionId, company, browser, callback } = await hold();
    const back = readReturn(await comeBack(browser, callback));
    expect(back).toMatchObject({ status: "connected", connection_id: connectionId });
    expect(await tokensEver(customer)).toBe(2);
    await readBack(customer, connectionId, { provider: "gusto", company });
    await expectAgreement({ customers: [customer, other], unkept: 1 });
  });

  it("discarded, has no owner any more, and is claimed anew by whoever it is for", async () => {
    const { customer, other, connectionId, company } = await hold();
    expect((await remove(other, connectionId)).status).toBe(404);
    expect((await remove(customer, connectionId)).status).toBe(204);
    expect((await callBackend(pathOf(customer, connectionId))).status).toBe(404);
    expect((await remove(customer, connectionId)).status).toBe(404);
    expect(await readOwner(connectionId)).toBeUndefined();
    await expectAgreement({ customers: [customer, other], discarded: [connectionId], unkept: 1 });

    await controlFinch("POST", `connections/${connectionId}`, { customer_id: other.id });
    const anew = await connect(other, { company });
    expect(anew).toMatchObject({ status: "connected", connectionId });
    await readBack(other, connectionId, { provider: "gusto", company });
    await expectAgreement({ customers: [customer, other], unkept: 1 });
  });

  it("discarded and disconnected, ends at Finch", async () => {
    const { customer, other, connectionId, company } = await hold();
    const removed = await remove(customer, connectionId, "?disconnect=true");
    expect([removed.status, removed.json()]).toMatchObject([202, { status: "disconnecting" }]);
    await awaitDisconnected(customer, connectionId);
    await expectAgreement({ customers: [customer, other], disconnected: [connectionId] });
    // Finch makes another connection of the same account.
    const anew = await connect(other, { company });
    expect(anew.connectionId).not.toBe(connectionId);
    await readBack(other, anew.connectionId, { provider: "gusto", company });
    await expectAgreement({ customers: [customer, other], disconnected: [connectionId] });
  });

  it("is nobody else's: the next try of another customer is dropped", async () => {
    const { customer, other, connectionId, company } = await hold();
    const [session, browser] = [await startSession(other), createBrowser()];
    const back = readReturn(await comeBack(browser, await reachCallback(browser, session, { company })));
    expect(back).toEqual({ session_id: session.session_id, status: "failed" });
    expect(await readSession(other, session.session_id)).toMatchObject({ failure_reason: "connection_conflict" });
    expect((await readConnection(customer, connectionId)).tokens).toHaveLength(1);
    await expectAgreement({ customers: [customer, other], unkept: 1 });
  });

  it("cannot be accepted beside the one connection of mode single", async () => {
    const { customer, other, connectionId } = await hold("single");
    const { connectionId: own } = await connect(customer, { company: customer.name });
    const refused = await accept(customer, connectionId);
    expect([refused.status, problemOf(refused)]).toEqual([409, "connection_limit_reached"]);
    expect(await readConnection(customer, connectionId)).toMatchObject({ status: "held" });
    await readBack(customer, own, { provider: "gusto", company: customer.name });
    await expectAgreement({ customers: [customer, other] });
  });
});

describe.concurrent("a connection for which Finch names a customer that nobody has put", () => {
  it("is dropped, and never disconnected", async () => {
    const customer = await createCustomer();
    const [session, browser] = [await startSession(customer), createBrowser()];
    const callback = await reachCallback(browser, session);
    const [made] = await finchConnectionsOf(customer.id);
    await controlFinch("POST", `connections/${made?.id}`, { customer_id: `nobody-${customer.id}` });
    expect(readReturn(await comeBack(browser, callback))).toEqual({
      session_id: session.session_id,
      status: "failed",
    });
    expect(await readSession(customer, session.session_id)).toMatchObject({
      status: "failed",
      failure_reason: "customer_mismatch",
    });
    expect(await readOwner(made?.id ?? "")).toBeUndefined();
    await expectAgreement({ customers: [customer], discarded: [made?.id ?? ""], unkept: 1 });
  });
});

describe.concurrent("a session that asks for acceptance", () => {
  it("ends as pending, with a connection that is held until it is accepted", async () => {
    const customer = await createCustomer();
    const { connectionId, status, session } = await connect(customer, { input: { require_acceptance: true } });
    expect([status, session.outcome]).toEqual(["pending", "pending"]);
    expect(await readConnection(customer, connectionId)).toMatchObject({
      status: "held",
      held_reason: "acceptance_required",
    });
    // Signing in again does not take the decision from the backend.
    expect((await connect(customer)).status).toBe("pending");
    expect((await readConnection(customer, connectionId)).status).toBe("held");
    expect((await accept(customer, connectionId)).status).toBe(200);
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
    // In use, it stays in use: what is asked for is about connections that are new.
    expect((await connect(customer, { input: { require_acceptance: true } })).status).toBe("known");
    // The newest token supersedes both others, now or with a look that is under way.
    await introspect(customer, connectionId);
    await expectAgreement({ customers: [customer], unkept: 2 });
  });

  it("whose connection is discarded leaves nothing", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer, { input: { require_acceptance: true } });
    expect((await remove(customer, connectionId)).status).toBe(204);
    // Where a look answered Finch's webhook before, that it was seen is remembered.
    const left = (await itemsAbout(connectionId)).filter(({ sk }) => sk !== "WEBHOOK");
    expect(countKinds(left)).toEqual({ SESSION: 1 });
    await expectAgreement({ customers: [customer], discarded: [connectionId], unkept: 1 });
    expect((await connect(customer)).status).toBe("connected");
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
  });
});
