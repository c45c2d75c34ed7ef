/** What the request of a deletion does to the customer's sessions. */
import { describe, expect, it } from "vitest";
import { deleteCustomer } from "#shared/connection/delete-customer.ts";
import { aSession, newSessionId } from "../../support/builders.ts";
import { createDeletionSetting } from "./deletion-setting.ts";

const createStage = async () => {
  const stage = await createDeletionSetting();
  const keepOpen = () => {
    const session = aSession({ customerId: stage.acme, sessionId: newSessionId() });
    stage.memory.sessions.set(session.sessionId, session);
    return session;
  };
  return { ...stage, keepOpen };
};

describe("the request of a deletion", () => {
  it("cancels the open sessions before it answers, so many at once and in all, and again when asked again", async () => {
    const { deps, acme, keepOpen, memory } = await createStage();
    for (let made = 0; made < 520; made += 1) keepOpen();
    let [now, most] = [0, 0];
    const cancelSession: typeof deps.deletions.cancelSession = async (...asked) => {
      now += 1;
      most = Math.max(most, now);
      await deps.deletions.cancelSession(...asked);
      now -= 1;
    };
    const remove = deleteCustomer({ ...deps, deletions: { ...deps.deletions, cancelSession } });
    const open = () => [...memory.sessions.values()].filter(({ status }) => status === "open").length;
    expect(await remove(acme)).toMatchObject({ ok: true });
    expect([open(), most, now]).toEqual([20, 50, 0]);
    for (const { sessionId, status } of [...memory.sessions.values()])
      if (status === "cancelled") memory.sessions.delete(sessionId);
    expect(await remove(acme)).toMatchObject({ ok: true });
    expect(open()).toBe(0);
  });

  it("is no answer where the customer is marked by a deletion that is not there", async () => {
    const { deps, acme, memory } = await createStage();
    await deleteCustomer(deps)(acme);
    memory.deletions.clear();
    await expect(deleteCustomer(deps)(acme)).rejects.toThrow("marked by a deletion that is not there");
  });

  it("is no answer while a session may be open: it throws, and is done when asked again", async () => {
    const { deps, acme, keepOpen, memory, customers } = await createStage();
    const { sessionId } = keepOpen();
    const cancelSession = async () => {
      throw new Error("throttled");
    };
    const failing = deleteCustomer({ ...deps, deletions: { ...deps.deletions, cancelSession } });
    await expect(failing(acme)).rejects.toThrow("throttled");
    await expect(failing(acme)).rejects.toThrow("throttled");
    expect((await customers.find(acme))?.deletion).not.toBeNull();
    await deleteCustomer(deps)(acme);
    expect(memory.sessions.get(sessionId)?.status).toBe("cancelled");
  });
});
