/** Finch Connect inside the platform's own page: the backend brings the code, and the `state` that it was given. */
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { leaveEmbedded } from "../../local/finch/drive-embedded.ts";
import { expectAgreement } from "../support/agreement.ts";
import { type Answer, callBackend } from "../support/api.ts";
import { tokensEver } from "../support/aws.ts";
import { createBrowser } from "../support/browser.ts";
import { awaitLook, listConnections, readBack } from "../support/connections.ts";
import { comeBack, createCustomer, reachCallback, readReturn, readSession, startSession } from "../support/journey.ts";
import { readStack } from "../support/stack.ts";
import { countKinds, itemsAbout } from "../support/table.ts";
import { expectSameAgain } from "../support/unchanged.ts";
import { bringCode, connectEmbedded, problemOf, signInEmbedded, startEmbedded } from "../support/ways-in.ts";

const expectInvalidState = (answer: Answer) => {
  expect([answer.status, problemOf(answer)]).toEqual([400, "invalid_state"]);
  expect(answer.json<schema.Problem>().errors).toEqual([
    { field: "body.state", message: "must be of an open embedded session of this customer" },
  ]);
};

describe.concurrent("an embedded session", () => {
  it("connects with what the page brings; brought again, it gives the first result again", async () => {
    const customer = await createCustomer();
    const session = await startEmbedded(customer);
    expect(session).toMatchObject({ mode: "embedded", connect_url: null, return_url: null, status: "open" });
    const brought = await signInEmbedded(session);
    const first = await bringCode(customer, brought);
    expect(first.status, first.text).toBe(201);
    const { connection_id: connectionId } = first.json<schema.Connection>();
    expect(await readSession(customer, session.session_id)).toMatchObject({
      status: "completed",
      outcome: "connected",
      connection_id: connectionId,
    });
    await awaitLook(customer, connectionId);
    await expectSameAgain({ customer, connectionId }, 201, () => bringCode(customer, brought));
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
    await expectAgreement({ customers: [customer] });
  });

  it("twice at the same moment is one exchange", async () => {
    const customer = await createCustomer();
    const brought = await signInEmbedded(await startEmbedded(customer), { username: "mfa" });
    const answers = await Promise.all(Array.from({ length: 5 }, () => bringCode(customer, brought)));
    expect(answers.every(({ status }) => status === 201 || status === 202)).toBe(true);
    const last = await bringCode(customer, brought);
    expect(last.status).toBe(201);
    expect(countKinds(await itemsAbout(`TOKENS#${customer.id}`))).toEqual({ TOKEN: 1 });
    const { connection_id: connectionId } = last.json<schema.Connection>();
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
    await expectAgreement({ customers: [customer] });
  });

  it("of an account that the customer has connected already: 200, and one more token", async () => {
    const customer = await createCustomer();
    const first = (await connectEmbedded(customer)).json<schema.Connection>();
    const second = await connectEmbedded(customer);
    expect([second.status, second.json()]).toMatchObject([200, { connection_id: first.connection_id }]);
    expect(await tokensEver(customer)).toBe(2);
    await readBack(customer, first.connection_id, { provider: "gusto", company: customer.name });
    await expectAgreement({ customers: [customer], unkept: 1 });
  });

  it("belongs to its customer: another one's backend cannot use its state, and nothing changes", async () => {
    const [customer, other] = [await createCustomer(), await createCustomer()];
    const session = await startEmbedded(customer);
    const brought = await signInEmbedded(session);
    const before = await itemsAbout(customer.id, other.id, session.session_id);
    expectInvalidState(await bringCode(other, brought));
    expectInvalidState(await bringCode({ ...other, path: `/v1/customers/nobody-${other.id}` }, brought));
    expect(await itemsAbout(customer.id, other.id, session.session_id)).toEqual(before);
    const { connection_id: connectionId } = (await bringCode(customer, brought)).json<schema.Connection>();
    expectInvalidState(await bringCode(other, brought));
    expect(await listConnections(other)).toEqual([]);
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
    await expectAgreement({ customers: [customer, other] });
  });

  it("takes no state of a link, and a link's callback none of an embedded session", async () => {
    const customer = await createCustomer();
    const [embedded, linked, browser] = [await startEmbedded(customer), await startSession(customer), createBrowser()];
    const brought = await signInEmbedded(embedded);
    const callback = await reachCallback(browser, linked, { provider: "bamboo_hr" });
    const [state, code] = [callback.searchParams.get("state") ?? "", callback.searchParams.get("code") ?? ""];
    const before = await itemsAbout(customer.id);
    expectInvalidState(await bringCode(customer, { code, state }));
    expectInvalidState(await bringCode(customer, { code: brought.code, state }));
    const swapped = new URL(callback);
    swapped.searchParams.set("state", brought.state);
    expect((await comeBack(browser, swapped)).status).toBe(400);
    swapped.searchParams.set("code", brought.code);
    expect((await comeBack(browser, swapped)).status).toBe(400);
    expect(await itemsAbout(customer.id)).toEqual(before);

    const inPage = (await bringCode(customer, brought)).json<schema.Connection>();
    const byLink = readReturn(await comeBack(browser, callback));
    expect(byLink["status"]).toBe("connected");
    await readBack(customer, inPage.connection_id, { provider: "gusto", company: customer.name });
    await readBack(customer, byLink["connection_id"] ?? "", { provider: "bamboo_hr", company: customer.name });
    await expectAgreement({ customers: [customer] });
  });

  it("is used once: another code with its state is refused, and so is a forged state", async () => {
    const customer = await createCustomer();
    const session = await startEmbedded(customer);
    const [first, second] = [await signInEmbedded(session), await signInEmbedded(session)];
    const forged = `${first.state.slice(0, 40)}${first.state[40] === "A" ? "B" : "A"}${first.state.slice(41)}`;
    const before = await itemsAbout(customer.id);
    expectInvalidState(await bringCode(customer, { ...first, state: forged }));
    expect(await itemsAbout(customer.id)).toEqual(before);
    const connected = (await bringCode(customer, second)).json<schema.Connection>();
    expectInvalidState(await bringCode(customer, first));
    await readBack(customer, connected.connection_id, { provider: "gusto", company: customer.name });
    await expectAgreement({ customers: [customer] });
  });

  it("with a code that Finch does not accept has failed", async () => {
    const customer = await createCustomer();
    const session = await startEmbedded(customer);
    const refused = await bringCode(customer, { code: crypto.randomUUID(), state: session.state });
    expect([refused.status, problemOf(refused)]).toEqual([400, "invalid_grant"]);
    const path = `${customer.path}/connect-sessions/${session.session_id}`;
    expect(refused.json()).toMatchObject({ instance: path });
    expect((await callBackend(path)).json()).toMatchObject({ status: "failed", failure_reason: "invalid_grant" });
  });

  it("that the customer leaves stays open", async () => {
    const customer = await createCustomer();
    const session = await startEmbedded(customer);
    const at = { sessionId: session.finch_session_id, finchUrl: readStack().finchUrl };
    expect(await leaveEmbedded({ at, state: session.state }, "deny")).toMatchObject({ kind: "closed" });
    expect(await leaveEmbedded({ at, state: session.state }, "error")).toMatchObject({ kind: "error" });
    const brought = await signInEmbedded(session);
    expect((await bringCode(customer, brought)).status).toBe(201);
  });
});
