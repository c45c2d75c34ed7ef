/** A whole customer is deleted: everything ends at Finch, nothing of it is left but tombstones and the receipt, and its id begins anew. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type * as schema from "#generated/openapi.ts";
import { type Answer, callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { accept, listConnections, pathOf, readBack } from "../support/connections.ts";
import { breachesOf, listen } from "../support/events.ts";
import { liveConnections, mintToken } from "../support/finch.ts";
import { withFault } from "../support/finch-faults.ts";
import { awaitDeletion } from "../support/functions.ts";
import {
  comeBack,
  connect,
  createCustomer,
  openLink,
  reachCallback,
  startSession,
  type TestCustomer,
} from "../support/journey.ts";
import { patience } from "../support/patience.ts";
import { itemsAbout, readTable } from "../support/table.ts";
import { codeOf, importToken, problemOf, signInEmbedded, startEmbedded } from "../support/ways-in.ts";

const bus = listen();

const remove = async (customer: TestCustomer): Promise<schema.CustomerDeletion> => {
  const asked = await callBackend(customer.path, { method: "DELETE" });
  expect(asked.status, asked.text).toBe(202);
  const deletion = asked.json<schema.CustomerDeletion>();
  expect(deletion).toMatchObject({ customer_id: customer.id, status: "deleting", completed_at: null, still_held: [] });
  return deletion;
};

const refused = (answer: Answer) => [answer.status, problemOf(answer)];
const deleting = [409, "customer_deleting"];

/** Waits until the exchange of a session has begun. */
const awaitExchanging = async (sessionId: string) => {
  for (const giveUpAt = Date.now() + patience.timeout; Date.now() < giveUpAt; await sleep(200)) {
    const [item] = (await readTable()).filter(({ pk }) => pk === `SESSION#${sessionId}`);
    if (item?.["status"] === "exchanging") return;
  }
  throw new Error("the exchange has not begun");
};

describe.concurrent("deleting a customer", () => {
  it("ends everything at Finch, waits for what is on its way, and leaves tombstones and a receipt", async () => {
    const customer = await createCustomer();
    const first = await connect(customer, { input: { products: ["company"] } });
    await connect(customer, { input: { products: ["payment"] } });
    const second = await connect(customer, { provider: "bamboo_hr" });
    const held = await connect(customer, { provider: "adp_run", input: { require_acceptance: true } });
    const open = await startSession(customer);
    const opened = createBrowser();
    const atFinch = await openLink(opened, open);
    const embedded = await startEmbedded(customer);
    const brought = await signInEmbedded(embedded, { provider: "paychex_flex" });
    const late = await startSession(customer);
    const browser = createBrowser();
    const callback = await reachCallback(browser, late, { provider: "rippling" });
    const tooLate = await startSession(customer);
    const tooLateBrowser = createBrowser();
    const tooLateCallback = await reachCallback(tooLateBrowser, tooLate, { provider: "rippling" });
    const minted = await mintToken({ provider: "gusto", username: "good_user" });

    const coming = withFault({ callback }, { kind: "delay", ms: 40_000 }, () => browser.open(callback));
    await awaitExchanging(late.session_id);
    const { deletion_id: deletionId } = await remove(customer);

    // Nothing new begins: what was open has ended with the answer.
    const ended = await Promise.all([opened.open(open.connect_url), createBrowser().open(open.connect_url)]);
    expect(ended.map(({ status }) => status)).toEqual([410, 410]);
    expect((await comeBack(tooLateBrowser, tooLateCallback)).status).toBe(400);
    expect((await remove(customer)).deletion_id).toBe(deletionId);
    const post = (path: string, json: object = {}) => callBackend(`${customer.path}${path}`, { json });
    expect(refused(await post("/connect-sessions", { products: ["company"] }))).toEqual(deleting);
    expect(refused(await post(`/connections/${first.connectionId}/reauthenticate-sessions`))).toEqual(deleting);
    expect(refused(await post("/connections", codeOf(brought).json))).toEqual(deleting);
    expect(refused(await importToken(customer, minted.accessToken))).toEqual(deleting);
    expect([409, 404]).toContain((await accept(customer, held.connectionId)).status);
    const put = await callBackend(customer.path, { method: "PUT", json: { name: customer.name } });
    expect(refused(put)).toEqual(deleting);
    expect((await callBackend(customer.path)).json()).toMatchObject({ deletion_id: deletionId });
    expect(atFinch.searchParams.get("state")).toBeTruthy();

    // The exchange that was under way ends as if nothing had happened, and joins.
    await coming;
    const receipt = await awaitDeletion(deletionId, 240);
    const ids = receipt.connections.map((each) => each.connection_id);
    expect(ids).toEqual(expect.arrayContaining([first, second, held].map((each) => each.connectionId)));
    expect(receipt).toMatchObject({
      connections_disconnected: 4,
      tokens_destroyed: 5,
      not_done: [],
      status: "completed",
    });
    expect(receipt.connections.map((each) => each.provider_id).toSorted()).toEqual([
      ...["adp_run", "bamboo_hr", "gusto", "rippling"],
    ]);
    expect(receipt.sessions_erased).toBe(8);
    const completedAt = Date.parse(receipt.completed_at ?? "");
    const daysOf = ({ until }: { readonly until: string | null }) =>
      until && (Date.parse(until) - completedAt) / (24 * 3_600_000);
    expect(Object.fromEntries(receipt.still_held.map((each) => [each.where, daysOf(each)]))).toEqual({
      ...{
        point_in_time_recovery: 35,
        secrets_recovery: 32,
        event_archive: 90,
        logs: 90,
        page_sessions: 3,
        dead_letters: 14,
        audit: 400,
      },
      ...{ tombstones: null, receipt: 365 },
    });

    // Nothing is left, here and at Finch.
    const left = (await itemsAbout(customer.id)).map(({ pk, sk }) => [pk, sk]);
    expect(left).toEqual([[`DELETION#${deletionId}`, "DELETION"]]);
    const owners = (await readTable()).filter(({ pk }) => ids.some((id) => pk === `OWNER#${id}`));
    expect(owners.map((item) => [typeof item["customer_hash"], item["customer_id"]])).toEqual(
      ids.map(() => ["string", undefined]),
    );
    const endedAtFinch = (await liveConnections()).filter(({ id }) => ids.includes(id));
    expect(endedAtFinch.map(({ status, liveTokens }) => [status, liveTokens.length])).toEqual(
      ids.map(() => ["disconnected", 0]),
    );
    const events = await bus.of(customer.id, 1);
    const told = events.filter((event) => event["detail-type"] === "CustomerDeleted");
    expect(told).toMatchObject([
      { detail: { deletion_id: deletionId, subject: { kind: "customer", id: customer.id, version: completedAt } } },
    ]);
    expect(told.flatMap(breachesOf)).toEqual([]);
    expect((await callBackend(customer.path)).status).toBe(404);
    expect((await callBackend(customer.path, { method: "DELETE" })).status).toBe(404);

    // The id begins anew, and what was sent in its former life is void.
    expect((await callBackend(customer.path, { method: "PUT", json: { name: customer.name } })).status).toBe(201);
    expect((await callBackend(customer.path)).json()).toMatchObject({ deletion_id: null });
    expect(await listConnections(customer)).toEqual([]);
    expect((await opened.open(open.connect_url)).status).toBe(410);
    expect((await comeBack(browser, callback)).status).toBe(400);
    expect(refused(await post("/connections", codeOf(brought).json))).toEqual([400, "invalid_state"]);
    for (const { session_id: id } of [open, embedded, late, first.session]) {
      expect((await callBackend(`${customer.path}/connect-sessions/${id}`)).status).toBe(404);
    }
    expect((await callBackend(pathOf(customer, first.connectionId))).status).toBe(404);
    const anew = await connect(customer);
    expect(ids).not.toContain(anew.connectionId);
    await readBack(customer, anew.connectionId, { provider: "gusto", company: customer.name });
    expect((await listConnections(customer)).map((each) => each.connection_id)).toEqual([anew.connectionId]);
  }, 480_000);

  it("is done at once for a customer that has nothing", async () => {
    const customer = await createCustomer("single");
    const { deletion_id: deletionId } = await remove(customer);
    expect(await awaitDeletion(deletionId)).toMatchObject({
      ...{ sessions_erased: 0, connections_disconnected: 0, tokens_destroyed: 0, connections: [], not_done: [] },
    });
    expect(await itemsAbout(customer.id)).toHaveLength(1);
  });
});
