/** A disconnect is driven by what is stored until Finch confirms it; then nothing is left but the tombstone. */
import { describe, expect, it, vi } from "vitest";
import { expectAgreement } from "../support/agreement.ts";
import { callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { accept, listConnections, pathOf, readBack } from "../support/connections.ts";
import { controlFinch, withErrorsOf } from "../support/finch.ts";
import { awaitDisconnected, driveDisconnect } from "../support/functions.ts";
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
import { patience } from "../support/patience.ts";
import { countKinds, itemsAbout, readTable } from "../support/table.ts";

const disconnect = async (customer: TestCustomer, connectionId: string) => {
  const asked = await callBackend(pathOf(customer, connectionId), { method: "DELETE" });
  expect([asked.status, asked.json()]).toMatchObject([202, { connection_id: connectionId, status: "disconnecting" }]);
};

/** The disconnect as it is stored; undefined when the connection is gone. */
const readDisconnect = async (connectionId: string) =>
  (await readTable()).find((item) => item["sk"] === `CONNECTION#${connectionId}`)?.["disconnect"] as
    | { readonly attempts: number }
    | undefined;

/**
 * Lets Finch fail for this connection while its end is asked for, until the first attempt has been made: within seconds, by
 * itself. What is to hold meanwhile is looked at before Finch gets well, since another attempt may come at any time.
 */
const failingToDisconnect = (
  customer: TestCustomer,
  connectionId: string,
  kind: string,
  meanwhile: () => Promise<void>,
): Promise<void> =>
  withErrorsOf(
    connectionId,
    kind,
    async () => {
      await disconnect(customer, connectionId);
      await vi.waitFor(async () => expect((await readDisconnect(connectionId))?.attempts).toBeGreaterThan(0), patience);
      expect(await readDisconnect(connectionId)).toMatchObject({ reason: "requested" });
      await meanwhile();
    },
    "/disconnect",
  );

describe.concurrent("disconnecting a connection", () => {
  it("ends it at Finch with all its tokens, and leaves a tombstone that names nobody", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer, { input: { products: ["company"] } });
    await connect(customer, { input: { products: ["payment"] } });
    const kept = await connect(customer, { provider: "bamboo_hr" });
    await disconnect(customer, connectionId);
    await awaitDisconnected(customer, connectionId);
    expect((await listConnections(customer)).map((each) => each.connection_id)).toEqual([kept.connectionId]);
    const left = (await itemsAbout(connectionId)).filter(({ sk }) => sk !== "SESSION" && sk !== "WEBHOOK");
    expect(left).toEqual([
      {
        pk: `OWNER#${connectionId}`,
        sk: "OWNER",
        customer_hash: expect.stringMatching(/^[\w-]{43,}$/),
        disconnected_at: expect.any(String),
      },
    ]);
    expect((await callBackend(pathOf(customer, connectionId), { method: "DELETE" })).status).toBe(404);
    await readBack(customer, kept.connectionId, { provider: "bamboo_hr", company: customer.name });
    await expectAgreement({ customers: [customer], disconnected: [connectionId] });

    // Connected anew, it is another connection: the tombstone does not stand in the way.
    const anew = await connect(customer);
    expect(anew.status).toBe("connected");
    expect(anew.connectionId).not.toBe(connectionId);
    await readBack(customer, anew.connectionId, { provider: "gusto", company: customer.name });
    await expectAgreement({ customers: [customer], disconnected: [connectionId] });
  });

  it("whose answer is lost is confirmed by the next attempt", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    const fault = { path: "/disconnect", kind: "answer_lost", connection_id: connectionId };
    await controlFinch("POST", "faults", fault);
    await disconnect(customer, connectionId);
    // Another test's sweep may have come in between with the next one.
    await vi.waitFor(async () => expect((await readDisconnect(connectionId))?.attempts).not.toBe(0), patience);
    await driveDisconnect(customer, connectionId);
    expect(await readDisconnect(connectionId)).toBeUndefined();
    await expectAgreement({ customers: [customer], disconnected: [connectionId] });
  });

  it.for(["server_error", "upstream_rate_limit_exceeded"])(
    "goes on after %s until Finch confirms it, and keeps the tokens until then",
    async (kind) => {
      const customer = await createCustomer();
      const { connectionId } = await connect(customer);
      await failingToDisconnect(customer, connectionId, kind, async () => {
        expect(countKinds(await itemsAbout(`TOKENS#${customer.id}`))).toEqual({ TOKEN: 1 });
      });
      await driveDisconnect(customer, connectionId);
      expect(await readDisconnect(connectionId)).toBeUndefined();
      await expectAgreement({ customers: [customer], disconnected: [connectionId] });
    },
  );

  it("that has ended at Finch already is confirmed by its tokens being invalid", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    await controlFinch("POST", `connections/${connectionId}`, { status: "disconnected" });
    await disconnect(customer, connectionId);
    await awaitDisconnected(customer, connectionId);
    await expectAgreement({ customers: [customer], disconnected: [connectionId] });
  });

  it("tells whoever signs in to it meanwhile to connect anew, and ends what that made as well", async () => {
    const customer = await createCustomer();
    const { connectionId } = await connect(customer);
    const [session, browser] = [await startSession(customer), createBrowser()];
    const callback = await reachCallback(browser, session);
    await failingToDisconnect(customer, connectionId, "server_error", async () => {
      const returned = readReturn(await comeBack(browser, callback));
      expect(returned).toEqual({ session_id: session.session_id, status: "failed" });
      const ended = await readSession(customer, session.session_id);
      expect(ended).toMatchObject({ status: "failed", failure_reason: "connection_disconnecting" });
      expect((await accept(customer, connectionId)).status).toBe(409);
    });
    await driveDisconnect(customer, connectionId);
    await awaitDisconnected(customer, connectionId);
    await expectAgreement({ customers: [customer], disconnected: [connectionId] });
  });

  it("of a customer in mode single makes room for another one, once Finch has confirmed it", async () => {
    const customer = await createCustomer("single");
    const { connectionId } = await connect(customer);
    await disconnect(customer, connectionId);
    await awaitDisconnected(customer, connectionId);
    const anew = await connect(customer, { provider: "rippling" });
    await readBack(customer, anew.connectionId, { provider: "rippling", company: customer.name });
    await expectAgreement({ customers: [customer], disconnected: [connectionId] });
  });
});
