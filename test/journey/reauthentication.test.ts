/** A connection is signed in again and stays the same one; its old token is used until the new one has shown itself. */
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { failReauthentication } from "../../local/finch/drive-connect.ts";
import { expectAgreement } from "../support/agreement.ts";
import { callBackend } from "../support/api.ts";
import { tokensEver } from "../support/aws.ts";
import { createBrowser } from "../support/browser.ts";
import {
  awaitLook,
  besideLooks,
  introspect,
  listConnections,
  pathOf,
  readBack,
  readConnection,
} from "../support/connections.ts";
import { listen } from "../support/events.ts";
import { controlFinch, withSetting } from "../support/finch.ts";
import {
  comeBack,
  connect,
  createCustomer,
  openLink,
  reachCallback,
  readReturn,
  readSession,
  type SignIn,
  type TestCustomer,
} from "../support/journey.ts";
import { readOwner } from "../support/table.ts";
import { awaitStatus, connectAndLook, followPrompt, promptsIn, readPrompt, setStatus } from "../support/trouble.ts";
import {
  bringCode,
  problemOf,
  signInEmbedded,
  startEmbeddedReauthentication,
  startReauthentication,
} from "../support/ways-in.ts";

const bus = listen();

/** Goes through a session that signs a connection in again; what the browser brings back, and how the session ended. */
const reauthenticate = async (customer: TestCustomer, connectionId: string, who: SignIn = {}) => {
  const [session, browser] = [await startReauthentication(customer, connectionId), createBrowser()];
  const back = readReturn(await comeBack(browser, await reachCallback(browser, session, who)));
  return { back, session: await readSession(customer, session.session_id) };
};

describe.concurrent("signing a connection in again", () => {
  it("keeps the connection, whose old token goes when the new one has shown that it covers it", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    await callBackend(pathOf(customer, connectionId), { method: "PATCH", json: { label: "payroll" } });
    await controlFinch("POST", `connections/${connectionId}`, { status: "reauth" });
    const before = await introspect(customer, connectionId);
    expect(before.status).toBe("reauth");
    const session = await startReauthentication(customer, connectionId);
    expect(session).toMatchObject({
      purpose: "reauthenticate",
      reauthenticates: connectionId,
      integration: { provider: "gusto" },
    });
    const { back, session: ended } = await reauthenticate(customer, connectionId);
    expect(back).toEqual({ session_id: ended.session_id, status: "reconnected", connection_id: connectionId });
    expect(ended).toMatchObject({ status: "completed", outcome: "reconnected", connection_id: connectionId });
    const after = await readConnection(customer, connectionId);
    expect(after).toMatchObject({ status: "connected", label: "payroll", created_at: before.created_at });
    expect(await tokensEver(customer)).toBe(2);
    const seen = await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
    expect(seen.tokens).toHaveLength(1);
    expect(seen.tokens[0]?.token_id).not.toBe(before.tokens[0]?.token_id);
    await expectAgreement({ customers: [customer], unkept: 1 });
  });

  it("embedded, for other products: both tokens stay until one covers the other", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer, { input: { products: ["company", "directory"] } });
    for (const products of [["payment"], ["company", "directory", "payment"]] as const) {
      const session = await startEmbeddedReauthentication(customer, connectionId, [...products]);
      const brought = await bringCode(customer, await signInEmbedded(session));
      expect([brought.status, brought.json()]).toMatchObject([200, { connection_id: connectionId }]);
      expect((await introspect(customer, connectionId)).tokens).toHaveLength(products.length === 1 ? 2 : 1);
    }
    await readBack(customer, connectionId, {
      provider: "gusto",
      company: customer.name,
      products: ["company", "directory", "payment"],
    });
    await expectAgreement({ customers: [customer], unkept: 2 });
  });

  it("is for the customer's own connections that are not on their way out", async () => {
    const [customer, other] = [await createCustomer(), await createCustomer()];
    const { connectionId } = await connect(customer);
    const start = (who: TestCustomer, id: string) =>
      callBackend(`${pathOf(who, id)}/reauthenticate-sessions`, { json: {} });
    expect((await start(other, connectionId)).status).toBe(404);
    expect((await start(customer, crypto.randomUUID())).status).toBe(404);
    await callBackend(pathOf(customer, connectionId), { method: "DELETE" });
    const late = await start(customer, connectionId);
    // Where a sweep has driven it in between, it is gone already.
    expect([404, 409]).toContain(late.status);
    if (late.status === 409) expect(problemOf(late)).toBe("connection_disconnecting");
  });

  it("that Finch refuses leaves everything as it is, and the link open", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    const [session, browser] = [await startReauthentication(customer, connectionId), createBrowser()];
    const connectUrl = await openLink(browser, session);
    const callback = await failReauthentication({ connectUrl, provider: "gusto", company: "Somebody Else Ltd." });
    const back = readReturn(await comeBack(browser, callback));
    expect(back).toEqual({ session_id: session.session_id, status: "failed" });
    expect(await readSession(customer, session.session_id)).toMatchObject({ status: "open" });
    const again = readReturn(await comeBack(browser, await reachCallback(browser, session)));
    expect(again["status"]).toBe("reconnected");
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
    await expectAgreement({ customers: [customer], unkept: 1 });
  });
});

describe("signing in to another account", () => {
  it("that the customer has connected: its connection gains the token, and the one asked about is as it was", async () => {
    const customer = await createCustomer();
    const [first, other] = [await connect(customer), await connect(customer, { company: `${customer.name} Holding` })];
    const before = await awaitLook(customer, first.connectionId);
    const { back, session } = await withSetting(customer.name, { reauthOtherCompany: "connect" }, () =>
      reauthenticate(customer, first.connectionId, { company: `${customer.name} Holding` }),
    );
    expect(back).toEqual({ session_id: session.session_id, status: "other" });
    expect(session).toMatchObject({ status: "failed", failure_reason: "wrong_account", connection_id: null });
    expect(await readConnection(customer, first.connectionId)).toEqual(besideLooks(before));
    expect(await tokensEver(customer)).toBe(3);
    await readBack(customer, first.connectionId, { provider: "gusto", company: customer.name });
    await readBack(customer, other.connectionId, { provider: "gusto", company: `${customer.name} Holding` });
    await expectAgreement({ customers: [customer], unkept: 1 });
  });

  it("that nobody has connected: what comes of it is held, and the prompt stands", async () => {
    const own = await connectAndLook();
    const { customer, connectionId } = own;
    await setStatus(connectionId, "reauth");
    await awaitStatus(own, "reauth");
    const prompt = readPrompt(promptsIn(await bus.of(customer.id, 3))[0], own);
    const before = await readConnection(customer, connectionId);
    const { back, sessionId } = await withSetting(customer.name, { reauthOtherCompany: "connect" }, () =>
      followPrompt(prompt, { company: `${customer.name} Holding` }),
    );
    expect(back).toEqual({ session_id: sessionId, status: "other" });
    const failed = { status: "failed", failure_reason: "wrong_account", connection_id: null };
    expect(await readSession(customer, sessionId)).toMatchObject(failed);
    const [held, ...more] = await listConnections(customer, "status=held");
    expect(more).toEqual([]);
    expect(held).toMatchObject({ status: "held", held_reason: "wrong_account" });
    expect(await readOwner(held?.connection_id ?? "")).toBe(customer.id);
    const { status, tokens } = await readConnection(customer, connectionId);
    expect({ status, tokens }).toEqual({ status: "reauth", tokens: before.tokens });
    // The right one, with what the same prompt tells.
    expect((await followPrompt(prompt)).back).toMatchObject({ status: "reconnected", connection_id: connectionId });
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
    expect(promptsIn(await bus.of(customer.id, 5))).toHaveLength(1);
    await expectAgreement({ customers: [customer], unkept: 1 });
  });

  it("that another customer owns: the token is dropped, and nothing is said about the owner", async () => {
    const [owner, customer] = [await createCustomer(), await createCustomer()];
    const [theirs, own] = [await connect(owner), await connect(customer)];
    const { back, session } = await withSetting(customer.name, { reauthOtherCompany: "connect" }, () =>
      reauthenticate(customer, own.connectionId, { company: owner.name }),
    );
    expect(back).toEqual({ session_id: session.session_id, status: "failed" });
    expect(session).toMatchObject({ status: "failed", failure_reason: "connection_conflict", connection_id: null });
    const described: schema.Connection = await readBack(owner, theirs.connectionId, {
      provider: "gusto",
      company: owner.name,
    });
    expect(described.tokens).toHaveLength(1);
    await readBack(customer, own.connectionId, { provider: "gusto", company: customer.name });
    await expectAgreement({ customers: [owner, customer], unkept: 1 });
  });
});
