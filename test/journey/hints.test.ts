/** What others tell Perch of a connection makes it ask Finch, soon; what Finch answers decides, whatever was told and how. */
import { describe, expect, it } from "vitest";
import { readConnection } from "../support/connections.ts";
import { breachesOf, listen } from "../support/events.ts";
import { resendWebhook, webhooksOf } from "../support/finch-webhooks.ts";
import type { TestCustomer } from "../support/journey.ts";
import { patience } from "../support/patience.ts";
import { putReport, readRefusedReports } from "../support/reports.ts";
import { sendWebhook } from "../support/send-webhook.ts";
import { readHint } from "../support/table.ts";
import { awaitStatus, connectAndLook, promptsIn, setStatus, silenceFinch, sweepUp } from "../support/trouble.ts";

const bus = listen();

describe("Finch's webhook", () => {
  it("leads to one prompt within seconds, though nobody asked", async () => {
    const { customer, connectionId } = await connectAndLook();
    await setStatus(connectionId, "reauth");
    await awaitStatus({ customer, connectionId }, "reauth");
    // Created, updated by its first look or not, updated, and the prompt.
    await expect.poll(async () => promptsIn(await bus.of(customer.id, 3)).length, patience).toBe(1);
    const [prompt] = promptsIn(await bus.of(customer.id, 3));
    expect(breachesOf(prompt ?? expect.fail())).toEqual([]);
    expect(prompt?.detail.subject.id).toBe(connectionId);
    const attempts = (await webhooksOf(connectionId).settled()).flatMap((delivery) => delivery.attempts);
    expect(attempts.map(({ status }) => status)).toEqual(attempts.map(() => 204));
  });

  it("may be doubled, held back and come in another order: the state and the prompts are the same", async () => {
    const { customer, connectionId } = await connectAndLook();
    const webhooks = webhooksOf(connectionId);
    await webhooks.rule({ kind: "hold", times: "until_cleared" });
    for (const status of ["error_permissions", "connected", "processing", "reauth"]) {
      await setStatus(connectionId, status);
    }
    await webhooks.clearRules();
    await webhooks.release("newest_first");
    await awaitStatus({ customer, connectionId }, "reauth");
    await webhooks.settled();
    // Each once more: the last of them, which had its effect, first.
    const log = await webhooks.log();
    for (const { eventId } of log.toReversed()) await resendWebhook(eventId);
    await webhooks.settled();
    // They are acknowledged, and not yet all dealt with: a look that began after a last one was sent answers them all, be it
    // that one's look or one of theirs.
    const sentAt = Date.now();
    await sendWebhook({ event_type: "account.updated", connection_id: connectionId });
    const lookedAt = async () => Date.parse(`${(await readConnection(customer, connectionId)).introspected_at}`);
    await expect.poll(lookedAt, patience).toBeGreaterThan(sentAt);
    expect(promptsIn(await bus.of(customer.id, 3))).toHaveLength(1);
    expect((await readConnection(customer, connectionId)).status).toBe("reauth");
  });

  it("may be lost, late, doubled or reordered: what is stored in the end is what is stored where none comes", async () => {
    const fates: Readonly<Record<string, (webhooks: ReturnType<typeof webhooksOf>) => Promise<unknown>>> = {
      none: ({ rule }) => rule({ kind: "lose", times: "until_cleared" }),
      "the last is lost": ({ rule }) => rule({ kind: "lose" }),
      late: ({ rule }) => rule({ kind: "hold", times: "until_cleared" }),
      doubled: ({ rule }) => rule({ kind: "double", times: "until_cleared" }),
      reordered: ({ rule }) => rule({ kind: "hold", times: "until_cleared" }),
    };
    const ends = Object.entries(fates).map(async ([fate, befall]) => {
      const { customer, connectionId } = await connectAndLook();
      const webhooks = webhooksOf(connectionId);
      const story = ["processing", "error_permissions", "reauth"];
      if (fate !== "the last is lost") await befall(webhooks);
      for (const status of story) {
        if (fate === "the last is lost" && status === story.at(-1)) await befall(webhooks);
        await setStatus(connectionId, status);
      }
      // A look by the sweep, as each connection has at least daily; what was late comes after it.
      await sweepUp({ customer, connectionId });
      await awaitStatus({ customer, connectionId }, "reauth");
      await webhooks.clearRules();
      await webhooks.release(fate === "reordered" ? "newest_first" : "oldest_first");
      const statuses = (await webhooks.settled()).map((delivery) => delivery.status);
      expect(promptsIn(await bus.of(customer.id, 3))).toHaveLength(1);
      const { connection_id, customer_id, entities, tokens, ...rest } = await readConnection(customer, connectionId);
      const { introspected_at, created_at, updated_at, version, company_id, ...same } = rest;
      const named = entities.map(({ name, status }) => [name?.replace(customer.name, "its customer"), status]);
      return { fate, statuses, end: { ...same, named, tokens: tokens.map(({ products }) => products) } };
    });
    const [none, ...others] = await Promise.all(ends);
    expect(none?.end).toMatchObject({ status: "reauth" });
    for (const { fate, end } of others) expect([fate, end]).toEqual([fate, none?.end]);
    const told = Object.fromEntries([none, ...others].map((each) => [each?.fate, new Set(each?.statuses.slice(-3))]));
    expect(told["none"]).toEqual(new Set(["lost"]));
    expect(told["the last is lost"]).toEqual(new Set(["delivered", "lost"]));
    for (const fate of ["late", "doubled", "reordered"]) expect(told[fate]).toEqual(new Set(["delivered"]));
  });

  it("has one effect, also where somebody replays it within five minutes", async () => {
    const { customer, connectionId } = await connectAndLook();
    const event = { event_type: "account.updated", connection_id: connectionId, data: { status: "reauth" } };
    const eventId = `msg_${crypto.randomUUID()}`;
    const isMarked = async () => (await readHint("WEBHOOK", eventId)) !== undefined;
    expect((await sendWebhook(event, { eventId })).status).toBe(204);
    await expect.poll(isMarked, patience).toBe(true);
    const { updated_at: before } = await readConnection(customer, connectionId);
    for (let replay = 0; replay < 3; replay += 1) expect((await sendWebhook(event, { eventId })).status).toBe(204);
    // One that is new comes after them, and is the only one that makes Perch look.
    expect((await sendWebhook(event)).status).toBe(204);
    await expect
      .poll(async () => (await readConnection(customer, connectionId)).updated_at !== before, patience)
      .toBe(true);
    // What it says of the status is not what Finch says.
    expect((await readConnection(customer, connectionId)).status).toBe("connected");
  });

  it("may say that the connection is gone: only Finch's word about its tokens counts", async () => {
    const { customer, connectionId } = await connectAndLook();
    const { updated_at: before } = await readConnection(customer, connectionId);
    await sendWebhook({ event_type: "account.updated", connection_id: connectionId, data: { status: "disconnected" } });
    await expect
      .poll(async () => (await readConnection(customer, connectionId)).updated_at !== before, patience)
      .toBe(true);
    expect(await readConnection(customer, connectionId)).toMatchObject({ status: "connected" });
  });

  it("may come before the connection is there: it is parked, and forgotten with the first look", async () => {
    const connectionId = crypto.randomUUID();
    for (let time = 0; time < 2; time += 1) {
      await sendWebhook({ event_type: "account.updated", connection_id: connectionId });
    }
    await expect.poll(async () => (await readHint("PARKED", connectionId))?.["count"], patience).toBe(2);
  });
});

describe("a report of the platform's", () => {
  const report = (customer: TestCustomer, connectionId: string) => ({
    customer_id: customer.id,
    connection_id: connectionId,
    reason: `401 of ${connectionId}`,
  });

  it("leads to one prompt where Finch agrees, and to nothing where it does not", async () => {
    const [troubled, healthy] = [await connectAndLook(), await connectAndLook()];
    await silenceFinch(troubled.connectionId);
    await setStatus(troubled.connectionId, "reauth");
    const { updated_at: before } = await readConnection(healthy.customer, healthy.connectionId);
    for (const each of [healthy, troubled]) await putReport(report(each.customer, each.connectionId));
    await awaitStatus(troubled, "reauth");
    await expect
      .poll(async () => (await readConnection(healthy.customer, healthy.connectionId)).updated_at, patience)
      .not.toBe(before);
    expect((await readConnection(healthy.customer, healthy.connectionId)).status).toBe("connected");
    expect(promptsIn(await bus.of(troubled.customer.id, 3))).toHaveLength(1);
    expect(promptsIn(await bus.of(healthy.customer.id, 1))).toHaveLength(0);
  });

  it("becomes a dead letter with its reason where it is malformed or foreign, and keeps no other waiting", async () => {
    const [mine, theirs] = [await connectAndLook(), await connectAndLook()];
    await silenceFinch(mine.connectionId);
    await setStatus(mine.connectionId, "reauth");
    const good = report(mine.customer, mine.connectionId);
    const unknown = crypto.randomUUID();
    await Promise.all([
      putReport({ ...good, note: mine.connectionId }),
      putReport(report(mine.customer, theirs.connectionId)),
      putReport(report(mine.customer, unknown)),
      putReport(good),
    ]);
    await awaitStatus(mine, "reauth");
    const found = new Map<string, string | undefined>();
    const look = async () => {
      for (const { body, reason } of await readRefusedReports()) {
        const { note, connection_id } = JSON.parse(body).detail;
        found.set(note === undefined ? connection_id : "malformed", reason);
      }
      return [found.get("malformed"), found.get(theirs.connectionId), found.get(unknown)];
    };
    await expect
      .poll(look, { ...patience, interval: 1_500 })
      .toEqual(["malformed", "not_the_owner", "connection_unknown"]);
    expect(found.has(mine.connectionId)).toBe(false);
  });

  it("is not taken from who says to be Perch", async () => {
    const { customer, connectionId } = await connectAndLook();
    await silenceFinch(connectionId);
    await setStatus(connectionId, "reauth");
    await putReport(report(customer, connectionId), "perch");
    await putReport(report(customer, crypto.randomUUID()));
    // The one that came after it has been dealt with.
    await expect
      .poll(async () => (await readRefusedReports()).some(({ body }) => body.includes(customer.id)), {
        ...patience,
        interval: 1_500,
      })
      .toBe(true);
    expect((await readConnection(customer, connectionId)).status).toBe("connected");
  });
});
