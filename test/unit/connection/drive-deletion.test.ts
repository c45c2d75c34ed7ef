/** The driver of a deletion, step by step. */
import { describe, expect, it } from "vitest";
import { deleteCustomer } from "#shared/connection/delete-customer.ts";
import { driveDeletion } from "#shared/connection/drive-deletion.ts";
import type { ConnectionId, CustomerId, DeletionId } from "#shared/connection/identifiers.ts";
import { aDisconnect, afterNoon, anEntityDisconnect, aSession, minute, newSessionId } from "../../support/builders.ts";
import { createDeletionSetting } from "./deletion-setting.ts";

const createStage = async () => {
  const stage = await createDeletionSetting();
  const disconnects: ConnectionId[] = [];
  const delays: (number | undefined)[] = [];
  const deps = {
    ...stage.deps,
    nudgeDisconnects: async (asked: readonly { readonly connectionId: ConnectionId }[]) =>
      void disconnects.push(...asked.map(({ connectionId }) => connectionId)),
    nudgeDeletions: async (_: readonly DeletionId[], seconds?: number) => void delays.push(seconds),
  };
  const step = async (deletionId: DeletionId) => (await driveDeletion(deps)(deletionId)).step;
  /** A session of this status, as if it had come to that. */
  const keep = (status: "open" | "exchanging" | "failed", failureReason: "token_lost" | null = null) => {
    const session = aSession({ customerId: stage.acme, sessionId: newSessionId(), status, failureReason });
    stage.memory.sessions.set(session.sessionId, session);
    return session;
  };
  return { ...stage, deps, step, keep, disconnects, delays };
};

describe("the request of a deletion", () => {
  it("marks the customer, and is the same when asked for again", async () => {
    const { acme, remove, customers, due } = await createStage();
    const first = await remove();
    expect(await remove()).toEqual(first);
    const { deletionId, requestedAt } = first;
    expect((await customers.find(acme))?.deletion).toEqual({ deletionId, requestedAt });
    expect(await due.deletions(requestedAt)).toEqual([deletionId]);
  });

  it("is the same for two who ask at the same moment", async () => {
    const { remove, memory } = await createStage();
    const [one, other] = await Promise.all([remove(), remove()]);
    expect([one, memory.deletions.size]).toEqual([other, 1]);
  });

  it("knows no customer that is not there", async () => {
    const { deps, memory } = await createStage();
    expect(await deleteCustomer(deps)("nobody" as CustomerId)).toEqual({ ok: false, refusal: "customer_unknown" });
    expect(memory.deletions.size).toBe(0);
  });
});

describe("a step of a deletion", () => {
  it("does nothing for one that is not there, or is done", async () => {
    const { deps, step, remove, finish } = await createStage();
    const unknown = "0199a2b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b" as DeletionId;
    const nothing = { step: "nothing_to_do", deletion: undefined, isOverdue: false };
    expect(await driveDeletion(deps)(unknown)).toEqual(nothing);
    const { deletionId } = await remove();
    await finish(deletionId);
    expect(await step(deletionId)).toBe("nothing_to_do");
  });

  it("erases sessions and asks for each connection's disconnect, held ones too", async () => {
    const { acme, step, remove, connect, keep, connections, disconnects, events } = await createStage();
    const inUse = await connect(acme);
    const held = await connect(acme, { heldReason: "acceptance_required" });
    const ending = await connect(acme, { disconnect: aDisconnect({ reason: "connection_limit", attempts: 7 }) });
    keep("open");
    const { deletionId } = await remove();
    const before = events().length;
    expect(await step(deletionId)).toBe("more");
    const stored = async ({ connectionId }: typeof inUse) => (await connections.find(acme, connectionId))?.disconnect;
    expect(await stored(inUse)).toMatchObject({ reason: "requested", deletionId });
    expect(await stored(held)).toMatchObject({ reason: "discarded", deletionId });
    expect(await stored(ending)).toEqual({ ...ending.disconnect, deletionId });
    expect(disconnects.toSorted()).toEqual([inUse, held, ending].map(({ connectionId }) => connectionId).toSorted());
    // What was on its way out tells nothing new.
    expect(events().slice(before)).toHaveLength(2);
    expect(await step(deletionId)).toBe("waiting");
    expect(disconnects).toHaveLength(3);
  });

  it("takes on the entities that were to be ended", async () => {
    const { acme, step, remove, connect, connections } = await createStage();
    const { connectionId } = await connect(acme, { entityDisconnects: [anEntityDisconnect()] });
    await step((await remove()).deletionId);
    const stored = await connections.find(acme, connectionId);
    expect([stored?.disconnect?.reason, stored?.entityDisconnects]).toEqual(["requested", []]);
  });

  it("waits for a session that is exchanging, and keeps the customer", async () => {
    const { acme, step, remove, keep, memory } = await createStage();
    const { sessionId } = keep("exchanging");
    keep("failed", "token_lost");
    const { deletionId } = await remove();
    expect([await step(deletionId), await step(deletionId)]).toEqual(["more", "waiting"]);
    expect([[...memory.sessions.keys()], memory.customers.has(acme)]).toEqual([[sessionId], true]);
    expect(memory.deletions.get(deletionId)).toMatchObject({ sessionsErased: 1, tokensLost: 1, completedAt: null });
  });

  it("waits ever longer, and leaves the later steps to the sweep", async () => {
    const { step, remove, keep, delays, memory, due } = await createStage();
    keep("exchanging");
    const { deletionId } = await remove();
    for (let round = 0; round < 12; round += 1) expect(await step(deletionId)).toBe("waiting");
    expect(delays).toEqual([5, 10, 20, 40, 80, 160, 320, 640]);
    expect(memory.deletions.get(deletionId)?.nextStepAt).toEqual(afterNoon(30 * minute));
    expect(await due.deletions(afterNoon(30 * minute - 1))).toEqual([]);
    expect(await due.deletions(afterNoon(30 * minute))).toEqual([deletionId]);
  });

  it("is bounded, and the next goes on where it ended", async () => {
    const { acme, step, remove, connect, keep, finish, memory, disconnects } = await createStage();
    for (let made = 0; made < 60; made += 1) await connect(acme, { createdAt: afterNoon(made) });
    for (let made = 0; made < 100; made += 1) keep("open");
    const { deletionId } = await remove();
    const seen: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      await step(deletionId);
      seen.push([memory.sessions.size, disconnects.length]);
    }
    expect(seen).toEqual([
      [60, 25],
      [20, 50],
      [0, 60],
    ]);
    await finish(deletionId);
    expect(memory.deletions.get(deletionId)).toMatchObject({
      sessionsErased: 100,
      ended: { connections: 60, tokens: 60 },
    });
  });

  it("finds a connection that came while it walked over the others", async () => {
    const { acme, step, remove, connect, memory } = await createStage();
    for (let made = 0; made < 30; made += 1) await connect(acme, { createdAt: afterNoon(made) });
    const { deletionId } = await remove();
    expect(await step(deletionId)).toBe("more");
    const before = memory.customers.get(acme) ?? expect.fail();
    memory.customers.set(acme, { ...before, deletion: null });
    const late = await connect(acme, { createdAt: afterNoon(minute) });
    memory.customers.set(acme, { ...before, connectionCount: before.connectionCount + 1 });
    expect([await step(deletionId), await step(deletionId), await step(deletionId)]).toEqual([
      "waiting",
      "more",
      "waiting",
    ]);
    const stored = [...memory.connections.values()].find(({ connectionId }) => connectionId === late.connectionId);
    expect(stored?.disconnect?.deletionId).toBe(deletionId);
  });

  it("removes the record last, with its event, and the receipt says what was done", async () => {
    const { acme, remove, connect, finish, stored, events, memory, deletions, now } = await createStage();
    const { connectionId, providerId } = await connect(acme);
    const { deletionId } = await remove();
    await finish(deletionId);
    expect(stored()).toEqual({ customers: 0, sessions: 0, owners: 0, connections: 0, tokens: 0 });
    expect(memory.tombstones.size).toBe(1);
    expect(events().at(-1)).toMatchObject({
      ...{ type: "CustomerDeleted", customerId: acme, detail: { deletion_id: deletionId } },
      subject: { kind: "customer", id: acme, version: now().getTime() },
    });
    expect(await deletions.lines(deletionId, 10)).toEqual([
      { connectionId, providerId, disconnectedAt: now(), tokensDestroyed: 1 },
    ]);
    expect(await deletions.find(deletionId)).toMatchObject({
      completedAt: now(),
      ended: { connections: 1, tokens: 1 },
    });
  });

  it("is overdue when a day has passed", async () => {
    const { deps, remove, keep, advance } = await createStage();
    keep("exchanging");
    const { deletionId } = await remove();
    advance(24 * 60 * minute);
    expect(await driveDeletion(deps)(deletionId)).toMatchObject({ step: "waiting", isOverdue: false });
    advance(1);
    expect(await driveDeletion(deps)(deletionId)).toMatchObject({ step: "waiting", isOverdue: true });
  });
});
