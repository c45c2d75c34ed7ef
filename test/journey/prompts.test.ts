/**
 * A connection is signed out, Perch learns of it, the platform is told once, and what it is told leads its customer back:
 * from each of the four sources.
 */
import { describe, expect, it, vi } from "vitest";
import { expectAgreement } from "../support/agreement.ts";
import { callBackend } from "../support/api.ts";
import { createBrowser } from "../support/browser.ts";
import { introspect, pathOf, readBack, readConnection } from "../support/connections.ts";
import { listen } from "../support/events.ts";
import { controlFinch, liveConnections, withErrorsOf } from "../support/finch.ts";
import { awaitDisconnected, driveDisconnect } from "../support/functions.ts";
import { comeBack, reachCallback, readReturn, readSession } from "../support/journey.ts";
import { patience } from "../support/patience.ts";
import { awaitNewest, heldTokens, tokensAtFinch } from "../support/tokens.ts";
import {
  awaitStatus,
  connectAndLook,
  followPrompt,
  type OwnConnection,
  promptsIn,
  readPrompt,
  setStatus,
  sources,
  startPrompted,
} from "../support/trouble.ts";
import { startReauthentication } from "../support/ways-in.ts";

const bus = listen();

const promptsOf = async ({ customer }: OwnConnection, events: number) => promptsIn(await bus.of(customer.id, events));

describe.concurrent("a connection that is signed out, learnt of from", () => {
  it.each(Object.entries(sources))("%s: one prompt, which leads the customer back", async (_, learn) => {
    const own = await connectAndLook();
    const { customer, connectionId } = own;
    const before = await heldTokens(own);
    await learn(own);
    await awaitStatus(own, "reauth");
    const [first, ...more] = await promptsOf(own, 3);
    expect(more).toEqual([]);
    const prompt = readPrompt(first, own);
    const { entities } = await readConnection(customer, connectionId);
    expect(prompt).toMatchObject({ status: "reauth", entity_ids: entities.map(({ id }) => id) });
    expect(await heldTokens(own)).toEqual(before);

    const { sessionId, back } = await followPrompt(prompt);
    expect(back).toEqual({ session_id: sessionId, status: "reconnected", connection_id: connectionId });
    await awaitNewest(own);
    expect(await heldTokens(own)).not.toEqual(before);
    expect(await introspect(customer, connectionId)).toMatchObject({ status: "connected" });
    await readBack(customer, connectionId, { provider: "gusto", company: customer.name });
    const told = await bus.of(customer.id, 4);
    expect(promptsIn(told)).toEqual([first]);
    expect(told.filter((event) => event["detail-type"] === "ConnectionReconnected")).toHaveLength(1);
    await expectAgreement({ customers: [customer], unkept: 1 });
  });

  it("all of them at once: one prompt, and one more when it happens again", async () => {
    const own = await connectAndLook();
    for (const time of [1, 2]) {
      await Promise.all(Object.values(sources).map((learn) => learn(own)));
      await awaitStatus(own, "reauth");
      const prompts = await promptsOf(own, 3);
      expect(prompts).toHaveLength(time);
      await followPrompt(readPrompt(prompts.at(-1), own));
      await awaitNewest(own);
      expect(await introspect(own.customer, own.connectionId)).toMatchObject({ status: "connected" });
      expect(await promptsOf(own, 4)).toHaveLength(time);
    }
  });
});

describe.concurrent("a connection in part of trouble", () => {
  it("is prompted for by the entity that is signed out, while the others serve", async () => {
    const who = { username: "multi_entity", entities: "all" } as const;
    const own = await connectAndLook(who);
    const { customer, connectionId } = own;
    const { entities: atFinch } = (await liveConnections()).find(({ id }) => id === connectionId) ?? expect.fail();
    const east = atFinch.find(({ name }) => name === `${customer.name} East`)?.id ?? expect.fail();
    const statuses = async () =>
      Object.fromEntries((await readConnection(customer, connectionId)).entities.map(({ id, status }) => [id, status]));
    const allConnected = Object.fromEntries(atFinch.map(({ id }) => [id, "connected"]));
    await controlFinch("POST", `connections/${connectionId}`, { entities: { [east]: "reauth" } });
    await vi.waitFor(async () => expect(await statuses()).toEqual({ ...allConnected, [east]: "reauth" }), patience);
    expect(await readConnection(customer, connectionId)).toMatchObject({ status: "connected" });
    const [event, ...more] = await promptsOf(own, 3);
    expect(more).toEqual([]);
    const prompt = readPrompt(event, own);
    expect(prompt).toMatchObject({ status: "connected", entity_ids: [east] });

    expect((await followPrompt(prompt, { username: who.username })).back).toMatchObject({ status: "reconnected" });
    await awaitNewest(own);
    expect(await introspect(customer, connectionId)).toMatchObject({ status: "connected" });
    expect(await statuses()).toEqual(allConnected);
    expect(await promptsOf(own, 4)).toHaveLength(1);
    await expectAgreement({ customers: [customer], unkept: 1 });
  });

  it("that lost its permissions is told of, and nobody is prompted: a new sign-in would mend nothing", async () => {
    const own = await connectAndLook();
    const held = await heldTokens(own);
    await setStatus(own.connectionId, "error_permissions");
    await awaitStatus(own, "error_permissions");
    await setStatus(own.connectionId, "connected");
    await awaitStatus(own, "connected");
    const told = await bus.of(own.customer.id, 3);
    expect(told.map(({ detail }) => detail.status)).toEqual(expect.arrayContaining(["error_permissions", "connected"]));
    expect(promptsIn(told)).toEqual([]);
    expect(await heldTokens(own)).toEqual(held);
  });
});

describe.concurrent("two that follow one prompt at once", () => {
  it("both come back well; every token was kept, and one of the new ones is in use", async () => {
    const own = await connectAndLook();
    await sources["Finch's webhook"]?.(own);
    await awaitStatus(own, "reauth");
    const prompt = readPrompt((await promptsOf(own, 3))[0], own);
    const ready = await Promise.all(
      [1, 2].map(async () => {
        const [session, browser] = [await startPrompted(prompt), createBrowser()];
        return { session, browser, callback: await reachCallback(browser, session) };
      }),
    );
    const backs = await Promise.all(ready.map(({ browser, callback }) => comeBack(browser, callback)));
    for (const [at, { session }] of ready.entries()) {
      expect(readReturn(backs[at] ?? expect.fail())).toMatchObject({ status: "reconnected" });
      const ended = await readSession(own.customer, session.session_id);
      expect(ended).toMatchObject({ status: "completed", outcome: "reconnected" });
    }
    expect(await tokensAtFinch(own)).toHaveLength(3);
    await awaitNewest(own, ready.length);
    expect(await introspect(own.customer, own.connectionId)).toMatchObject({ status: "connected" });
    expect(await promptsOf(own, 5)).toHaveLength(1);
    await expectAgreement({ customers: [own.customer], unkept: 2 });
  });
});

describe.concurrent("following a prompt while the connection is being disconnected", () => {
  it.each(["first", "at once", "last"])(
    "asked for %s: it ends with every token, the new one included",
    async (when) => {
      const own = await connectAndLook();
      const { customer, connectionId } = own;
      await sources["Finch's webhook"]?.(own);
      await awaitStatus(own, "reauth");
      const prompt = readPrompt((await promptsOf(own, 3))[0], own);
      const [session, browser] = [await startPrompted(prompt), createBrowser()];
      const callback = await reachCallback(browser, session);
      const disconnect = async () => {
        const asked = await callBackend(pathOf(customer, connectionId), { method: "DELETE" });
        expect(asked.status).toBe(202);
      };
      // Finch does not end it before the customer is back, so that what comes back always meets it.
      await withErrorsOf(
        connectionId,
        "server_error",
        async () => {
          if (when === "first") await disconnect();
          const coming = comeBack(browser, callback);
          if (when === "last") await coming;
          if (when !== "first") await disconnect();
          await coming;
        },
        "/disconnect",
      );
      const ended = await readSession(customer, session.session_id);
      const [completed, failed] = [{ status: "completed" }, { failure_reason: "connection_disconnecting" }];
      if (when === "first") expect(ended).toMatchObject(failed);
      if (when === "last") expect(ended).toMatchObject(completed);
      expect(["completed", "failed"]).toContain(ended.status);
      await driveDisconnect(customer, connectionId);
      await awaitDisconnected(customer, connectionId);
      expect(await tokensAtFinch(own)).toEqual([]);
      expect(promptsIn(await bus.of(customer.id, 4))).toHaveLength(1);
      await expectAgreement({ customers: [customer], disconnected: [connectionId] });
    },
  );
});

describe.concurrent("coming back after the connection was disconnected", () => {
  it("connects nothing: the session fails, and nothing of what has ended comes back", async () => {
    const { customer, connectionId } = await connectAndLook();
    const [session, browser] = [await startReauthentication(customer, connectionId), createBrowser()];
    const callback = await reachCallback(browser, session);
    await callBackend(pathOf(customer, connectionId), { method: "DELETE" });
    await awaitDisconnected(customer, connectionId);
    expect(readReturn(await comeBack(browser, callback))).toMatchObject({ status: "failed" });
    const failed = { status: "failed", failure_reason: "invalid_grant", connection_id: null };
    expect(await readSession(customer, session.session_id)).toMatchObject(failed);
    expect((await callBackend(pathOf(customer, connectionId))).status).toBe(404);
    await expectAgreement({ customers: [customer], disconnected: [connectionId] });
  });
});
