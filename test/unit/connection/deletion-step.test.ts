/** What a step of a deletion leaves alone, and what it tells of itself. */
import { describe, expect, it } from "vitest";
import { driveDeletion } from "#shared/connection/drive-deletion.ts";
import type { ConnectionId } from "#shared/connection/identifiers.ts";
import { startRoster } from "#shared/roster/start-roster.ts";
import { afterNoon, aSession, minute, newSessionId } from "../../support/builders.ts";
import { createDeletionSetting } from "./deletion-setting.ts";

const createStage = async () => {
  const stage = await createDeletionSetting();
  const disconnects: ConnectionId[] = [];
  const nudgeDisconnects = async (asked: readonly { readonly connectionId: ConnectionId }[]) =>
    void disconnects.push(...asked.map(({ connectionId }) => connectionId));
  /** A session of this status, as if it had come to that. */
  const keep = (status: "exchanging" | "failed", failureReason: "token_lost" | null = null) => {
    const session = aSession({ customerId: stage.acme, sessionId: newSessionId(), status, failureReason });
    stage.memory.sessions.set(session.sessionId, session);
  };
  return { ...stage, deps: { ...stage.deps, nudgeDisconnects }, keep, disconnects };
};

describe("a step of a deletion", () => {
  it("passes by a connection that goes while it is listed, and joins one that changes", async () => {
    const { acme, deps, remove, connect, connections, disconnects, memory } = await createStage();
    const [one, other] = [await connect(acme), await connect(acme)];
    const { deletionId } = await remove();
    const list: typeof connections.list = async (...asked) => {
      const page = await connections.list(...asked);
      memory.connections.delete(`${acme}#${one.connectionId}`);
      await connections.replace({ ...other, label: "changed", version: other.version + 1 }, []);
      return page;
    };
    await driveDeletion({ ...deps, connections: { ...connections, list } })(deletionId);
    expect(disconnects).toEqual([other.connectionId]);
    expect(await connections.find(acme, other.connectionId)).toMatchObject({
      label: "changed",
      disconnect: { deletionId },
    });
  });

  it("cancels the roster that runs at once, however long Finch takes, and no other begins", async () => {
    const { acme, connect, deps, remove, rosters } = await createStage();
    await connect(acme);
    const executions = { isRunning: async () => true, start: async () => {} };
    const start = () => startRoster({ ...deps, executions })(acme, { caller: "backend-1", requestId: "request" });
    const started = await start();
    const { rosterId } = started.ok ? started.value : expect.fail();
    const { deletionId } = await remove();
    expect((await driveDeletion(deps)(deletionId)).step).toBe("waiting");
    expect(await rosters.find(acme, rosterId)).toMatchObject({ state: "cancelled", finishedAt: deps.now() });
    expect(await start()).toEqual({ ok: false, refusal: "customer_deleting" });
  });

  it.each([
    ["more", "more", 0],
    ["waiting", "waiting", 1],
    ["gone", "completed", 0],
  ] as const)("ends where the rosters are %s as %s", async (erased, step, attempts) => {
    const { acme, deps, remove, rosters, memory } = await createStage();
    const { deletionId } = await remove();
    const asked: unknown[] = [];
    const erase: typeof rosters.erase = async (...all) => {
      asked.push(all);
      return erased;
    };
    const driven = await driveDeletion({ ...deps, rosters: { ...rosters, erase } })(deletionId);
    expect([driven.step, asked]).toEqual([step, [[acme, deps.now()]]]);
    expect(memory.deletions.get(deletionId)?.attempts).toBe(attempts);
    expect(memory.customers.has(acme)).toBe(erased !== "gone");
  });

  it("erases rosters without waiting for Finch or an exchange, in as many steps as it takes", async () => {
    const { acme, connect, deps, remove, finish } = await createStage();
    await connect(acme);
    const { deletionId } = await remove();
    const answers = ["more", "more", "gone"] as const;
    let asked = 0;
    const erase = async () => answers[Math.min(asked++, 2)] ?? "gone";
    const step = async () => (await driveDeletion({ ...deps, rosters: { erase } })(deletionId)).step;
    expect([await step(), await step(), await step()]).toEqual(["more", "more", "waiting"]);
    expect(asked).toBe(3);
    await finish(deletionId);
    expect((await driveDeletion(deps)(deletionId)).step).toBe("nothing_to_do");
  });

  it("is done only when nobody may write a roster any more", async () => {
    const { deps, remove } = await createStage();
    const { deletionId } = await remove();
    const step = async (erased: "waiting" | "gone") =>
      (await driveDeletion({ ...deps, rosters: { erase: async () => erased } })(deletionId)).step;
    expect([await step("waiting"), await step("gone")]).toEqual(["waiting", "completed"]);
  });

  it("is not overdue once it is done, however late, and asks nobody for what it does not find", async () => {
    const { deps, remove, advance } = await createStage();
    const { deletionId } = await remove();
    advance(25 * 60 * minute);
    const never = async () => expect.fail("asked");
    const quiet = { ...deps, nudgeDisconnects: never, nudgeDeletions: never };
    const deletions = { ...deps.deletions, eraseSessions: never };
    const driven = await driveDeletion({ ...quiet, deletions })(deletionId);
    expect(driven).toMatchObject({ step: "completed", isOverdue: false });
  });

  it("counts as lost only the tokens that were, and nudges its own deletion", async () => {
    const { deps, remove, keep, memory } = await createStage();
    keep("failed");
    keep("failed", "token_lost");
    keep("exchanging");
    const { deletionId } = await remove();
    const nudged: unknown[] = [];
    const noting = { ...deps, nudgeDeletions: async (...asked: unknown[]) => void nudged.push(asked) };
    for (const _ of [1, 2]) await driveDeletion(noting)(deletionId);
    expect(memory.deletions.get(deletionId)).toMatchObject({ sessionsErased: 2, tokensLost: 1 });
    expect(nudged).toEqual([[[deletionId], 5]]);
  });

  it("does not end while a connection is left that does not count, such as a held one", async () => {
    const { acme, deps, remove, connect, customers } = await createStage();
    await connect(acme, { heldReason: "acceptance_required" });
    const { deletionId } = await remove();
    for (const _ of [1, 2]) expect((await driveDeletion(deps)(deletionId)).step).toBe("waiting");
    expect(await customers.find(acme)).toMatchObject({ deletion: { deletionId } });
  });

  it("does not end on a last page that is empty, while there are connections on the pages before", async () => {
    const { acme, deps, remove, connect, memory } = await createStage();
    const made = [];
    for (let count = 0; count < 26; count += 1) {
      made.push(await connect(acme, { heldReason: "acceptance_required", createdAt: afterNoon(count) }));
    }
    const { deletionId } = await remove();
    expect((await driveDeletion(deps)(deletionId)).step).toBe("more");
    memory.connections.delete(`${acme}#${made[0]?.connectionId}`);
    expect((await driveDeletion(deps)(deletionId)).step).toBe("waiting");
    expect(memory.customers.has(acme)).toBe(true);
  });

  it("tries again later where a session goes while it is listed", async () => {
    const { deps, remove } = await createStage();
    const { deletionId } = await remove();
    const sessions = async () => [newSessionId()];
    const step = await driveDeletion({ ...deps, deletions: { ...deps.deletions, sessions } })(deletionId);
    expect(step).toMatchObject({ step: "waiting" });
    expect((await driveDeletion(deps)(deletionId)).step).toBe("completed");
  });
});
