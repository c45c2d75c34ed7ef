/** Connections of the same company at the same provider: told in the preview, and looked at after a disconnect. */
import { describe, expect, it } from "vitest";
import { requestDisconnect } from "#shared/connection/change-connection.ts";
import type { Connection } from "#shared/connection/connection.ts";
import { driveDisconnect } from "#shared/connection/drive-disconnect.ts";
import { asMarked, companyMark, marksOf } from "#shared/connection/employer-marks.ts";
import { markPossibleDuplicates } from "#shared/connection/possible-duplicates.ts";
import { previewDisconnect } from "#shared/connection/preview-disconnect.ts";
import { mostSiblings } from "#shared/connection/siblings.ts";
import { aGrant, newConnectionId, newCustomerId } from "../../support/builders.ts";
import { createStage as createDisconnect, disconnected, invalid } from "./disconnect-setting.ts";
import { createSetting } from "./setting.ts";

const createStage = async () => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  const globex = await setting.createCustomer("globex");
  /** A connection that has been looked at. */
  const connect = async (customerId: typeof acme, changes: Partial<Connection> = {}) =>
    markPossibleDuplicates(setting.deps)(await setting.connect(customerId, changes));
  const preview = async ({ customerId, connectionId }: Connection) => {
    const previewed = await previewDisconnect(setting.deps)(customerId, connectionId);
    if (!previewed.ok) expect.fail();
    const { own, others, isCapped } = previewed.value.siblings;
    return { own: own.map((each) => each.connectionId), others: others.length, isCapped };
  };
  return { ...setting, acme, globex, connect, preview };
};

describe("the preview of a disconnect", () => {
  it("tells the customer's siblings by id and those of others by number", async () => {
    const stage = await createStage();
    const [one, own] = [await stage.connect(stage.acme), await stage.connect(stage.acme)];
    await stage.connect(stage.globex);
    await stage.connect(stage.globex, { heldReason: "acceptance_required" });
    await stage.connect(stage.acme, { companyId: "another" });
    await stage.connect(stage.globex, { providerId: "bamboo_hr" });
    expect(await stage.preview(one)).toEqual({ own: [own.connectionId], others: 2, isCapped: false });
  });

  it("knows of none where Finch tells no company, and reads nothing", async () => {
    const stage = await createStage();
    await stage.connect(stage.acme);
    const one = await stage.connect(stage.acme, { companyId: null });
    const before = stage.memory.itemsRead;
    expect(await stage.preview(one)).toEqual({ own: [], others: 0, isCapped: false });
    expect(stage.memory.itemsRead).toBe(before);
  });

  it.each([
    ["is gone", (): Connection | undefined => undefined],
    ["is of another company by now", (found: Connection) => ({ ...found, companyId: "another" })],
    ["is of another life", (found: Connection) => ({ ...found, createdAt: new Date(0) })],
  ])("does not tell of one that %s, and forgets it", async (_, change) => {
    const stage = await createStage();
    const [one, stranger] = [await stage.connect(stage.acme), await stage.connect(stage.globex)];
    const key = `${stranger.customerId}#${stranger.connectionId}`;
    const changed = change(stranger);
    if (changed === undefined) stage.memory.connections.delete(key);
    else stage.memory.connections.set(key, changed);
    expect(await stage.preview(one)).toMatchObject({ others: 0 });
    const company = [...stage.memory.marks.values()].filter(({ mark }) => mark.kind === "company");
    expect(company.map(({ connectionId }) => connectionId)).toEqual([one.connectionId]);
  });

  it("says that there are more than it tells, and reads no more than that", async () => {
    const stage = await createStage();
    const one = await stage.connect(stage.acme);
    const mark = companyMark(one) ?? expect.fail();
    for (let count = 0; count < 3 * mostSiblings; count += 1) {
      const other = { ...one, customerId: newCustomerId("zeta"), connectionId: newConnectionId() };
      stage.memory.connections.set(`${other.customerId}#${other.connectionId}`, other);
      await stage.marks.put(mark, asMarked(other));
    }
    const before = stage.memory.itemsRead;
    expect(await stage.preview(one)).toEqual({ own: [], others: mostSiblings, isCapped: true });
    expect(stage.memory.itemsRead - before).toBeLessThanOrEqual(mostSiblings + 2);
  });

  it.each([
    ["no more of either", 0, 0, false],
    ["one more of its own", 1, 0, true],
    ["one more of others'", 0, 1, true],
  ])("tells of as many as it may, and that there is %s", async (_, ownBeyond, othersBeyond, isCapped) => {
    const stage = await createStage();
    const one = await stage.connect(stage.acme);
    const mark = companyMark(one) ?? expect.fail();
    const add = async (count: number, customerOf: () => Connection["customerId"]) => {
      for (let made = 0; made < count; made += 1) {
        const other = { ...one, customerId: customerOf(), connectionId: newConnectionId() };
        stage.memory.connections.set(`${other.customerId}#${other.connectionId}`, other);
        await stage.marks.put(mark, asMarked(other));
      }
    };
    await add(mostSiblings + ownBeyond, () => stage.acme);
    await add(mostSiblings + othersBeyond, () => newCustomerId("zeta"));
    const { own, others, isCapped: saysMore } = await stage.preview(one);
    expect([own.length, others, saysMore]).toEqual([mostSiblings, mostSiblings, isCapped]);
  });

  it("knows no connection that is not there", async () => {
    const { deps, acme } = await createStage();
    expect(await previewDisconnect(deps)(acme, newConnectionId())).toEqual({
      ok: false,
      refusal: "connection_unknown",
    });
  });

  it("changes nothing", async () => {
    const stage = await createStage();
    const one = await stage.connect(stage.acme);
    const before = structuredClone(stage.memory);
    await stage.preview(one);
    expect({ ...stage.memory, itemsRead: 0 }).toEqual({ ...before, itemsRead: 0 });
  });
});

describe("after a disconnect that Finch has confirmed", () => {
  const createSiblings = async () => {
    const stage = await createDisconnect();
    const globex = await stage.createCustomer("globex");
    const own = await stage.connect(stage.acme);
    const stranger = await stage.connect(globex);
    for (const each of [own, stranger]) await markPossibleDuplicates(stage.deps)(each);
    return { stage, own, stranger };
  };

  it.each([
    ["with a yes", disconnected],
    ["by calling the token invalid", invalid],
  ])("%s, siblings are looked at, whoever's they are, and nothing else is done to them", async (_, answer) => {
    const { stage, own, stranger } = await createSiblings();
    stage.finch.willAnswerDisconnect(answer);
    expect(await stage.drive()).toBe("confirmed");
    expect(
      stage.checksAsked.map(({ customerId, connectionId, reason, madeAt }) => ({
        ...{ customerId, connectionId, reason, madeAt },
      })),
    ).toEqual(
      [own, stranger].map(({ customerId, connectionId, createdAt: madeAt }) => ({
        ...{ customerId, connectionId, reason: "sibling", madeAt },
      })),
    );
    expect(stage.asked()).toBe(1);
    expect(stage.memory.connections.get(`${stranger.customerId}#${stranger.connectionId}`)).toEqual(stranger);
    const left = new Set([...stage.memory.marks.values()].map(({ connectionId }) => connectionId));
    expect(left.has(stage.connectionId)).toBe(false);
  });

  it("it is taken out of the index, which it was in", async () => {
    const { stage } = await createSiblings();
    const one = (await stage.stored()) ?? expect.fail();
    for (const mark of marksOf(one)) await stage.marks.put(mark, asMarked(one));
    stage.finch.willAnswerDisconnect(disconnected);
    expect(await stage.drive()).toBe("confirmed");
    expect([...stage.memory.marks.values()].map(({ connectionId }) => connectionId)).not.toContain(one.connectionId);
  });

  it("a queue that takes nothing does not keep it from its end", async () => {
    const { stage } = await createSiblings();
    stage.finch.willAnswerDisconnect(disconnected);
    const nudgeChecks = async () => expect.fail("the queue is down");
    expect(await stage.drive({ ...stage.deps, nudgeChecks })).toBe("confirmed");
  });

  it("a death before the removal asks for the looks again", async () => {
    const { stage } = await createSiblings();
    stage.finch.willAnswerDisconnect(disconnected, invalid);
    const remove = async () => expect.fail("died");
    await expect(stage.drive({ ...stage.deps, connections: { ...stage.connections, remove } })).rejects.toThrow();
    expect(stage.checksAsked).toHaveLength(2);
    expect(await stage.drive()).toBe("confirmed");
    expect(stage.checksAsked).toHaveLength(4);
  });

  it("no look is asked for before that", async () => {
    const { stage } = await createSiblings();
    stage.finch.willAnswerDisconnect({ kind: "undecided", reason: "timeout" });
    expect(await stage.drive()).toBe("not_yet");
    expect(stage.checksAsked).toEqual([]);
  });

  it("duplicates forget it", async () => {
    const setting = createSetting();
    const acme = await setting.createCustomer("acme");
    const connectionId = newConnectionId();
    await setting.bring(acme, aGrant({ connectionId }));
    const other = await setting.connect(acme);
    const find = async (id: typeof connectionId) => (await setting.connections.find(acme, id)) ?? expect.fail();
    const mark = markPossibleDuplicates(setting.deps);
    await mark(await find(connectionId));
    expect((await mark(await find(other.connectionId))).possibleDuplicates).toEqual([connectionId]);
    await requestDisconnect(setting.deps)(acme, connectionId);
    setting.finch.willAnswerDisconnect(disconnected);
    const deps = { ...setting.deps, customerHash: async () => "hash" };
    expect(await driveDisconnect(deps)(acme, connectionId)).toBe("confirmed");
    expect((await find(other.connectionId)).possibleDuplicates).toEqual([]);
  });
});
