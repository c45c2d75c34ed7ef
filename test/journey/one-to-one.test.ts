/** 1:1: a customer in mode `single` has one connection, and gets no second one. */
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { expectAgreement } from "../support/agreement.ts";
import { callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { listConnections, readBack } from "../support/connections.ts";
import { finchConnectionsOf } from "../support/finch.ts";
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

const setMode = (customer: TestCustomer, mode: schema.CustomerMode) =>
  callBackend(customer.path, { method: "PUT", json: { name: customer.name, mode } });

const limitReached = { type: "urn:perch:problem:connection_limit_reached", status: 409 };

describe.concurrent("1:1", () => {
  it("refuses a session for a second connection, even 20 at once", async () => {
    const customer = await createCustomer("single");
    const { connectionId } = await connect(customer);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        callBackend(`${customer.path}/connect-sessions`, { json: { products: ["company"] } }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(409));
    expect(answers[0]?.json()).toMatchObject(limitReached);
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
  });

  it("brings one of several sessions into use that were all begun before the first connection", async () => {
    const customer = await createCustomer("single");
    const begun = await Promise.all(
      Array.from({ length: 5 }, async (_, index) => {
        const [browser, session] = [createBrowser(), await startSession(customer)];
        const callback = await reachCallback(browser, session, { company: `${customer.name} ${index}` });
        return { browser, session, callback };
      }),
    );
    const backs = await Promise.all(begun.map(({ browser, callback }) => comeBack(browser, callback)));
    expect(backs.map((back) => readReturn(back)["status"]).toSorted()).toEqual([
      "connected",
      ...Array(4).fill("failed"),
    ]);
    const sessions = await Promise.all(begun.map(({ session }) => readSession(customer, session.session_id)));
    const failed = sessions.filter((session) => session.status === "failed");
    expect(failed.map((session) => session.failure_reason)).toEqual(Array(4).fill("connection_limit"));
    expect(failed.every((session) => session.connection_id === null)).toBe(true);
    const [won] = sessions.filter((session) => session.status === "completed");
    const kept = won?.connection_id ?? "";
    const listed = await listConnections(customer);
    expect(listed.filter(({ status }) => status !== "disconnecting").map((each) => each.connection_id)).toEqual([kept]);

    // The others are one too many: they are stored until Finch has ended them.
    const atFinch = await finchConnectionsOf(customer.id);
    const company = atFinch.find(({ id }) => id === kept)?.companyName ?? "";
    const others = atFinch.map(({ id }) => id).filter((id) => id !== kept);
    expect(others).toHaveLength(4);
    for (const id of others) await awaitDisconnected(customer, id);
    expect((await listConnections(customer)).map((each) => each.connection_id)).toEqual([kept]);
    await readBack(customer, kept, { provider: "gusto", company });
    await expectAgreement({ customers: [customer], disconnected: others });
  });

  it("does not turn single on for a customer with two connections, and does for one with one", async () => {
    const customer = await createCustomer();
    const first = await connect(customer);
    expect((await setMode(customer, "single")).json()).toMatchObject({ mode: "single" });
    expect((await setMode(customer, "multiple")).status).toBe(200);
    const second = await connect(customer, { provider: "rippling" });
    const refused = await setMode(customer, "single");
    expect(refused.status).toBe(409);
    expect(refused.json()).toMatchObject(limitReached);
    expect((await callBackend(customer.path)).json()).toMatchObject({ mode: "multiple" });
    await readBack(customer, first.connectionId, { provider: "gusto", company: customer.name });
    await readBack(customer, second.connectionId, { provider: "rippling", company: customer.name });
  });
});
